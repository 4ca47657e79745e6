import { sql } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReleaseDetails } from '#contract/catalog.ts';
import type { InstanceReport } from '#contract/reports.ts';
import { sleep, until, view as viewAs, watch } from '../live/hub.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { importFleet, licenseIds } from '../support/fleet.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { ownerOf, type Signed } from '../support/session.ts';
import { countOpenJobs, toldOf } from './spreader.ts';

const test = suite<{ fresh: FreshDatabase; server: TestServer; owner: Signed }>(
  'a promotion, end to end',
);
const env = { REPORTS_PER_LICENSE: '100000', NEW_INSTANCES_BURST: '100000', LOG_LEVEL: 'warn' };

test.before.each(async (context) => {
  context.fresh = await freshDatabase();
  await importFleet(context.fresh.db);
  context.server = await startServer({ databaseUrl: context.fresh.open.url, env });
  context.owner = await ownerOf(context.fresh.db, { url: context.server.url });
});
test.after.each(async ({ server, fresh }) => {
  await server.stop();
  await fresh.close();
});

async function report(url: string, checkIns: object[]): Promise<void> {
  const answer = await fetch(`${url}/api/check-ins`, {
    method: 'POST',
    headers: { authorization: `Bearer ${licenseIds.geeglo}` },
    body: JSON.stringify(checkIns),
  });
  assert.is(answer.status, 200, await answer.text());
}

async function post<T>(url: string, { cookie, origin }: Signed, path: string, body: object) {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { cookie, origin },
    body: JSON.stringify(body),
  });
  assert.is(answer.status, 201);
  return (await answer.json()) as T;
}

async function promote(url: string, owner: Signed, versionLabel: string): Promise<void> {
  const path = '/api/apps/acme/releases';
  const made = await post<ReleaseDetails>(url, owner, path, { versionLabel });
  const channels = ['acme-stable'];
  await post(url, owner, `${path}/${made.releaseSequence}/promotions`, { channels });
}

test('a viewer of an instance is told of a promotion, and then reads one version more behind', async ({
  server,
  owner,
  fresh,
}) => {
  await report(server.url, [{ instanceId: 'one', status: 'ready', channelSequence: 2 }]);
  const path = `${server.url}/api/customers/geeglo/instances/one`;
  const read = async () => {
    const answer = await fetch(path, { headers: { cookie: owner.cookie } });
    return ((await answer.json()) as InstanceReport).row.versionsBehind;
  };
  assert.is(await read(), 1);
  const { socket, heard } = await viewAs(server.url, { cookie: owner.cookie });
  try {
    await watch(socket, { kind: 'instance', customerId: 'geeglo', instanceId: 'one' });
    await promote(server.url, owner, '1.3.0');
    await until('the viewer is told', () => heard.some(({ event }) => event === 'scope:stale'));
    assert.is(await read(), 2);
    const isEvent = ({ event, message }: (typeof heard)[number]) =>
      event === 'events:recorded' && JSON.stringify(message).includes('"versionsBehind"');
    await until('its event', () => heard.some(isEvent));
    assert.equal(await toldOf(fresh.db), { one: ['– → 1', '1 → 2'] });
  } finally {
    socket.disconnect();
  }
});

test('a server that is killed in the middle of a job carries on at its next start, and tells nobody twice', async (context) => {
  const { server, owner, fresh } = context;
  const { db } = fresh;
  const names = Array.from({ length: 300 }, (_, n) => `i${n}`);
  await report(
    server.url,
    names.map((instanceId) => ({ instanceId, channelSequence: 2 })),
  );
  // Past this one the job does not come as long as the test holds it.
  await db.execute(sql`create function wait() returns trigger language plpgsql as
    'begin perform pg_advisory_xact_lock(42); return new; end'`);
  await db.execute(sql`create trigger wait before update on instances for each row
    when (old.instance_id = 'i99') execute function wait()`);
  let free = () => {};
  const freed = new Promise<void>((done) => (free = done));
  let isHeld = () => {};
  const held = new Promise<void>((done) => (isHeld = done));
  const holder = db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(42)`);
    isHeld();
    await freed;
  });
  await held;
  await promote(server.url, owner, '1.3.0');
  const progress = async () => {
    const [row] = await db.execute<{ told: number }>(
      sql`select count(*)::int as told from instances where versions_behind = 2`,
    );
    return row!.told;
  };
  while ((await progress()) === 0) await sleep(2);
  await server.kill('SIGKILL');
  free();
  await holder;
  const told = await progress();
  assert.ok(told > 0 && told < names.length, `${told} were told before the end`);
  assert.is(await countOpenJobs(db), 1);
  context.server = await startServer({ databaseUrl: fresh.open.url, env });
  while ((await countOpenJobs(db)) > 0) await sleep(20);
  const all = await toldOf(db);
  assert.is(Object.keys(all).length, names.length);
  for (const events of Object.values(all)) assert.equal(events, ['– → 1', '1 → 2']);
});

test.run();
