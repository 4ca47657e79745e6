import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { appStatuses, attentionOrder } from '#contract/status.ts';
import { aggregateStatus, attentionOf, barState, worst } from '#domain/status.ts';
import { instanceOf } from './build.ts';

const resources = (...states: (typeof appStatuses)[number][]) => states.map((state) => ({ state }));

test('an app without any resource is missing', () => {
  assert.is(aggregateStatus([]), 'missing');
});

test('an app is as bad as its worst resource: missing, unavailable, degraded, updating, ready', () => {
  assert.is(aggregateStatus(resources('ready', 'ready')), 'ready');
  assert.is(aggregateStatus(resources('ready', 'updating')), 'updating');
  assert.is(aggregateStatus(resources('degraded', 'updating')), 'degraded');
  assert.is(aggregateStatus(resources('degraded', 'unavailable', 'ready')), 'unavailable');
  assert.is(aggregateStatus(resources('unavailable', 'missing')), 'missing');
});

test('aggregation is the worst of any list in any order', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...appStatuses), { minLength: 1 }), (states) => {
      const expected = appStatuses[Math.min(...states.map((state) => appStatuses.indexOf(state)))];
      assert.is(aggregateStatus(resources(...states)), expected);
      assert.is(aggregateStatus(resources(...states.toReversed())), expected);
      assert.is(states.reduce(worst), expected);
    }),
  );
});

test('refused comes before inactive, inactive before late, late before the status', () => {
  const refusal = { reason: 'license expired', since: 1, lastAt: 1, count: 1 } as const;
  const down = instanceOf({ facts: { status: 'unavailable' } });
  assert.is(attentionOf(down), 'unavailable');
  assert.is(attentionOf({ ...down, lateSince: 1 }), 'late');
  assert.is(attentionOf({ ...down, lateSince: 1, inactiveSince: 2 }), 'inactive');
  assert.is(attentionOf({ ...down, lateSince: 1, inactiveSince: 2, refusal }), 'refused');
});

test('an instance that names no status is unreported, and an unmonitored one ready', () => {
  assert.is(attentionOf(instanceOf()), 'unreported');
  assert.is(attentionOf(instanceOf({ facts: { status: 'unmonitored' } })), 'ready');
});

test('lists begin with what is worst: unavailable, missing, degraded, refused, late, updating, inactive, ready', () => {
  const order = ['unavailable', 'missing', 'degraded', 'refused', 'late', 'updating', 'inactive'];
  const known = attentionOrder.filter((attention) => attention !== 'unreported');
  assert.equal(known, [...order, 'ready']);
});

test('ready and updating are up, missing and unavailable down, unmonitored is no data', () => {
  assert.is(barState('ready'), 'up');
  assert.is(barState('updating'), 'up');
  assert.is(barState('degraded'), 'degraded');
  assert.is(barState('missing'), 'down');
  assert.is(barState('unavailable'), 'down');
  assert.is(barState('unmonitored'), null);
});

test.run();
