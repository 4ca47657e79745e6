import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { StatusValue } from '#contract/status.ts';
import type { CheckIn } from '#domain/model.ts';
import { parseInfoBody, parseMetricsBody, withBody } from '#server/ingest/parse-body.ts';
import { refusal } from './refusals.ts';

const api = { kind: 'deployment', name: 'api', namespace: 'default', state: 'ready' };
const body = (resources: unknown) => JSON.stringify({ resource_states: JSON.stringify(resources) });

function status(named: StatusValue | undefined, resources: unknown): StatusValue | undefined {
  const checkIn: CheckIn = {
    instanceId: 'i',
    door: 'sdk',
    reportedAt: null,
    facts: named ? { status: named } : {},
    inventories: {},
    tags: null,
    metrics: null,
    nextWithin: null,
  };
  return withBody(checkIn, parseInfoBody(resources === undefined ? '{}' : body(resources))).facts
    .status;
}

test('an empty body and {} say nothing', () => {
  for (const text of ['', '  \n', '{}', '{"resource_states":""}', '{"later":{"a":[1]}}']) {
    assert.equal(
      parseInfoBody(text),
      text.includes('{') ? { resources: undefined, images: undefined } : {},
    );
  }
});

test('a status that the report names wins over its resources', () => {
  assert.is(status('degraded', [api]), 'degraded');
  assert.is(status('missing', []), 'missing');
});

test('without a named status the resources say it: the worst of them', () => {
  assert.is(status(undefined, [api, { ...api, name: 'web', state: 'unavailable' }]), 'unavailable');
  assert.is(status(undefined, []), 'missing');
  assert.is(status(undefined, undefined), undefined);
});

test('ready with an explicit empty list is not monitored', () => {
  assert.is(status('ready', []), 'unmonitored');
  assert.is(status('ready', [api]), 'ready');
  assert.is(status('ready', undefined), 'ready');
});

test('the same resources have the same digest in whatever order they come', () => {
  const web = { ...api, name: 'web' };
  const digests = [
    [api, web],
    [web, api],
  ].map((list) => {
    const parsed = parseInfoBody(body(list));
    const checkIn = { facts: {}, inventories: {} } as CheckIn;
    return withBody(checkIn, parsed).facts.resourcesDigest;
  });
  assert.is(digests[0], digests[1]);
  assert.match(digests[0] ?? '', /^[\w-]{27}$/);
});

test('running images are kept with their digests', () => {
  const text = JSON.stringify({
    running_images: { 'nginx:1': ['sha256:b', 'sha256:a'], 'a:1': [] },
  });
  assert.equal(parseInfoBody(text).images, { 'a:1': [], 'nginx:1': ['sha256:a', 'sha256:b'] });
});

for (const [text, named] of [
  ['{', 'JSON'],
  ['[]', 'The body'],
  ['null', 'The body'],
  ['"x"', 'The body'],
  ['{"resource_states":[]}', 'resource_states'],
  ['{"resource_states":"{"}', 'resource_states'],
  ['{"resource_states":"{}"}', 'resource_states'],
  [body([{ ...api, state: 'fine' }]), 'resource_states[0].state'],
  [body([api, { ...api, name: 5 }]), 'resource_states[1].name'],
  [body([{ ...api, kind: 'x'.repeat(300) }]), 'resource_states[0].kind'],
  [body([{ ...api, namespace: 'a\u0000b' }]), 'resource_states[0].namespace'],
  [body(Array.from({ length: 2001 }, () => api)), 'resource_states'],
  ['{"running_images":[]}', 'running_images'],
  ['{"running_images":{"nginx":"sha256:a"}}', 'running_images["nginx"]'],
  ['{"running_images":{"__proto__":[]}}', 'running_images["__proto__"]'],
] as const) {
  test(`${text.slice(0, 60)} is refused and ${named} named`, () => {
    const { code, message } = refusal(() => parseInfoBody(text));
    assert.is(code, 'invalid');
    assert.ok(message.includes(named), message);
  });
}

test('custom metrics are scalars and null', () => {
  const data = { activeUsers: 150, ssoEnabled: true, plan: 'gold', ratio: 1.5, unset: null };
  assert.equal(parseMetricsBody(JSON.stringify({ data })), data);
  assert.equal(parseMetricsBody('{"data":{}}'), {});
});

for (const [text, named] of [
  ['{}', 'data'],
  ['{"data":[]}', 'data'],
  ['{"data":{"users":{"total":1}}}', 'data["users"]'],
  ['{"data":{"users":[1]}}', 'data["users"]'],
  ['{"data":{"big":1e999}}', 'data["big"]'],
  ['{"data":{"":1}}', 'data[""]'],
  ['{"data":{"__proto__":1}}', 'data["__proto__"]'],
  ['{"data":{"constructor":1}}', 'data["constructor"]'],
  ['{"data":{"half":"\\ud800"}}', 'data["half"]'],
  ['{"data":{"nul":"\\u0000"}}', 'data["nul"]'],
  [`{"data":{"long":"${'x'.repeat(1001)}"}}`, 'data["long"]'],
  [
    JSON.stringify({ data: Object.fromEntries(Array.from({ length: 201 }, (_, i) => [i, i])) }),
    'data',
  ],
] as const) {
  test(`the metrics ${text.slice(0, 50)} are refused and ${named} named`, () => {
    const { code, message } = refusal(() => parseMetricsBody(text));
    assert.is(code, 'invalid');
    assert.ok(message.startsWith(`${named}`), message);
  });
}

test.run();
