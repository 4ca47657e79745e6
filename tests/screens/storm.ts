import * as assert from 'uvu/assert';
import { licenseIds, importFleet } from '../support/fleet.ts';
import { freshDatabase } from '../support/database.ts';
import { freePort } from '../support/port.ts';
import { startServer } from '../support/server.ts';
import { tokenOf } from '../support/session.ts';
import { seedInstance } from '../reports/seed.ts';
import { sleep, until } from '../live/hub.ts';
import { type KeptWall, keepWall, mostInASecond } from './keep-wall.ts';
import { askAt, cookieFor, makeScreen } from './wall.ts';

const instances = 300;
/** Milliseconds. */
const backWithin = 10_000;
/** A check-in that comes while all screens do. */
const checkInWithin = 3_000;
interface Outage {
  screens: number;
  /** Milliseconds. */
  away: number;
  /** Requests of all screens within any one second of their return, divided by the screens. */
  mostPerScreen: number;
}

/**
 * Ends a server before `screens` real connections, starts it again, and sees that each screen has its wall again in time,
 * while reports go on being taken.
 */
export async function endAndStart({ screens, away, mostPerScreen }: Outage) {
  const fresh = await freshDatabase();
  await importFleet(fresh.db);
  for (let n = 0; n < instances; n += 1)
    await seedInstance(fresh.db, { instanceId: `instance-${n}` });
  const port = await freePort();
  const start = () => startServer({ databaseUrl: fresh.open.url, port });
  let server = await start();
  const { url } = server;
  const vendor = await tokenOf(fresh.db, 'write');
  const requests: number[] = [];
  const note = () => void requests.push(performance.now());
  const all: KeptWall[] = [];
  for (let n = 0; n < screens; n += 1) {
    const made = await makeScreen(askAt(url), vendor, wantedBy(n));
    const cookie = await cookieFor(askAt(url), made.token);
    all.push(keepWall(url, { id: made.screen.id, cookie }, note));
  }
  const isBack = () => all.every(({ currentAt }) => currentAt !== null);
  await until('all have it', isBack, 20_000);

  await server.end('SIGTERM');
  await until('all know that it is gone', () => all.every(({ currentAt }) => currentAt === null));
  await sleep(away);
  const tried = mostInASecond(requests.splice(0).slice(-50 * screens));
  server = await start();
  const begun = performance.now();
  const took: number[] = [];
  try {
    while (!isBack() && performance.now() - begun < 3 * backWithin) {
      const asked = performance.now();
      const answer = await fetch(`${url}/api/check-ins`, {
        method: 'POST',
        headers: { authorization: `Bearer ${licenseIds.geeglo}` },
        body: JSON.stringify({ instanceId: 'meanwhile', status: 'ready' }),
      });
      assert.is(answer.status, 200);
      took.push(performance.now() - asked);
      await sleep(300);
    }
    const last = Math.max(...all.map(({ currentAt }) => currentAt ?? Infinity)) - begun;
    const slowest = Math.max(...took);
    const most = mostInASecond(requests.filter((at) => at >= begun));
    const missing = all.filter(({ currentAt }) => currentAt === null);
    const refused = all.reduce((sum, one) => sum + one.refused, 0);
    const words =
      `${screens - missing.length} of ${screens} screens back after ${Math.round(last)} ms, at most ${most} requests within a second ` +
      `(while it was away ${tried}), ${refused} refused, slowest check-in ${Math.round(slowest)} ms`;
    process.stdout.write(`${[words, ...missing.map((one) => one.tell())].join('\n')}\n`);
    assert.ok(last < backWithin, words);
    assert.ok(most <= mostPerScreen * screens, words);
    assert.ok(slowest < checkInWithin, words);
    for (const { rows } of all) assert.ok(rows >= instances, `a wall of ${rows}`);
  } finally {
    for (const wall of all) wall.stop();
    await server.stop();
    await fresh.close();
  }
}

/** Three walls among all of them. */
const wantedBy = (n: number) =>
  [{}, { redaction: 'none' }, { scope: { customers: ['geeglo'] } }][n % 3]!;
