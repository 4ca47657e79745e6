import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { io } from 'socket.io-client';
import { freePort } from '../support/port.ts';
import { licenseIds } from '../support/fleet.ts';
import { type House, shareHouse } from '../ingest/real-house.ts';
import { ownerOf } from '../support/session.ts';
import { setTimeout as sleep } from 'node:timers/promises';

const port = await freePort();
const test = suite<House>('metrics');
shareHouse(test, { METRICS_PORT: String(port), NEW_INSTANCES_BURST: '3' });

const url = `http://127.0.0.1:${port}/metrics`;

/** The value of one series; null: there is none. */
async function read(series: string): Promise<number | null> {
  const text = await (await fetch(url)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? null : Number(line.slice(series.length + 1));
}

const report = (house: House, body: unknown, licenseId: string = licenseIds.geeglo) =>
  fetch(`${house.server.url}/api/check-ins`, {
    method: 'POST',
    headers: { authorization: `Bearer ${licenseId}` },
    body: JSON.stringify(body),
  });
const basic = (licenseId: string) =>
  `Basic ${Buffer.from(`${licenseId}:${licenseId}`).toString('base64')}`;

test('on their own port the metrics need no token, and the main port has none', async ({
  server,
}) => {
  const answer = await fetch(url);
  assert.is(answer.status, 200);
  assert.match(answer.headers.get('content-type')!, /^text\/plain; version=0\.0\.4/);
  assert.is((await fetch(`${server.url}/metrics`)).status, 404);
  assert.is((await fetch(`http://127.0.0.1:${port}/`)).status, 404);
  assert.is((await fetch(url, { method: 'POST' })).status, 404);
});

test('check-ins that were taken are counted by door, in batches, with their commits', async (house) => {
  const before = (await read('rollcall_batch_check_ins_sum')) ?? 0;
  assert.is((await report(house, [{ instanceId: 'm-1' }, { instanceId: 'm-2' }])).status, 200);
  await fetch(`${house.server.url}/kots_metrics/license_instance/info`, {
    method: 'POST',
    headers: {
      authorization: basic(licenseIds.geeglo),
      'x-replicated-instanceid': 'm-3',
      'x-replicated-iskurl': 'perhaps',
      'user-agent': 'KOTS/v1',
    },
  });
  assert.is(await read('rollcall_check_ins_accepted_total{door="api"}'), 2);
  assert.is(await read('rollcall_check_ins_accepted_total{door="kots"}'), 1);
  assert.is(await read('rollcall_batch_check_ins_sum'), before + 3);
  assert.ok((await read('rollcall_commit_seconds_count'))! >= 2);
  assert.is(await read('rollcall_queue_check_ins'), 0);
  assert.is(await read('rollcall_ignored_headers_total{header="X-Replicated-IsKurl"}'), 1);
});

test('refusals are counted by their reason', async (house) => {
  const year = new Date().getUTCFullYear();
  const future = { instanceId: 'm-1', source: 'airgap', reportedAt: `${year + 1}-01-01T00:00:00Z` };
  await report(house, { status: 'ready' });
  await report(house, { instanceId: 'm-1' }, 'no-such-license');
  await report(house, { instanceId: 'm-1' }, licenseIds.expired);
  await report(house, [{ instanceId: 'm-8' }, { instanceId: 'm-9' }]);
  await report(house, future);
  await fetch(`${house.server.url}/license/fields`);
  // Read all the same: the report that came with it is refused.
  const read200 = await fetch(`${house.server.url}/license/fields`, {
    headers: { authorization: basic(licenseIds.expired), 'x-replicated-instanceid': 'late' },
  });
  assert.is(read200.status, 200);
  const reasons = { invalid: 1, unauthorized: 2, forbidden: 2, too_many: 1, future: 1 };
  for (const [reason, times] of Object.entries(reasons))
    assert.is(await read(`rollcall_check_ins_refused_total{reason="${reason}"}`), times, reason);
});

test('who watches is counted, and how long after the commit he is told', async (house) => {
  const { cookie } = await ownerOf(house.fresh.db);
  const socket = io(house.server.url, {
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: { cookie },
  });
  await socket.emitWithAck('watch', { kind: 'customer', customerId: 'geeglo' });
  assert.is(await read('rollcall_sockets'), 1);
  assert.is(await read('rollcall_rooms{kind="customer"}'), 1);
  assert.is(await read('rollcall_rooms{kind="list"}'), 0);
  const told = new Promise((resolve) => socket.once('instances:changed', resolve));
  await report(house, { instanceId: 'm-1', status: 'degraded' });
  await told;
  await sleep(50);
  assert.is(await read('rollcall_publish_lag_seconds_count'), 1);
  assert.ok((await read('rollcall_publish_lag_seconds_sum'))! < 2);
  socket.close();
});

test('the process speaks of itself: event loop delay, memory, CPU', async () => {
  for (const name of ['nodejs_eventloop_lag_p99_seconds', 'process_resident_memory_bytes'])
    assert.type(await read(name), 'number', name);
  assert.type(await read('process_cpu_seconds_total'), 'number');
});

test('no label ever holds what a client sent', async (house) => {
  await report(house, { instanceId: 'label-of-mine' }, 'license-of-mine');
  const text = await (await fetch(url)).text();
  assert.not.match(text, /of-mine|m-1|geeglo/);
});

test.run();
