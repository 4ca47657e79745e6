import { strict as assert } from 'node:assert';
import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page, WebSocketRoute } from 'playwright-core';
import type { Beat } from '#contract/socket.ts';
import type { EditedScreen } from '#contract/screens.ts';
import { probeWithin } from '#server/live/beat.ts';
import { startRedis, type TestRedis } from '../live/redis.ts';
import { launchChromium } from '../support/chromium.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { importFleet, licenseIds } from '../support/fleet.ts';
import { freePort } from '../support/port.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { type TestServer, startServer } from '../support/server.ts';
import { signIn } from '../support/session.ts';

/** Milliseconds that a change may take to the wall while all is well: its way, and a beat that notices a lost message. */
const onTheWay = 8_000;
/** Milliseconds for which an ok beat supports what is shown: then the wall must say that nobody does. */
const supports = 15_000 + 1_500;
/** An ok beat is sent as soon as its probe is through: so long after a change it may still speak of the time before. */
const speaksOf = probeWithin + 500;
/**
 * Seconds that the instance promises to speak again within: on a wall that believes a clock which is an hour ahead, it
 * would be late.
 */
const nextWithin = 1_800;
const every = 250;

/** What the page shows, read in one go. */
interface Shown {
  state: string | null;
  level: string;
  stale: boolean;
}

interface Truth {
  status: string;
  /** When it was known that the database holds it. */
  at: number;
  /** Sent and not answered yet: the database may hold it by now. */
  coming: string | null;
}

/** One screen, one instance, and everything between them that can break. */
export interface Trial {
  page: Page;
  /** The instance's status is this from now on; resolves once the server has answered for it. */
  becomes(status: 'ready' | 'degraded' | 'unavailable'): Promise<void>;
  /** From now on the wall's news get lost on their way, and only they. */
  loseNews(lost: boolean): void;
  truth(): { status: string };
  toDatabase: Relay;
  toServer: Relay;
  redis: TestRedis | null;
  restart(): Promise<void>;
  /** Milliseconds of false green so far: see `judge`. */
  falseGreen(): number;
  /** What was seen of it, in words. */
  falls: string[];
  /** Samples that were taken: none proves nothing. */
  samples(): number;
  /** Whether the wall has said at any time since `from` that nobody vouches for it. */
  warned(from: number): boolean;
  /** The same, from edge to edge. */
  alarmed(from: number): boolean;
  /** Until the wall shows it as current. */
  settle(status: string): Promise<void>;
  /** The browser freezes the page, and thaws it. */
  freeze(length: number): Promise<void>;
  /**
   * The whole browser stands still as on a machine that sleeps; what comes meanwhile waits in its wires.
   * @param steady whether the clock that nobody sets goes on meanwhile, as it does on some machines and not on others
   */
  sleep(length: number, steady: boolean): Promise<void>;
  close(): Promise<void>;
}

export async function openTrial(withRedis: boolean): Promise<Trial> {
  const database: FreshDatabase = await freshDatabase();
  await importFleet(database.db);
  const url = new URL(database.open.url);
  const toDatabase = await startRelay({ host: url.hostname, port: Number(url.port) });
  const relayed = Object.assign(new URL(url), { hostname: '127.0.0.1', port: toDatabase.port });
  const redis = withRedis ? await startRedis() : null;
  const env = { LOG_LEVEL: 'error', REPORTS_PER_INSTANCE: '1000', REDIS_URL: redis?.url ?? '' };
  const port = await freePort();
  const toServer = await startRelay({ host: '127.0.0.1', port });
  const publicUrl = `http://127.0.0.1:${toServer.port}`;
  const start = () =>
    startServer({
      databaseUrl: relayed.toString(),
      port,
      env: { ...env, PUBLIC_URL: publicUrl },
    });
  let server: TestServer = await start();
  // Reports come in elsewhere where there are two: they go on while the screen's own server is in trouble.
  const other = withRedis ? await startServer({ databaseUrl: database.open.url, env }) : null;

  let truth: Truth = { status: '', at: 0, coming: null };
  const becomes = async (status: string) => {
    truth = { ...truth, coming: status };
    for (;;) {
      const answer = await fetch(`${(other ?? server).url}/api/check-ins`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${licenseIds.geeglo}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ instanceId: 'only', status, nextWithin }),
      }).catch(() => null);
      if (answer?.status === 200) break;
      await sleep(200);
    }
    truth = { status, at: Date.now(), coming: null };
  };
  await becomes('ready');

  const owner = await signIn(server.url).catch(() => signIn(publicUrl));
  const made = await fetch(`${publicUrl}/api/screens`, {
    method: 'POST',
    headers: { ...owner, origin: publicUrl, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Trial' }),
  });
  assert.ok(made.ok, await made.clone().text());
  const { address } = (await made.json()) as EditedScreen;

  const browser: Browser = await launchChromium();
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  let losing = false;
  /** When an ok beat spoke of the wall's room, or the server read all of it in its database, for the last time. */
  let vouchedAt = 0;
  await page.routeWebSocket(/socket\.io/, (route: WebSocketRoute) => {
    const far = route.connectToServer();
    route.onMessage((message) => far.send(message));
    far.onMessage((message) => {
      const text = message.toString();
      if (text.startsWith('42["beat"')) {
        const [, { ok, rooms }] = JSON.parse(text.slice(2)) as [string, Beat];
        // A beat speaks of the rooms that it names; before the wall is let into its room again it vouches for nothing.
        if (ok && Object.keys(rooms).length > 0) vouchedAt = Date.now();
      }
      if (!(losing && text.startsWith('42["screen:'))) route.send(message);
    });
  });
  page.on('response', (response) => {
    if (response.ok() && response.url().includes('/api/wall?')) vouchedAt = Date.now();
  });
  await page.addInitScript(skewable);
  await page.goto(address ?? '');

  let falseGreen = 0;
  const falls: string[] = [];
  let samples = 0;
  let warnedAt = 0;
  let alarmedAt = 0;
  let sampling = true;
  let frozen = false;
  const sample = async () => {
    while (sampling) {
      const startedAt = Date.now();
      const isAsked = !frozen;
      const shown = isAsked
        ? ((await page.evaluate(look).catch(() => null)) as Shown | null)
        : null;
      // What was asked of a machine that then slept is of before.
      const isNow = Date.now() - startedAt < 10 * every;
      if (shown !== null && shown.state !== null && isNow) {
        samples += 1;
        if (isWarning(shown)) warnedAt = Date.now();
        if (shown.stale) alarmedAt = Date.now();
        const now = Date.now();
        if (!judge(shown, truth, vouchedAt, now)) {
          falseGreen += every;
          falls.push(
            `${shown.state} (${shown.level}) for ${truth.status} ${now - truth.at} ms after it was so, ${now - vouchedAt} ms after anybody vouched`,
          );
        }
      }
      await sleep(Math.max(0, startedAt + every - Date.now()));
    }
  };
  const sampler = sample();
  const settle = async (status: string) => {
    await page
      .locator(`.wall[data-level="fresh"][data-stale="false"] .wall-tile[data-state="${status}"]`)
      .waitFor({ timeout: 60_000 });
  };
  await settle('ready');

  return {
    page,
    becomes,
    truth: () => truth,
    toDatabase,
    toServer,
    redis,
    settle,
    loseNews: (lost) => void (losing = lost),
    falseGreen: () => falseGreen,
    falls,
    samples: () => samples,
    warned: (from) => warnedAt >= from,
    alarmed: (from) => alarmedAt >= from,
    async restart() {
      await server.kill('SIGKILL');
      await sleep(4_000);
      server = await start();
    },
    async freeze(length) {
      const session = await context.newCDPSession(page);
      frozen = true;
      await session.send('Page.setWebLifecycleState', { state: 'frozen' });
      await sleep(length);
      await session.send('Page.setWebLifecycleState', { state: 'active' });
      frozen = false;
      await session.detach();
    },
    async sleep(length, steady) {
      await page.evaluate(`window.standsStill = ${!steady}`);
      const pids = await browserProcesses();
      frozen = true;
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      await sleep(length);
      for (const pid of pids) process.kill(pid, 'SIGCONT');
      frozen = false;
    },
    async close() {
      sampling = false;
      await sampler;
      await browser.close();
      toDatabase.mend();
      await server.stop();
      await other?.stop();
      await redis?.stop();
      await toServer.close();
      await toDatabase.close();
      await database.close();
    },
  };
}

const isWarning = ({ level, stale }: Shown) => stale || level === 'amber' || level === 'alarm';

/**
 * Whether the database or an ok beat supports what is shown, or the wall says itself that nothing does. To be read from
 * the database, and an ok beat thereafter, support it for as long as the wall may be silent; but not when they speak of
 * the time after a change that should have arrived.
 */
function judge(shown: Shown, truth: Truth, vouchedAt: number, now: number) {
  if (isWarning(shown) || shown.state === truth.status) return true;
  if (shown.state === truth.coming) return true;
  if (now - truth.at <= onTheWay) return true;
  return vouchedAt <= truth.at + speaksOf && now - vouchedAt <= supports;
}

/** The processes of browsers that this one has started, from what the kernel lists. */
async function browserProcesses(): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const parents = new Map<number, number>();
  for (const pid of pids) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const parent = /\) \S (\d+) /.exec(stat)?.[1];
    if (parent !== undefined && /\((chrom|headless_shell)/.test(stat))
      parents.set(pid, Number(parent));
  }
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === process.pid || isOurs(parent));
  };
  const ours = [...parents.keys()].filter(isOurs);
  assert.ok(ours.length > 1, 'the browser runs in processes of its own');
  return ours;
}

const look = `(() => {
  const wall = document.querySelector('.wall');
  const tile = document.querySelector('.wall-tile');
  return { state: tile && tile.dataset.state, level: wall && wall.dataset.level, stale: !!wall && wall.dataset.stale === 'true' };
})()`;

/** Milliseconds between two readings of a clock, above which the machine slept. */
const aSleep = 5_000;

/** A clock that can be set, as a person or a time server would; and one that may stand still in a sleep. */
const skewable = `(() => {
  const steady = performance.now.bind(performance);
  let before = steady();
  let lost = 0;
  window.standsStill = false;
  performance.now = () => {
    const now = steady();
    if (window.standsStill && now - before > ${aSleep}) lost += now - before;
    before = now;
    return now - lost;
  };
  const Real = Date;
  window.skew = 0;
  window.Date = class extends Real {
    constructor(...said) { if (said.length) super(...said); else super(Real.now() + window.skew); }
    static now() { return Real.now() + window.skew; }
  };
})()`;
