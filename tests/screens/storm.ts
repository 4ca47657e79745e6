import * as assert from 'uvu/assert';
import { licenseIds, importFleet } from '../support/fleet.ts';
import { freshDatabase } from '../support/database.ts';
import { freePort } from '../support/port.ts';
import { startServer } from '../support/server.ts';
import { tokenOf } from '../support/session.ts';
import { seedInstance } from '../reports/seed.ts';
import { sleep, until } from '../live/hub.ts';
import { connectTv, type Tv } from './tv.ts';
import { askAt, cookieFor, makeScreen } from './wall.ts';

const instances = 300;
/** Milliseconds. */
const backWithin = 10_000;
/** A check-in that comes while all screens do. */
const checkInWithin = 3_000;

/** What a screen has since it last came back. */
interface Returned {
  tv: Tv;
  /** On the process's monotonic clock; null: it has not all of its wall yet. */
  at: number | null;
  rows: number;
}

/**
 * Ends a server before `screens` real connections, starts it again, and sees that each screen has its wall again in time,
 * while reports go on being taken.
 */
export async function endAndStart({ screens, away }: { screens: number; away: number }) {
  const fresh = await freshDatabase();
  await importFleet(fresh.db);
  for (let n = 0; n < instances; n += 1)
    await seedInstance(fresh.db, { instanceId: `instance-${n}` });
  const port = await freePort();
  const start = () => startServer({ databaseUrl: fresh.open.url, port });
  let server = await start();
  const { url } = server;
  const vendor = await tokenOf(fresh.db, 'write');
  const all: Returned[] = [];
  for (let n = 0; n < screens; n += 1) {
    const made = await makeScreen(askAt(url), vendor, wantedBy(n));
    const cookie = await cookieFor(askAt(url), made.token);
    const tv = await connectTv(url, { id: made.screen.id, cookie, reconnection: true });
    const returned: Returned = { tv, at: null, rows: 0 };
    all.push(returned);
    await fetchWall(returned);
    tv.socket.on('connect', () => void fetchWall(returned));
  }
  await until('all have it', () => all.every(({ at }) => at !== null), 20_000);

  await server.end('SIGTERM');
  for (const one of all) one.at = null;
  await sleep(away);
  server = await start();
  const begun = performance.now();
  const took: number[] = [];
  const isBack = () => all.every(({ at }) => at !== null);
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
    const last = Math.max(...all.map(({ at }) => at ?? Infinity)) - begun;
    const slowest = Math.max(...took);
    const words = `${screens} screens back after ${Math.round(last)} ms, slowest check-in ${Math.round(slowest)} ms`;
    process.stdout.write(`${words}\n`);
    assert.ok(last < backWithin, words);
    assert.ok(slowest < checkInWithin, words);
    for (const { rows } of all) assert.ok(rows >= instances, `a wall of ${rows}`);
  } finally {
    for (const { tv } of all) tv.socket.disconnect();
    await server.stop();
    await fresh.close();
  }
}

/** Three walls among all of them. */
const wantedBy = (n: number) =>
  [{}, { redaction: 'none' }, { scope: { customers: ['geeglo'] } }][n % 3]!;

/** Watches, then fetches, as the wall does, until it has both. */
async function fetchWall(returned: Returned): Promise<void> {
  const { tv } = returned;
  for (;;) {
    try {
      const watching = await tv.watch();
      if (!('error' in watching)) {
        returned.rows = (await tv.read()).instances.length;
        returned.at = performance.now();
        return;
      }
    } catch {
      if (!tv.socket.connected) return;
    }
    await sleep(500 + Math.random() * 500);
  }
}
