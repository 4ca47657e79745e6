import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parsePlainCheckIns } from '#server/ingest/plain-door.ts';
import { refusal } from './refusals.ts';

const parse = (value: unknown, zero = false) =>
  parsePlainCheckIns(JSON.stringify(value), () => zero);

test('the smallest check-in is an instance id', () => {
  assert.equal(parse({ instanceId: 'prod-1' }), [
    {
      instanceId: 'prod-1',
      door: 'api',
      reportedAt: null,
      facts: {},
      inventories: {},
      tags: null,
      metrics: null,
      nextWithin: null,
    },
  ]);
});

test('every field has its fact', () => {
  const [checkIn] = parse({
    instanceId: 'prod-1',
    status: 'degraded',
    resources: [{ kind: 'deployment', name: 'api', namespace: 'default', state: 'degraded' }],
    versionLabel: '1.2.0',
    channel: 'stable',
    channelSequence: 3,
    clusterId: 'c',
    kubernetes: { version: 'v1.31.2', distribution: 'eks' },
    cloud: { provider: 'aws', region: 'eu-central-1' },
    nodes: { ready: 2, total: 3 },
    kurl: false,
    appManagerVersion: 'v1.128.0',
    sdkVersion: 'v1.9.0',
    tags: { env: 'prod' },
    metrics: { users: 12, plan: null },
    nextWithin: 300,
  });
  const { resourcesDigest, ...facts } = checkIn?.facts ?? {};
  assert.type(resourcesDigest, 'string');
  assert.equal(facts, {
    status: 'degraded',
    versionLabel: '1.2.0',
    channelId: 'stable',
    channelSequence: 3,
    clusterId: 'c',
    k8sVersion: 'v1.31.2',
    k8sDistribution: 'eks',
    cloudProvider: 'aws',
    cloudRegion: 'eu-central-1',
    nodesReady: 2,
    nodesTotal: 3,
    isKurl: false,
    appManagerVersion: 'v1.128.0',
    sdkVersion: 'v1.9.0',
  });
  assert.equal(checkIn?.tags, { force: false, values: { env: 'prod' } });
  assert.equal(checkIn?.metrics, { users: 12, plan: null });
  assert.is(checkIn?.nextWithin, 300);
});

test('resources alone say the status, and an explicit empty list with ready says that nobody vouches for it', () => {
  const resource = { kind: 'service', name: 'web', state: 'unavailable' };
  assert.is(parse({ instanceId: 'i', resources: [resource] })[0]?.facts.status, 'unavailable');
  assert.is(
    parse({ instanceId: 'i', status: 'ready', resources: [] })[0]?.facts.status,
    'unmonitored',
  );
});

test('an air gap report carries its time, as ISO 8601 or as milliseconds', () => {
  const at = Date.UTC(2026, 9, 1, 9);
  const times = ['2026-10-01T09:00:00Z', '2026-10-01T11:00:00+02:00', at];
  for (const reportedAt of times) {
    assert.is(parse({ instanceId: 'i', source: 'airgap', reportedAt })[0]?.reportedAt, at);
  }
});

test('a list keeps its order', () => {
  const ids = parse([{ instanceId: 'b' }, { instanceId: 'a' }]).map((one) => one.instanceId);
  assert.equal(ids, ['b', 'a']);
});

for (const [value, start] of [
  [{}, 'instanceId: is missing'],
  [{ instanceId: '' }, 'instanceId: must not be empty'],
  [{ instanceId: 5 }, 'instanceId: must be text'],
  [{ instanceId: 'x'.repeat(301) }, 'instanceId: must be at most 300 characters long'],
  [{ instanceId: 'a\u0000' }, 'instanceId: '],
  [{ instanceId: 'i', status: 'fine' }, 'status: must be one of missing, '],
  [{ instanceId: 'i', stats: 1, extra: 2 }, 'unknown fields "stats", "extra"'],
  [{ instanceId: 'i', kubernetes: { versoin: 'v1' } }, 'kubernetes: unknown field "versoin"'],
  [{ instanceId: 'i', nextWithin: 59 }, 'nextWithin: must be at least 60'],
  [{ instanceId: 'i', nextWithin: 86_401 }, 'nextWithin: must be at most 86400'],
  [{ instanceId: 'i', source: 'airgap' }, 'reportedAt: '],
  [{ instanceId: 'i', reportedAt: 1_790_000_000_000 }, 'source: '],
  [
    { instanceId: 'i', source: 'airgap', reportedAt: 'yesterday' },
    'reportedAt: must be an ISO 8601',
  ],
  [{ instanceId: 'i', metrics: { users: { total: 1 } } }, 'metrics.users: '],
  [{ instanceId: 'i', tags: { env: 1 } }, 'tags: '],
  [[{ instanceId: 'a' }, {}], '[1].instanceId: is missing'],
  [
    [0, 1, 2, 3].map((i) => ({ instanceId: 'i', metrics: { users: i === 3 ? [] : i } })),
    '[3].metrics.users: ',
  ],
  [[], 'must hold at least 1 items'],
  [Array.from({ length: 1001 }, () => ({ instanceId: 'i' })), 'must hold at most 1000 items'],
  ['text', 'must be an object'],
  [null, 'must be an object'],
] as const) {
  test(`${JSON.stringify(value).slice(0, 60)} is refused: ${start}`, () => {
    const { code, message } = refusal(() => parse(value));
    assert.is(code, 'invalid');
    assert.ok(message.startsWith(start), message);
  });
}

for (const [field, start] of [
  ['"metrics":{"__proto__":1}', 'metrics.__proto__: this name cannot be taken'],
  ['"metrics":{"a":1,"__proto__":{"a":1}}', 'metrics.__proto__: this name cannot be taken'],
  ['"metrics":{"constructor":1}', 'metrics.constructor: this name cannot be taken'],
  ['"tags":{"__proto__":"x"}', 'tags.__proto__: this name cannot be taken'],
  ['"tags":{"constructor":"x"}', 'tags: the tag name "constructor" cannot be taken'],
] as const) {
  test(`a name that reaches into an object is refused: ${field}`, () => {
    for (const [text, where] of [
      [`{"instanceId":"i",${field}}`, ''],
      [`[{"instanceId":"i"},{"instanceId":"i",${field}}]`, '[1].'],
    ] as const) {
      const { code, message } = refusal(() => parsePlainCheckIns(text, () => false));
      assert.is(code, 'invalid');
      assert.is(message, `${where}${start}.`);
    }
  });
}

test.run();
