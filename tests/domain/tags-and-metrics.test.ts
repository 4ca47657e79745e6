import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { detectChanges, detectMetricChanges } from '#domain/changes.ts';
import { eventedFacts, fieldLabel, fieldOf, metricLabel } from '#domain/fields.ts';
import type { Tags } from '#domain/model.ts';
import { checkInOf, instanceOf, start, tell, worldAt } from './build.ts';

const foldTags = (tags: Tags, values: Record<string, string>, force = false) =>
  detectChanges(instanceOf({ tags }), checkInOf({}, { tags: { force, values } }), worldAt(start));

test('a report’s tags replace those that reports have set', () => {
  const fold = foldTags({ env: ['dev', 'report'], old: ['x', 'report'] }, { env: 'prod' });
  assert.equal(fold.instance.tags, { env: ['prod', 'report'] });
  assert.equal(tell(fold.events), ['tag:env: dev → prod', 'tag:old: x → null']);
  assert.is(fold.events[0]?.category, 'infrastructure');
});

test('the vendor’s tags give way only to force', () => {
  const vendor: Tags = { env: ['prod', 'vendor'], tier: ['1', 'vendor'] };
  assert.equal(foldTags(vendor, { env: 'dev' }).instance.tags, vendor);
  assert.equal(foldTags(vendor, { env: 'dev' }, true).instance.tags, {
    env: ['dev', 'report', 'prod'],
    tier: ['1', 'vendor'],
  });
});

test('a vendor’s tag under a forced one shows again when the report leaves it out', () => {
  const fold = foldTags({ env: ['dev', 'report', 'prod'] }, { other: 'x' });
  assert.equal(fold.instance.tags, { env: ['prod', 'vendor'], other: ['x', 'report'] });
  assert.equal(tell(fold.events), ['tag:env: dev → prod', 'tag:other: null → x']);
});

test('the same tags again change nothing', () => {
  const fold = foldTags({ env: ['prod', 'report'] }, { env: 'prod' });
  assert.not.ok(fold.changed);
  assert.equal(fold.events, []);
});

test('a tag may have any name', () => {
  const values: unknown = JSON.parse('{"__proto__": "a", "constructor": "b"}');
  const { instance } = foldTags({}, values as Record<string, string>);
  assert.equal(Object.keys(instance.tags), ['__proto__', 'constructor']);
});

test('a set of metrics replaces the current one: an event per changed value', () => {
  const changes = detectMetricChanges(
    { users: 5, sso: true, gone: 'x' },
    { users: 6, sso: true, fresh: null, plan: 'pro' },
    start,
    'sdk',
  );
  assert.equal(tell(changes.events), ['users: 5 → 6', 'plan: null → pro']);
  assert.equal(changes.upserts, [
    { name: 'users', value: 6 },
    { name: 'fresh', value: null },
    { name: 'plan', value: 'pro' },
  ]);
  assert.equal(changes.removals, ['gone']);
  assert.is(changes.events[0]?.category, 'custom metrics');
});

test('a metric may have any name', () => {
  const reported: unknown = JSON.parse('{"__proto__": 1, "toString": 2}');
  const changes = detectMetricChanges({}, reported as Record<string, number>, start, 'api');
  assert.equal(
    changes.upserts.map(({ name }) => name),
    ['__proto__', 'toString'],
  );
});

test('metric names read as words', () => {
  assert.is(metricLabel('num_projects'), 'Num Projects');
  assert.is(metricLabel('numProjects'), 'Num Projects');
  assert.is(metricLabel('active-users'), 'Active Users');
  assert.is(metricLabel('SSOEnabled'), 'SSO Enabled');
  assert.is(metricLabel('p99Latency'), 'P99 Latency');
  assert.is(metricLabel('___'), '___');
});

test('every field has a label to read', () => {
  assert.is(fieldLabel('cluster status', 'k8sVersion'), 'Kubernetes version');
  assert.is(fieldLabel('custom metrics', 'k8sVersion'), 'K8s Version');
  assert.is(fieldLabel('infrastructure', 'tag:env'), 'Tag env');
  assert.is(fieldLabel('infrastructure', 'toString'), 'toString');
});

test('categories are those of the semantics', () => {
  assert.is(fieldOf.versionLabel.category, 'app install/upgrade');
  assert.is(fieldOf.nodesReady.category, 'cluster status');
  assert.is(fieldOf.cloudRegion.category, 'infrastructure');
  assert.is(fieldOf.appManagerVersion.category, 'app manager version');
  assert.is(fieldOf.sdkVersion.category, 'SDK version');
  assert.is(fieldOf.versionsBehind.category, 'upstream update');
  assert.not.ok(eventedFacts.includes('channelSequence'));
  assert.not.ok(eventedFacts.includes('resourcesDigest'));
});

test.run();
