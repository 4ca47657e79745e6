import { eq } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { customers } from '#db/schema.ts';
import {
  type Answer,
  type ClientRequest,
  kots,
  sdk,
  type SdkState,
  send,
} from '../support/clients.ts';
import { licenseIds } from '../support/fleet.ts';
import { findInstance, type House, shareHouse } from './real-house.ts';

/** The short way of reports answers as the route does, which takes what names its request itself. */
const test = suite<House>('the door of instances');
shareHouse(test, { REPORTS_PER_INSTANCE: '50', LOG_LEVEL: 'warn' });

const state: SdkState = {
  licenseId: licenseIds.geeglo,
  appSlug: 'acme',
  instanceId: 'by-the-short-way',
  clusterId: 'cluster',
  channelId: 'acme-stable',
  channelSequence: 2,
  appStatus: 'ready',
  resourceStates: [{ kind: 'deployment', name: 'api', namespace: 'default', state: 'ready' }],
  k8sVersion: 'v1.31.2',
  tags: { force: false, tags: { env: 'production' } },
};
const report = sdk.info(state);
const long = (n: number) => 'x'.repeat(n);

const requests: [what: string, status: number, request: ClientRequest][] = [
  ['a report', 200, report],
  ['a report that names no instance', 200, sdk.info({ ...state, instanceId: '' })],
  ['a report of KOTS, without a body', 200, kots.info({ ...state, instanceId: 'kots' })],
  ['no license', 401, { ...report, headers: { ...report.headers, Authorization: '' } }],
  ['an unknown license', 401, sdk.info({ ...state, licenseId: 'nobody' })],
  ['a status that is none', 400, sdk.info({ ...state, appStatus: 'fine' })],
  ['a body that is no JSON', 400, { ...report, body: '{"a' }],
  ['a body that is no UTF-8', 400, { ...report, body: '\ud800{' }],
  ['resources that are none', 400, { ...report, body: '{"resource_states":"{}"}' }],
  ['a long body', 200, { ...report, body: JSON.stringify({ unknown: long(20_000) }) }],
  ['too long a body', 413, { ...report, body: JSON.stringify({ unknown: long(1_100_000) }) }],
  ['too long headers', 400, { ...report, headers: { ...report.headers, 'X-A': long(20_000) } }],
  ['a query', 200, { ...report, path: `${report.path}?a=b` }],
];

for (const [what, status, request] of requests) {
  test(`${what} is answered ${status} either way, twice`, async ({ server }) => {
    for (let time = 0; time < 2; time += 1) {
      const short = await send(server.url, request);
      const named = { ...request, headers: { ...request.headers, 'X-Request-Id': 'trace-1' } };
      const usual = await send(server.url, named);
      assert.is(short.status, status);
      assert.equal(comparable(short), comparable(usual));
      assert.is(usual.headers.get('x-request-id'), 'trace-1');
    }
  });
}

/** Without what differs from answer to answer. */
function comparable({ status, headers, body }: Answer) {
  const said = [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name));
  return { status, body, headers: said.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

test('what is said again is a check-in again, and what is said anew is taken', async (house) => {
  await send(house.server.url, report);
  const first = await findInstance(house, 'geeglo', state.instanceId!);
  await send(house.server.url, report);
  const second = await findInstance(house, 'geeglo', state.instanceId!);
  assert.ok(second!.lastCheckInAt > first!.lastCheckInAt);
  assert.is(second!.revision, first!.revision);
  await send(house.server.url, sdk.info({ ...state, appStatus: 'degraded' }));
  const third = await findInstance(house, 'geeglo', state.instanceId!);
  assert.is(third!.facts.status, 'degraded');
  await send(house.server.url, report);
  assert.is((await findInstance(house, 'geeglo', state.instanceId!))!.facts.status, 'ready');
});

test('a report that was taken before is refused once its customer is archived', async (house) => {
  const { db } = house.fresh;
  const archived = (at: Date | null) =>
    db.update(customers).set({ archivedAt: at }).where(eq(customers.id, 'geeglo'));
  assert.is((await send(house.server.url, report)).status, 200);
  await archived(new Date());
  const refused = await send(house.server.url, report);
  assert.is(refused.status, 403);
  assert.match(refused.body, /archived/);
  await archived(null);
  assert.is((await send(house.server.url, report)).status, 200);
});

test('many reports at once of one instance are limited, with the time to wait', async ({
  server,
}) => {
  const flood = sdk.info({ ...state, instanceId: 'flood' });
  const answers = await Promise.all(Array.from({ length: 160 }, () => send(server.url, flood)));
  const refused = answers.filter(({ status }) => status === 429);
  assert.ok(refused.length >= 20 && refused.length <= 60, `${refused.length} were refused`);
  for (const { headers } of refused) assert.match(headers.get('retry-after') ?? '', /^\d+$/);
});

test.run();
