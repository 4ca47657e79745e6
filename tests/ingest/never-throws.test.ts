import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CheckIn } from '#domain/model.ts';
import { AppError } from '#server/errors.ts';
import { parseInfoBody, parseMetricsBody, withBody } from '#server/ingest/parse-body.ts';
import { parseHeaders } from '#server/ingest/parse-headers.ts';
import { parseUpdateCheck } from '#server/ingest/pending.ts';
import { parsePlainCheckIns } from '#server/ingest/plain-door.ts';
import { idLimit, isStorable } from '#server/text.ts';

/** Runs what may be refused; whatever else it throws fails the property. */
function attempt<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    assert.is(error.code, 'invalid');
    assert.ok(error.message.length < 400 && error.message.isWellFormed(), error.message);
    return null;
  }
}

/** A check-in that passed must be storable as it is: no text that PostgreSQL would refuse, nothing without bounds. */
function requireStorable(checkIn: CheckIn) {
  assert.ok(checkIn.instanceId.length > 0 && checkIn.instanceId.length <= idLimit);
  const texts: string[] = [];
  JSON.stringify(checkIn, (key, value: unknown) => {
    texts.push(key);
    if (typeof value === 'string') texts.push(value);
    if (typeof value === 'number') assert.ok(Number.isFinite(value));
    return value;
  });
  assert.ok(texts.every(isStorable));
}

const latin1 = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((n) => String.fromCharCode(n)),
});
const base64 = fc.json().map((json) => Buffer.from(json).toString('base64'));
const headerValue = fc.oneof(
  latin1,
  base64,
  fc.json(),
  fc.constantFrom('ready', 'true', '0', '', '1e9', '99999999999', 'x'.repeat(301), 'é'.repeat(257)),
);
const headerNames = [
  'AppStatus',
  'ClusterID',
  'InstanceTagData',
  'K8sVersion',
  'K8sDistribution',
  'DownstreamChannelID',
  'DownstreamChannelName',
  'DownstreamChannelSequence',
  'EmbeddedClusterNodes',
  'IsKurl',
  'KurlNodeCountTotal',
  'KurlNodeCountReady',
  'RestoredFromInstanceID',
  'SkipPreflights',
  'SnapshotFullTTL',
].map((name) => `x-replicated-${name.toLowerCase()}`);

test('whatever the headers hold, they make a storable check-in or are refused in one sentence', () => {
  const headers = fc.dictionary(fc.constantFrom(...headerNames, 'user-agent'), headerValue);
  fc.assert(
    fc.property(headers, headerValue, fc.boolean(), (given, instanceId, zero) => {
      const all: Record<string, string> = { ...given, 'x-replicated-instanceid': instanceId };
      const parsed = attempt(() =>
        parseHeaders(
          (name) => (Object.hasOwn(all, name) ? all[name] : undefined),
          () => zero,
        ),
      );
      if (parsed?.checkIn) requireStorable(parsed.checkIn);
    }),
    { numRuns: 3000 },
  );
});

const loose = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('ready', 'deployment', 'airgap', '2026-10-01T09:00:00Z', 60, 1_790_000_000_000),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.constantFrom(
        ...['instanceId', 'status', 'resources', 'kind', 'name', 'namespace', 'state', 'metrics'],
        ...['tags', 'nodes', 'ready', 'total', 'kubernetes', 'version', 'reportedAt', 'source'],
        ...['data', 'resource_states', 'running_images', 'nextWithin', '__proto__', 'toString'],
      ),
      tie('value'),
      { maxKeys: 6 },
    ),
  ),
})).value;
const bodies = fc.oneof(
  fc.string({ unit: 'binary' }),
  loose.map((value) => JSON.stringify(value)),
  loose.map((value) => JSON.stringify({ resource_states: JSON.stringify(value) })),
);

test('whatever the body of a report holds, it is taken or refused in one sentence', () => {
  const blank = { instanceId: 'i', facts: {}, inventories: {} } as CheckIn;
  fc.assert(
    fc.property(bodies, (text) => {
      const body = attempt(() => parseInfoBody(text));
      if (body) requireStorable(withBody(blank, body));
      const metrics = attempt(() => parseMetricsBody(text));
      if (metrics) requireStorable({ ...blank, metrics });
    }),
    { numRuns: 3000 },
  );
});

test('whatever comes to the plain door, it is taken or refused in one sentence', () => {
  const likely = fc.record(
    { instanceId: fc.string({ unit: 'binary' }), metrics: loose, tags: loose, resources: loose },
    { requiredKeys: ['instanceId'] },
  );
  const texts = fc.oneof(
    bodies,
    fc.oneof(likely, fc.array(likely)).map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const checkIns = attempt(() => parsePlainCheckIns(text, () => false));
      checkIns?.forEach(requireStorable);
    }),
    { numRuns: 3000 },
  );
});

test('whatever an update check asks, it is understood or refused in one sentence', () => {
  const query = fc.dictionary(
    fc.constantFrom('channelSequence', 'selectedChannelId', 'sortOrder', 'licenseSequence'),
    fc.oneof(fc.string({ unit: 'binary' }), fc.integer().map(String)),
  );
  fc.assert(
    fc.property(query, (given) => {
      const check = attempt(() => parseUpdateCheck((name) => given[name]));
      if (check) assert.ok(check.after === null || Number.isSafeInteger(check.after));
    }),
  );
});

test.run();
