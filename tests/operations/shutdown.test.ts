import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { io } from 'socket.io-client';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { importFleet, licenseIds } from '../support/fleet.ts';
import { ownerOf } from '../support/session.ts';
import { startServer, type TestServer } from '../support/server.ts';

const env = { NEW_INSTANCES_BURST: '1000000', REPORTS_PER_LICENSE: '1000000' };

const test = suite<{ fresh: FreshDatabase; server: TestServer }>('shutdown');
test.before.each(async (context) => {
  context.fresh = await freshDatabase();
  await importFleet(context.fresh.db);
  context.server = await startServer({ databaseUrl: context.fresh.open.url, env });
});
test.after.each(async ({ fresh, server }) => {
  await server.stop();
  await fresh.close();
});

interface Said {
  status: number | null;
  instanceId: string;
}

/** One check-in of an instance never seen; status null: no answer came. */
function report(server: TestServer, agent: Agent, instanceId: string): Promise<Said> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${licenseIds.geeglo}` };
    const sent = request(`${server.url}/api/check-ins`, { method: 'POST', agent, headers });
    sent.on('response', (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ status: answer.statusCode ?? null, instanceId }));
      answer.on('error', () => resolve({ status: null, instanceId }));
    });
    sent.on('error', () => resolve({ status: null, instanceId }));
    sent.end(JSON.stringify({ instanceId, status: 'ready' }));
  });
}

/** Reports without a pause on many connections that stay open, until the server is gone. */
async function load(server: TestServer, workers: number): Promise<Said[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: workers });
  const said: Said[] = [];
  const work = async (worker: number) => {
    for (let n = 0; ; n += 1) {
      const one = await report(server, agent, `${worker}-${n}`);
      said.push(one);
      if (one.status === null) return;
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
  agent.destroy();
  return said;
}

async function storedIds({ db }: FreshDatabase): Promise<Set<string>> {
  const rows = await db.execute<{ id: string }>(sql`select instance_id as id from instances`);
  return new Set(rows.map(({ id }) => id));
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`under load, ${signal} has everything answered that was taken, and ends with 0 in time`, async ({
    fresh,
    server,
  }) => {
    const loading = load(server, 40);
    await sleep(1_500);
    const begun = Date.now();
    const code = await server.end(signal);
    const took = Date.now() - begun;
    const said = await loading;
    assert.is(code, 0, server.output());
    assert.ok(took < 10_000, `${took} ms`);
    const stored = await storedIds(fresh);
    const answered = said.filter(({ status }) => status === 200);
    assert.ok(answered.length > 100, `${answered.length} were answered`);
    const lost = answered.filter(({ instanceId }) => !stored.has(instanceId));
    assert.equal(lost, [], 'answered, but not there');
    const silent = said.filter(
      ({ status, instanceId }) => status !== 200 && stored.has(instanceId),
    );
    assert.equal(silent, [], 'there, but not answered');
    assert.ok(said.every(({ status }) => status === null || status === 200 || status === 503));
    assert.not.match(server.output(), /"level":(50|60)/);
  });
}

test('a report that is on its way when the signal comes is taken and answered', async ({
  fresh,
  server,
}) => {
  const agent = new Agent({ keepAlive: true });
  const headers = { authorization: `Bearer ${licenseIds.geeglo}`, 'transfer-encoding': 'chunked' };
  const sent = request(`${server.url}/api/check-ins`, { method: 'POST', agent, headers });
  const answered = new Promise<[number?, string?]>((resolve, reject) => {
    sent.on('response', (answer) => {
      answer.resume();
      resolve([answer.statusCode, answer.headers.connection]);
    });
    sent.on('error', reject);
  });
  sent.write('{"instanceId": "slow",');
  await sleep(300);
  const gone = server.end('SIGTERM');
  await sleep(300);
  sent.end('"status": "ready"}');
  assert.equal(await answered, [200, 'close']);
  assert.is(await gone, 0);
  assert.ok((await storedIds(fresh)).has('slow'));
  agent.destroy();
});

test('who watches is told farewell, and comes back by itself once a server is there again', async ({
  fresh,
  server,
}) => {
  const { cookie } = await ownerOf(fresh.db);
  const socket = io(server.url, {
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: { cookie },
  });
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  const bye = new Promise((resolve) => socket.once('bye', resolve));
  const reason = new Promise((resolve) => socket.once('disconnect', resolve));
  const code = await server.end('SIGTERM');
  assert.is(code, 0);
  assert.equal(await bye, { reason: 'The server is restarting.' });
  assert.is.not(await reason, 'io server disconnect', 'after that a page would not come back');
  const back = new Promise<void>((resolve) => socket.once('connect', resolve));
  const again = await startServer({ databaseUrl: fresh.open.url, port: server.port });
  await back;
  socket.close();
  await again.stop();
});

test('a client that neither finishes its request nor leaves does not keep the server', async ({
  server,
}) => {
  const agent = new Agent();
  const headers = { authorization: `Bearer ${licenseIds.geeglo}`, 'transfer-encoding': 'chunked' };
  const sent = request(`${server.url}/api/check-ins`, { method: 'POST', agent, headers });
  sent.on('error', () => undefined);
  sent.write('{');
  await sleep(200);
  const begun = Date.now();
  assert.is(await server.end('SIGTERM'), 0);
  assert.ok(Date.now() - begun < 10_000);
  agent.destroy();
});

test.run();
