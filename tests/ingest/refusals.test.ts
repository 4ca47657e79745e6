import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Answer,
  type ClientRequest,
  sdk,
  type SdkState,
  send,
  sendBytes,
} from '../support/clients.ts';
import { importFleet, licenseIds, smallFleet } from '../support/fleet.ts';
import { findInstance, type House, shareHouse } from './real-house.ts';

const test = suite<House>('refusals');
shareHouse(test);

const state: SdkState = {
  licenseId: licenseIds.geeglo,
  appSlug: 'acme',
  instanceId: 'known',
  channelId: 'acme-stable',
  channelSequence: 2,
  appStatus: 'ready',
};
const calls: Record<string, (of: SdkState) => ClientRequest> = {
  info: sdk.info,
  metrics: (of) => sdk.customMetrics(of, { users: 1 }),
  pending: sdk.pending,
  'the license': sdk.license,
  'the license without an app': (of) => ({ ...sdk.license(of), path: '/license' }),
  'license fields': sdk.licenseFields,
  'a license field': (of) => sdk.licenseField(of, 'seats'),
};
const reads = ['the license', 'the license without an app', 'license fields', 'a license field'];

/** An error of a protocol path: plain text, one sentence. */
function requireSentence({ headers, body }: Answer) {
  assert.match(headers.get('content-type') ?? '', /^text\/plain/);
  assert.match(body, /^\w[^\n]{5,300}\.$/);
}

const withAuthorization = (request: ClientRequest, authorization?: string): ClientRequest => {
  const { Authorization: _, ...headers } = request.headers;
  return {
    ...request,
    headers: authorization === undefined ? headers : { ...headers, Authorization: authorization },
  };
};
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

for (const [name, call] of Object.entries(calls)) {
  test(`${name}: without, with a malformed or with an unknown license it is a 401`, async ({
    server,
  }) => {
    const good = licenseIds.geeglo;
    const wrong = [
      undefined,
      '',
      'Basic',
      'Basic !!!',
      `Bearer ${good}`,
      basic(good),
      basic(`${good}:`),
    ];
    const more = [
      `${good}:other`,
      ':',
      'nobody:nobody',
      `a\0b:a\0b`,
      `${'x'.repeat(400)}:${'x'.repeat(400)}`,
    ];
    for (const authorization of [...wrong, ...more.map(basic)]) {
      const answer = await send(server.url, withAuthorization(call(state), authorization));
      assert.is(answer.status, 401, `${authorization}: ${answer.body}`);
      requireSentence(answer);
    }
  });

  test(`${name}: an archived customer is a 403`, async ({ server }) => {
    for (const instanceId of ['', 'of-an-archived-customer']) {
      const answer = await send(
        server.url,
        call({ ...state, licenseId: licenseIds.archived, instanceId }),
      );
      assert.is(answer.status, 403, answer.body);
      requireSentence(answer);
    }
  });

  const isRead = reads.includes(name);
  test(`${name}: an expired license is ${isRead ? 'answered, as it says so itself' : 'a 403'}`, async ({
    server,
  }) => {
    for (const instanceId of ['', 'of-an-expired-license']) {
      const answer = await send(
        server.url,
        call({ ...state, licenseId: licenseIds.expired, instanceId }),
      );
      assert.is(answer.status, isRead ? 200 : 403, answer.body);
      if (isRead && name !== 'a license field') assert.match(answer.body, '2026-07-28T08:00:00Z');
      if (!isRead) requireSentence(answer);
    }
  });
}

test("another app's license and update check are a 401, like those of an app that is not there", async ({
  server,
}) => {
  for (const appSlug of ['beacon', 'nowhere']) {
    for (const call of [sdk.license, sdk.pending]) {
      const answer = await send(server.url, call({ ...state, appSlug }));
      assert.is(answer.status, 401);
      assert.is(answer.body, 'The license is not one of this app.');
    }
  }
});

test("another app's channel is a 404, one of the customer's app is served", async ({ server }) => {
  const pending = (channel: string) => ({
    ...sdk.pending(state),
    path: `/release/acme/pending?channelSequence=&selectedChannelId=${channel}`,
  });
  assert.is((await send(server.url, pending('beacon-stable'))).status, 404);
  assert.is((await send(server.url, pending('nowhere'))).status, 404);
  const answer = await send(server.url, pending('acme-beta'));
  assert.match(answer.body, '2.0.0-beta.1');
});

test('an unknown license field is a 404', async ({ server }) => {
  for (const name of ['nothing', '__proto__', 'constructor']) {
    const answer = await send(server.url, sdk.licenseField(state, name));
    assert.is(answer.status, 404);
    requireSentence(answer);
  }
});

test('what cannot be read is a 400 that names it, and nothing is stored', async (house) => {
  const broken = { ...state, instanceId: 'broken' };
  const resource = { kind: 'deployment', name: 'api', namespace: 'default', state: 'fine' };
  const info = sdk.info(broken);
  const cases: [request: ClientRequest, named: RegExp][] = [
    [sdk.info({ ...broken, appStatus: 'fine' }), /X-Replicated-AppStatus/],
    [sdk.license({ ...broken, appStatus: 'fine' }), /X-Replicated-AppStatus/],
    [sdk.info({ ...broken, resourceStates: [resource] }), /resource_states\[0\]\.state/],
    [{ ...info, body: '{"resource_states":' }, /JSON/],
    [
      { ...info, headers: { ...info.headers, 'X-Replicated-InstanceTagData': '%' } },
      /InstanceTagData/,
    ],
    [
      { ...info, headers: { ...info.headers, 'X-Replicated-KurlNodeCountTotal': 'x' } },
      /KurlNodeCountTotal/,
    ],
    [sdk.info({ ...broken, instanceId: 'x'.repeat(301) }), /X-Replicated-InstanceID/],
    [sdk.customMetrics(broken, { users: { total: 1 } }), /data\["users"\]/],
    [
      { ...sdk.pending(broken), path: '/release/acme/pending?channelSequence=x' },
      /channelSequence/,
    ],
  ];
  for (const [request, named] of cases) {
    const answer = await send(house.server.url, request);
    assert.is(answer.status, 400, answer.body);
    assert.match(answer.body, named);
    requireSentence(answer);
  }
  assert.is(await findInstance(house, 'geeglo', 'broken'), null);
});

test('a body over 1 MB is a 413, announced or in chunks', async ({ server }) => {
  const request = { ...sdk.info(state), body: `{"x":"${'x'.repeat(1024 * 1024)}"}` };
  const announced = await send(server.url, request);
  assert.is(announced.status, 413);
  requireSentence(announced);
  const head = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
  const bytes = [
    `POST ${request.path} HTTP/1.1\r\nHost: x\r\n${head.join('\r\n')}`,
    `Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(17)}0\r\n\r\n`,
  ].join('\r\n');
  const chunked = await sendBytes({ hostname: '127.0.0.1', port: server.port }, Buffer.from(bytes));
  assert.is(chunked.status, 413);
});

test('a known instance whose license expires is refused, and that is all that is stored', async (house) => {
  const { url } = house.server;
  const instanceId = 'refused-later';
  const roamway = {
    ...state,
    licenseId: licenseIds.roamway,
    appSlug: 'beacon',
    channelId: 'beacon-stable',
  };
  const known = { ...roamway, instanceId, k8sVersion: 'v1.30.0' };
  assert.is((await send(url, sdk.info(known))).status, 200);
  const fleet = smallFleet();
  fleet.apps[1]!.customers[0]!.license.expiresAt = '2026-10-02T00:00:00Z';
  await importFleet(house.fresh.db, fleet);
  assert.is((await send(url, sdk.info({ ...known, k8sVersion: 'v1.31.0' }))).status, 403);
  assert.is((await send(url, sdk.license({ ...known, k8sVersion: 'v1.31.0' }))).status, 200);
  const stored = await findInstance(house, 'roamway', instanceId);
  assert.is(stored?.refusal?.reason, 'license expired');
  assert.is(stored?.refusal?.count, 2);
  assert.is(stored?.facts.k8sVersion, 'v1.30.0');
  await importFleet(house.fresh.db);
});

test('a rotated license is unknown at once, and the new one known', async (house) => {
  const { url } = house.server;
  const fleet = smallFleet();
  fleet.apps[1]!.customers[0]!.license.id = 'rotated';
  const of = (licenseId: string) => sdk.license({ licenseId, appSlug: 'beacon' });
  assert.is((await send(url, of(licenseIds.roamway))).status, 200);
  await importFleet(house.fresh.db, fleet);
  assert.is((await send(url, of('rotated'))).status, 200);
  assert.is((await send(url, of(licenseIds.roamway))).status, 401);
  await importFleet(house.fresh.db);
});

test('too many reports of one instance are a 429 with Retry-After; reads of its license never are', async ({
  server,
}) => {
  const flood = (request: ClientRequest) =>
    Promise.all(Array.from({ length: 30 }, () => send(server.url, request)));
  const answers = await flood(sdk.info({ ...state, instanceId: 'chatty' }));
  const refused = answers.filter((answer) => answer.status === 429);
  assert.ok(refused.length > 0 && refused.length < 30, String(refused.length));
  for (const answer of refused) {
    assert.ok(Number(answer.headers.get('Retry-After')) >= 1);
    requireSentence(answer);
  }
  const license = await flood(sdk.license({ ...state, instanceId: 'chatty' }));
  assert.ok(license.every((answer) => answer.status === 200));
});

test("neither a license's id nor anything of the inside stands in the server's output", ({
  server,
}) => {
  for (const licenseId of Object.values(licenseIds)) assert.not.match(server.output(), licenseId);
  assert.not.match(server.output(), '"level":50');
});

test.run();
