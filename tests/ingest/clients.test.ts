import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { kots, sdk, type SdkState, send, sendBytes, toBytes } from '../support/clients.ts';
import { licenseIds } from '../support/fleet.ts';
import { findInstance, findMetrics, type House, shareHouse } from './real-house.ts';

const test = suite<House>('stock clients');
shareHouse(test);

const starting: SdkState = {
  licenseId: licenseIds.geeglo,
  appSlug: 'acme',
  licenseChannelId: 'acme-stable',
};
const running: SdkState = {
  ...starting,
  instanceId: '2vFzOgYQkXAqvoAjQXaQpMYLZhm',
  clusterId: '4c2f8d8e-8a1e-4c53-9d5b-1c2f0a7a5d11',
  channelId: 'acme-stable',
  channelSequence: 2,
  appStatus: 'ready',
  resourceStates: [{ kind: 'deployment', name: 'api', namespace: 'default', state: 'ready' }],
  runningImages: { 'docker.io/acme/api:1.1.0': ['sha256:0f9a'] },
  k8sVersion: 'v1.31.2+k3s1',
  k8sDistribution: 'k3s',
  tags: { force: false, tags: { env: 'production' } },
};

test('the bytes of an SDK report are those that Go writes', () => {
  const bytes = toBytes(
    sdk.info({ ...starting, instanceId: 'i', channelSequence: 1 }),
    'rollcall.test',
  );
  assert.is(
    bytes.toString(),
    [
      'POST /kots_metrics/license_instance/info HTTP/1.1',
      'Host: rollcall.test',
      'User-Agent: Replicated-SDK/v1.9.0',
      'Content-Length: 2',
      'Authorization: Basic MlJxOFdMY3NqZnhxck15c2p2QjFXb2RZa0JqOjJScThXTGNzamZ4cXJNeXNqdkIxV29kWWtCag==',
      'Content-Type: application/json',
      'X-Replicated-Clusterid: ',
      'X-Replicated-Downstreamchannelsequence: 1',
      'X-Replicated-Instanceid: i',
      'X-Replicated-K8sversion: ',
      'Accept-Encoding: gzip',
      '',
      '{}',
    ].join('\r\n'),
  );
});

test("an SDK's start succeeds: license and update check without an instance id, then its report", async (house) => {
  const { url } = house.server;
  const license = await send(url, sdk.license(starting));
  assert.is(license.status, 200);
  const document = parse(license.body) as { kind: string; spec: Record<string, unknown> };
  assert.is(document.kind, 'License');
  assert.is(document.spec.licenseID, licenseIds.geeglo);
  assert.is(document.spec.endpoint, url);

  const pending = await send(url, sdk.pending(starting));
  assert.is(pending.status, 200);
  assert.equal(
    (
      JSON.parse(pending.body) as { channelReleases: { channelSequence: number }[] }
    ).channelReleases.map((release) => release.channelSequence),
    [3, 2, 1],
  );
  assert.is(await findInstance(house, 'geeglo', ''), null);

  const info = await send(url, sdk.info(running));
  assert.is(info.status, 200);
  const stored = await findInstance(house, 'geeglo', running.instanceId!);
  assert.is(stored?.facts.status, 'ready');
  assert.is(stored?.facts.versionLabel, '1.1.0');
  assert.is(stored?.facts.k8sDistribution, 'k3s');
  assert.is(stored?.facts.sdkVersion, 'v1.9.0');
  assert.equal(stored?.tags.env?.[0], 'production');
});

test('sequence 0 is not reported where there is no such release, and is where there is', async (house) => {
  const { url } = house.server;
  const zero = { ...running, channelSequence: 0 };
  await send(url, sdk.info({ ...zero, instanceId: 'zero' }));
  assert.is((await findInstance(house, 'geeglo', 'zero'))?.facts.channelSequence, undefined);
  const beacon = { licenseId: licenseIds.roamway, appSlug: 'beacon', channelId: 'beacon-stable' };
  await send(url, sdk.info({ ...zero, ...beacon, instanceId: 'zero' }));
  const stored = await findInstance(house, 'roamway', 'zero');
  assert.is(stored?.facts.channelSequence, 0);
  assert.is(stored?.facts.versionLabel, '0.1.0');
  assert.is(stored?.facts.status, 'unmonitored');
});

test('every authenticated call that names an instance is a check-in', async (house) => {
  const calls = {
    license: sdk.license,
    fields: sdk.licenseFields,
    field: (state: SdkState) => sdk.licenseField(state, 'seats'),
    pending: sdk.pending,
    metrics: (state: SdkState) => sdk.customMetrics(state, { users: 1 }),
  };
  for (const [name, call] of Object.entries(calls)) {
    const instanceId = `by-${name}`;
    const answer = await send(house.server.url, call({ ...running, instanceId }));
    assert.is(answer.status, 200, `${name}: ${answer.body}`);
    const stored = await findInstance(house, 'geeglo', instanceId);
    assert.is(stored?.facts.k8sVersion, 'v1.31.2+k3s1', name);
  }
});

test("an SDK's update check brings its resources along, and answers RFC 3339 times", async (house) => {
  const degraded = [{ ...running.resourceStates![0]!, state: 'degraded' }];
  const state: SdkState = {
    ...running,
    instanceId: 'checks',
    appStatus: undefined,
    resourceStates: degraded,
  };
  const answer = await send(house.server.url, sdk.pending(state));
  assert.match(
    answer.headers.get('X-Replicated-UpdateCheckAt') ?? '',
    /^\d{4}-\d\d-\d\dT[\d:]{8}Z$/,
  );
  assert.equal(JSON.parse(answer.body), {
    channelReleases: [
      {
        channelSequence: 3,
        releaseSequence: 13,
        versionLabel: '1.2.0',
        isRequired: false,
        createdAt: '2026-10-03T09:00:00Z',
        releaseNotes: '',
      },
    ],
  });
  assert.is((await findInstance(house, 'geeglo', 'checks'))?.facts.status, 'degraded');
});

test('KOTS reports, checks for updates and is offered none, with the header it needs', async (house) => {
  const { url } = house.server;
  const state = {
    licenseId: licenseIds.geeglo,
    appSlug: 'acme',
    instanceId: 'kots-1',
    appStatus: 'degraded',
    channelId: 'acme-stable',
    cursor: '1',
    isKurl: true,
    kurlNodes: { total: 3, ready: 2 },
  };
  assert.is((await send(url, kots.license(state))).status, 200);
  assert.is((await send(url, kots.info(state))).status, 200);
  const pending = await send(url, kots.pending(state));
  assert.is(pending.status, 200);
  assert.equal(JSON.parse(pending.body), { channelReleases: [] });
  assert.ok(pending.headers.has('X-Replicated-UpdateCheckAt'));
  const stored = await findInstance(house, 'geeglo', 'kots-1');
  assert.is(stored?.facts.status, 'degraded');
  assert.is(stored?.facts.versionLabel, '1.0.0');
  assert.is(stored?.facts.appManagerVersion, 'v1.128.0');
  assert.is(stored?.facts.nodesReady, 2);
  assert.is(stored?.facts.snapshotProvider, 'velero');
});

test('100 KB of embedded cluster nodes arrive in one header, and their pods are dropped', async (house) => {
  const pod = {
    name: 'api-7d9f8',
    status: 'Running',
    namespace: 'default',
    cpu: '12m',
    memory: '3Mi',
  };
  const nodes = [1, 2, 3].map((index) => ({
    name: `node-${index}`,
    isConnected: true,
    isReady: index !== 2,
    roles: ['controller'],
    operatingSystem: 'linux',
    podList: Array.from({ length: 400 }, () => pod),
  }));
  const embeddedClusterNodes = JSON.stringify(nodes);
  assert.ok(embeddedClusterNodes.length > 100_000);
  const state = {
    licenseId: licenseIds.geeglo,
    appSlug: 'acme',
    instanceId: 'kots-2',
    embeddedClusterNodes,
  };
  const answer = await send(house.server.url, kots.info(state));
  assert.is(answer.status, 200, answer.body);
  const stored = await findInstance(house, 'geeglo', 'kots-2');
  assert.is(stored?.facts.nodesTotal, 3);
  assert.is(stored?.facts.nodesReady, 2);
});

test('any other header of more than 16 KB is refused in a sentence', async (house) => {
  const request = sdk.info({ ...running, instanceId: 'long' });
  request.headers['X-Replicated-K8sVersion'] = 'x'.repeat(17_000);
  const answer = await send(house.server.url, request);
  assert.is(answer.status, 400);
  assert.is(answer.body, 'The request headers are longer than 16 KB.');
});

test('custom metrics replace the current set', async (house) => {
  const state = { ...running, instanceId: 'metrics' };
  const { url } = house.server;
  await send(url, sdk.customMetrics(state, { users: 150, sso: true, plan: 'gold' }));
  const answer = await send(url, sdk.customMetrics(state, { users: 151, plan: null }));
  assert.is(answer.status, 200);
  const stored = await findInstance(house, 'geeglo', 'metrics');
  assert.equal(await findMetrics(house, stored!.id), { users: 151, plan: null });
});

test('custom metrics from an SDK that does not know its instance are answered and not stored', async (house) => {
  const answer = await send(house.server.url, sdk.customMetrics(starting, { users: 1 }));
  assert.is(answer.status, 200);
});

test('license fields are answered as a map, and one by one', async (house) => {
  const { url } = house.server;
  const fields = await send(url, sdk.licenseFields(running));
  assert.equal(Object.keys(JSON.parse(fields.body) as object), ['expires_at', 'seats']);
  const seats = await send(url, sdk.licenseField(running, 'seats'));
  assert.equal(JSON.parse(seats.body), {
    name: 'seats',
    title: 'Seats',
    description: '',
    value: 25,
    valueType: 'Integer',
    isHidden: false,
    signature: {},
  });
});

test('a report without a length, in chunks, is taken', async (house) => {
  const request = toBytes(
    sdk.info({ ...running, instanceId: 'chunked' }),
    'rollcall.test',
  ).toString();
  const [head = '', body = ''] = request.split('\r\n\r\n');
  const headers = head.replace(/Content-Length: \d+/, 'Transfer-Encoding: chunked');
  const chunks = [body.slice(0, 20), body.slice(20)]
    .map((part) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`)
    .join('');
  const { port } = house.server;
  const answer = await sendBytes(
    { hostname: '127.0.0.1', port },
    Buffer.from(`${headers}\r\n\r\n${chunks}0\r\n\r\n`),
  );
  assert.is(answer.status, 200, answer.body);
  assert.is((await findInstance(house, 'geeglo', 'chunked'))?.facts.status, 'ready');
});

test.run();
