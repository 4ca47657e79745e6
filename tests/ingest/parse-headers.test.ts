import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseHeaders } from '#server/ingest/parse-headers.ts';
import { refusal } from './refusals.ts';

const parse = (headers: Record<string, string>, zero = false) => {
  const lower = new Map(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return parseHeaders(
    (name) => lower.get(name),
    () => zero,
  );
};
const facts = (headers: Record<string, string>, zero = false) =>
  parse({ 'X-Replicated-InstanceID': 'i', ...headers }, zero).checkIn?.facts;

test('a call without an instance id, or with an empty one, is no check-in', () => {
  assert.is(parse({}).checkIn, null);
  assert.is(
    parse({ 'X-Replicated-InstanceID': '', 'X-Replicated-AppStatus': 'nonsense' }).checkIn,
    null,
  );
});

test('an SDK and its version are told by the User-Agent', () => {
  const { checkIn } = parse({
    'X-Replicated-InstanceID': 'i',
    'User-Agent': 'Replicated-SDK/v1.9.0',
  });
  assert.is(checkIn?.door, 'sdk');
  assert.equal(checkIn?.facts, { sdkVersion: 'v1.9.0' });
});

test('KOTS and its version are told by the User-Agent', () => {
  const { checkIn } = parse({ 'X-Replicated-InstanceID': 'i', 'User-Agent': 'KOTS/v1.128.0' });
  assert.is(checkIn?.door, 'kots');
  assert.equal(checkIn?.facts, { appManagerVersion: 'v1.128.0' });
});

test('another client is taken for an SDK of unknown version', () => {
  const { checkIn } = parse({ 'X-Replicated-InstanceID': 'i', 'User-Agent': 'curl/8.9' });
  assert.is(checkIn?.door, 'sdk');
  assert.equal(checkIn?.facts, {});
});

test('what is empty or absent is not reported', () => {
  assert.equal(
    facts({
      'X-Replicated-AppStatus': '',
      'X-Replicated-K8sVersion': '',
      'X-Replicated-ClusterID': '',
      'X-Replicated-DownstreamChannelSequence': '',
      'X-Replicated-SnapshotProvider': '',
    }),
    {},
  );
});

test('sequence 0 counts only when that release exists', () => {
  const headers = {
    'X-Replicated-DownstreamChannelID': 'stable',
    'X-Replicated-DownstreamChannelSequence': '0',
  };
  assert.equal(facts(headers), { channelId: 'stable' });
  assert.equal(facts(headers, true), { channelId: 'stable', channelSequence: 0 });
});

test('the channel name counts only where there is no channel id', () => {
  assert.equal(facts({ 'X-Replicated-DownstreamChannelName': 'Stable' }), {
    channelName: 'Stable',
  });
  assert.equal(
    facts({
      'X-Replicated-DownstreamChannelID': 'stable',
      'X-Replicated-DownstreamChannelName': 'Stable',
    }),
    { channelId: 'stable' },
  );
});

test('any distribution is accepted as it is', () => {
  assert.equal(facts({ 'X-Replicated-K8sDistribution': 'talos' }), { k8sDistribution: 'talos' });
});

test('kURL counts mean something only where IsKurl is true', () => {
  const counts = {
    'X-Replicated-KurlNodeCountTotal': '3',
    'X-Replicated-KurlNodeCountReady': '2',
    'X-Replicated-KurlInstallID': 'kurl-1',
  };
  assert.equal(facts({ ...counts, 'X-Replicated-IsKurl': 'false' }), { isKurl: false });
  assert.equal(facts(counts), {});
  assert.equal(facts({ ...counts, 'X-Replicated-IsKurl': 'true' }), {
    isKurl: true,
    nodesTotal: 3,
    nodesReady: 2,
    kurlInstallId: 'kurl-1',
  });
});

for (const [header, value] of [
  ['X-Replicated-AppStatus', 'fine'],
  ['X-Replicated-AppStatus', 'Ready'],
  ['X-Replicated-KurlNodeCountTotal', 'three'],
  ['X-Replicated-KurlNodeCountReady', '-1'],
  ['X-Replicated-InstanceTagData', '!!!'],
  ['X-Replicated-InstanceTagData', 'bm90IGpzb24='],
  ['X-Replicated-InstanceTagData', Buffer.from('{"tags":{"a":1}}').toString('base64')],
  ['X-Replicated-InstanceID', 'x'.repeat(301)],
  ['X-Replicated-ClusterID', 'x'.repeat(301)],
] as const) {
  test(`${header}: ${value.slice(0, 20)} refuses the report and is named`, () => {
    const { code, message } = refusal(() => facts({ [header]: value }));
    assert.is(code, 'invalid');
    assert.match(message, header);
    assert.ok(message.length < 250 && message.endsWith('.'), message);
  });
}

for (const [header, value] of [
  ['X-Replicated-DownstreamChannelSequence', 'seven'],
  ['X-Replicated-DownstreamChannelSequence', '99999999999'],
  ['X-Replicated-IsKurl', 'maybe'],
  ['X-Replicated-SkipPreflights', 'x'],
  ['X-Replicated-K8sVersion', 'v'.repeat(257)],
  ['X-Replicated-ReplHelmInstalls', '1.5'],
  ['X-Replicated-EmbeddedClusterNodes', '[{]'],
  ['X-Replicated-EmbeddedClusterNodes', '[{"name":5}]'],
  ['User-Agent', `KOTS/${'1'.repeat(300)}`],
] as const) {
  test(`${header}: ${value.slice(0, 20)} is left out and counted, and the check-in stands`, () => {
    const { checkIn, ignored } = parse({ 'X-Replicated-InstanceID': 'i', [header]: value });
    assert.equal(checkIn?.facts, {});
    assert.equal(ignored, [header]);
  });
}

test('unknown X-Replicated headers are no matter', () => {
  assert.equal(facts({ 'X-Replicated-Tomorrow': 'x' }), {});
});

test('tags are base64 of JSON', () => {
  const data = { force: true, tags: { env: 'prod', näme: 'Wert' } };
  const value = Buffer.from(JSON.stringify(data)).toString('base64');
  const { checkIn } = parse({
    'X-Replicated-InstanceID': 'i',
    'X-Replicated-InstanceTagData': value,
  });
  assert.equal(checkIn?.tags, { force: true, values: data.tags });
});

test('51 tags are refused, 50 are taken', () => {
  const read = (count: number) => {
    const tags = Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, 'x']));
    const value = Buffer.from(JSON.stringify({ force: false, tags })).toString('base64');
    return parse({ 'X-Replicated-InstanceID': 'i', 'X-Replicated-InstanceTagData': value });
  };
  assert.is(Object.keys(read(50).checkIn?.tags?.values ?? {}).length, 50);
  assert.match(refusal(() => read(51)).message, 'at most 50 tags');
});

test('of embedded cluster nodes names, roles, readiness and counts are kept, their pods dropped', () => {
  const node = (name: string, isReady: boolean) => ({
    name,
    isConnected: true,
    isReady,
    roles: ['worker', 'controller'],
    operatingSystem: 'linux',
    cpu: { capacity: 8, used: 3.2 },
    podList: [{ name: 'api-1', status: 'Running', namespace: 'default' }],
  });
  const list = [node('b', false), node('a', true)];
  for (const sent of [list, { nodes: list, ha: true }]) {
    const { checkIn } = parse({
      'X-Replicated-InstanceID': 'i',
      'X-Replicated-EmbeddedClusterNodes': JSON.stringify(sent),
    });
    assert.is(checkIn?.facts.nodesTotal, 2);
    assert.is(checkIn?.facts.nodesReady, 1);
    assert.is.not(checkIn?.facts.nodesDigest, undefined);
    const rest = { isConnected: true, roles: ['controller', 'worker'], operatingSystem: 'linux' };
    assert.equal(checkIn?.inventories.nodes, [
      { name: 'a', isReady: true, ...rest },
      { name: 'b', isReady: false, ...rest },
    ]);
  }
});

test('header bytes that are UTF-8 are read as UTF-8, others as Latin-1', () => {
  const asSent = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
  assert.is(facts({ 'X-Replicated-K8sVersion': asSent('Zürich ✓') })?.k8sVersion, 'Zürich ✓');
  assert.is(facts({ 'X-Replicated-K8sVersion': 'Z\u00fcrich' })?.k8sVersion, 'Zürich');
});

test('every header of KOTS has its fact', () => {
  assert.equal(
    facts({
      'X-Replicated-KotsInstallID': 'a',
      'X-Replicated-EmbeddedClusterID': 'b',
      'X-Replicated-EmbeddedClusterVersion': 'c',
      'X-Replicated-RestoredFromInstanceID': 'd',
      'X-Replicated-IsGitOpsEnabled': 'true',
      'X-Replicated-GitOpsProvider': 'github',
      'X-Replicated-SnapshotProvider': 'velero',
      'X-Replicated-SnapshotFullSchedule': '0 0 * * *',
      'X-Replicated-SnapshotFullTTL': '720h',
      'X-Replicated-SnapshotPartialSchedule': '@daily',
      'X-Replicated-SnapshotPartialTTL': '24h',
      'X-Replicated-InstallStatus': 'deployed',
      'X-Replicated-PreflightStatus': 'pass',
      'X-Replicated-SkipPreflights': 'false',
      'X-Replicated-DownstreamSequence': '4',
      'X-Replicated-DownstreamSource': 'Upstream Update',
      'X-Replicated-ReplHelmInstalls': '1',
      'X-Replicated-NativeHelmInstalls': '2',
    }),
    {
      kotsInstallId: 'a',
      embeddedClusterId: 'b',
      embeddedClusterVersion: 'c',
      restoredFromInstanceId: 'd',
      gitOpsEnabled: true,
      gitOpsProvider: 'github',
      snapshotProvider: 'velero',
      snapshotFullSchedule: '0 0 * * *',
      snapshotFullTtl: '720h',
      snapshotPartialSchedule: '@daily',
      snapshotPartialTtl: '24h',
      installStatus: 'deployed',
      preflightStatus: 'pass',
      skipPreflights: false,
      downstreamSequence: 4,
      downstreamSource: 'Upstream Update',
      replHelmInstalls: 1,
      nativeHelmInstalls: 2,
    },
  );
});

test.run();
