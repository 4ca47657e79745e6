import { strict as assert } from 'node:assert';
import { eq } from 'drizzle-orm';
import { suite } from 'uvu';
import { instances } from '#db/schema.ts';
import type { InstanceRow } from '#contract/instance.ts';
import { digestOf } from '#lib/live/digest.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { importFleet, licenseIds } from '../support/fleet.ts';
import { type TestServer, startServer } from '../support/server.ts';
import { ownerOf } from '../support/session.ts';
import { skipAloud } from '../support/skip.ts';
import { type Heard, type Viewer, sleep, until, view as viewAs, watch } from './hub.ts';
import { type Page, customerScope, essence, openPage, readJson, visitor } from './pages.ts';
import { hasRedis, startRedis } from './redis.ts';

const test = suite<{ database: FreshDatabase; server: TestServer; end: (() => unknown)[] }>(
  'end to end',
);
const env = { REPORTS_PER_INSTANCE: '10000', REPORTS_PER_LICENSE: '100000', LOG_LEVEL: 'warn' };

// One server for all: its start is what takes time here.
test.before(async (context) => {
  context.database = await freshDatabase();
  await importFleet(context.database.db);
  context.server = await startServer({ databaseUrl: context.database.open.url, env });
  visitor.cookie = (await ownerOf(context.database.db)).cookie;
});
test.after(async ({ database, server }) => {
  await server.stop();
  await database.close();
});
test.before.each((context) => {
  context.end = [];
});
test.after.each(async ({ end }) => {
  for (const stop of end.toReversed()) await stop();
});

async function report(url: string, ...checkIns: object[]): Promise<void> {
  const response = await fetch(`${url}/api/check-ins`, {
    method: 'POST',
    headers: { authorization: `Bearer ${licenseIds.geeglo}`, 'content-type': 'application/json' },
    body: JSON.stringify(checkIns),
  });
  assert.equal(response.status, 200, await response.text());
}

const view = (url: string) => viewAs(url, { cookie: visitor.cookie });

/** A viewer that connects again by itself, as a browser does. */
async function reconnecting(url: string): Promise<Viewer> {
  const { socket } = await view(url);
  socket.io.reconnection(true);
  socket.io.reconnectionDelay(50);
  socket.io.reconnectionDelayMax(200);
  return socket;
}

const customerRows = async (url: string) =>
  (await readJson<{ rows: InstanceRow[] }>(`${url}/api/customers/geeglo`)).rows;
const isUnavailable = (row: InstanceRow) =>
  row.instanceId === 'one' && row.status === 'unavailable';
const isCurrent = (page: Page) => page.watch.state.phase === 'current';
const told = (heard: Heard[]) => heard.filter(({ event }) => event === 'instances:changed');

test('a report is a row in the database, and a message to both viewers', async ({
  database,
  server,
  end,
}) => {
  const viewers = [await view(server.url), await view(server.url)];
  for (const { socket } of viewers) {
    end.push(() => socket.disconnect());
    await watch(socket, customerScope);
  }
  await report(server.url, { instanceId: 'first', status: 'degraded', versionLabel: '1.2.0' });
  const [row] = await database.db.select().from(instances).where(eq(instances.instanceId, 'first'));
  assert.equal(row?.customerId, 'geeglo');
  for (const { heard } of viewers) {
    await until('the message', () => told(heard).length === 1);
    const { instances: summaries } = told(heard)[0]!.message as unknown as {
      instances: InstanceRow[];
    };
    assert.equal(summaries[0]?.id, row?.id);
    assert.equal(summaries[0]?.revision, row?.revision);
    assert.equal(summaries[0]?.status, 'degraded');
    assert.ok(!JSON.stringify(heard).includes(licenseIds.geeglo), 'no license id is ever sent');
  }
});

test('a viewer that was cut off while changes flowed ends equal to one that was not, and to the database', async ({
  server,
  end,
}) => {
  const fleet = Array.from({ length: 12 }, (_, index) => `instance-${index}`);
  await report(server.url, ...fleet.map((instanceId) => ({ instanceId, status: 'ready' })));
  const [cut, whole] = [await reconnecting(server.url), await reconnecting(server.url)];
  end.push(
    () => cut.disconnect(),
    () => whole.disconnect(),
  );
  const pages = [cut, cut, whole, whole].map((socket, index) =>
    openPage(socket, server.url, index % 2 === 0 ? 'fleet' : 'customer'),
  );
  for (const page of pages) end.push(() => page.watch.stop());
  await until('all are current', () => pages.every(isCurrent), 10_000);
  for (let round = 0; round < 40; round += 1) {
    if (round === 8) cut.disconnect();
    if (round === 32) cut.connect();
    const statuses = ['degraded', 'unavailable', 'ready', undefined] as const;
    const status = statuses[round % statuses.length];
    await report(server.url, { instanceId: fleet[(round * 5) % fleet.length], status });
    if (round % 10 === 0)
      await report(server.url, { instanceId: `late-comer-${round}`, status: 'ready' });
  }
  const rows = await customerRows(server.url);
  assert.ok(rows.length >= 16);
  for (const page of pages) {
    await until(
      'it is current',
      () => isCurrent(page) && essence(page.rows.values()) === essence(rows),
      10_000,
    );
  }
});

test('a page that is told everything reads the API once', async ({ server, end }) => {
  await report(server.url, { instanceId: 'one', status: 'ready' });
  const socket = await reconnecting(server.url);
  end.push(() => socket.disconnect());
  const page = openPage(socket, server.url, 'customer');
  end.push(() => page.watch.stop());
  await until('current', () => isCurrent(page), 10_000);
  for (let round = 0; round < 10; round += 1) {
    await report(server.url, { instanceId: 'one', status: round % 2 === 0 ? 'degraded' : 'ready' });
    await report(server.url, { instanceId: 'one' });
    await sleep(150);
  }
  const rows = await customerRows(server.url);
  await until('equal', () => essence(page.rows.values()) === essence(rows));
  assert.equal(page.reads, 1);
  const digest = await socket.timeout(2_000).emitWithAck('digest', 'customer:geeglo');
  assert.deepEqual(digest, digestOf(page.rows.values()));
});

test('viewers find a killed and restarted server again, and end equal to the database', async ({
  database,
  server,
  end,
}) => {
  await report(server.url, { instanceId: 'one', status: 'ready' });
  const socket = await reconnecting(server.url);
  end.push(() => socket.disconnect());
  const page = openPage(socket, server.url, 'customer');
  end.push(() => page.watch.stop());
  await until('current', () => isCurrent(page), 10_000);
  await server.kill('SIGKILL');
  await until('behind', () => !isCurrent(page));
  const again = await startServer({ databaseUrl: database.open.url, port: server.port, env });
  end.push(() => again.stop());
  await report(again.url, { instanceId: 'one', status: 'unavailable' });
  await until(
    'current',
    () => isCurrent(page) && [...page.rows.values()].some(isUnavailable),
    10_000,
  );
  assert.equal(essence(page.rows.values()), essence(await customerRows(again.url)));
});

const across = 'two servers on one database tell the viewers of both';
if (!hasRedis()) skipAloud(test as never, across, 'redis-server is not on the PATH');
else {
  test(across, async ({ database, end }) => {
    const redis = await startRedis();
    end.push(() => redis.stop());
    const settings = { databaseUrl: database.open.url, env: { ...env, REDIS_URL: redis.url } };
    const servers = [await startServer(settings), await startServer(settings)];
    const viewers: Heard[][] = [];
    for (const server of servers) {
      end.push(() => server.stop());
      const { socket, heard } = await view(server.url);
      end.push(() => socket.disconnect());
      await watch(socket, customerScope);
      await until(
        'a good beat',
        () =>
          heard.some(
            ({ event, message }) => event === 'beat' && 'ok' in message && message.ok === true,
          ),
        10_000,
      );
      viewers.push(heard);
    }
    for (const [index, server] of servers.entries()) {
      await report(server.url, { instanceId: `from-${index}`, status: 'degraded' });
      for (const heard of viewers) {
        await until('the message', () =>
          told(heard).some(({ message }) => JSON.stringify(message).includes(`from-${index}`)),
        );
      }
    }
  });
}

test.run();
