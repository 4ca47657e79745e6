import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openDatabase } from '#db/client.ts';
import { createReadiness } from '#server/operations/index.ts';
import { openApp, type TestApp } from '../support/app.ts';
import { emptyDatabase } from '../support/database.ts';
import { startServer } from '../support/server.ts';

const test = suite<{ house: TestApp }>('readiness');
test.before(async (context) => {
  context.house = await openApp();
});
test.after(({ house }) => house.close());

test('the process is healthy, and ready once its database answers with every migration', async ({
  house,
}) => {
  const health = await house.app.request('/healthz');
  assert.equal([health.status, await health.json()], [200, { status: 'ok' }]);
  const ready = await house.app.request('/readyz');
  assert.equal([ready.status, await ready.json()], [200, { status: 'ready' }]);
});

test('a database that lacks a migration of this build is not ready', async ({ house }) => {
  const { db } = house.fresh;
  const newest = sql`(select max(created_at) from drizzle.__drizzle_migrations)`;
  await db.execute(sql`
    update drizzle.__drizzle_migrations set created_at = created_at - 1000 where created_at = ${newest}`);
  const readiness = createReadiness(db);
  assert.is(await readiness.reason(), 'The database lacks migrations of this build.');
  await db.execute(sql`
    update drizzle.__drizzle_migrations set created_at = created_at + 1000 where created_at = ${newest}`);
  assert.is(await readiness.reason(), null);
});

test('a later migration, of a newer build, does no harm', async ({ house }) => {
  const { db } = house.fresh;
  await db.execute(
    sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 4102444800000)`,
  );
  assert.is(await createReadiness(db).reason(), null);
});

test('a stopping server is not ready', async ({ house }) => {
  const readiness = createReadiness(house.fresh.db);
  readiness.stop();
  assert.is(await readiness.reason(), 'The server is stopping.');
});

test('a database that does not answer makes /readyz a 503 with one sentence, while /healthz stands', async ({
  house,
}) => {
  // Every statement waits for as long as another holds what it wants: as a database that hangs does.
  const open = await openDatabase({ databaseUrl: house.fresh.open.url, dataDir: '' }, { max: 1 });
  const hanging = open.db.execute(sql`select pg_sleep(4)`).then(() => undefined);
  const begun = Date.now();
  assert.is(await createReadiness(open.db).reason(), 'The database does not answer.');
  assert.ok(Date.now() - begun < 3500);
  await hanging;
  await open.close();
});

test('over the wire a lost database is seen, and seen to come back', async ({ house }) => {
  const { url, drop } = await emptyDatabase();
  const name = new URL(url).pathname.slice(1);
  const { db } = house.fresh;
  const allow = (yes: boolean) =>
    db.execute(sql.raw(`alter database ${name} allow_connections ${yes}`));
  const server = await startServer({ databaseUrl: url });
  try {
    assert.is((await fetch(`${server.url}/readyz`)).status, 200);
    await allow(false);
    await db.execute(
      sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`,
    );
    const answer = await fetch(`${server.url}/readyz`);
    assert.equal(
      [answer.status, await answer.json()],
      [503, { status: 'not ready', reason: 'The database does not answer.' }],
    );
    assert.is((await fetch(`${server.url}/healthz`)).status, 200);
    await allow(true);
    const isReady = async () => (await fetch(`${server.url}/readyz`)).status === 200;
    for (let tries = 0; tries < 100 && !(await isReady()); tries += 1) await sleep(100);
    assert.ok(await isReady());
  } finally {
    await allow(true);
    await server.stop();
    await drop();
  }
});

test.run();
