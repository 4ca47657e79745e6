import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { detectChanges, newInstance, refuse } from '#domain/changes.ts';
import type { CheckIn, Facts, Instance } from '#domain/model.ts';
import { checkInOf, hour, instanceOf, minute, on, start, tell, worldAt } from './build.ts';

/** Folds check-ins one after the other, an hour apart, and tells the events of the last. */
function foldAll(instance: Instance, checkIns: CheckIn[], world = worldAt(start)) {
  let fold = detectChanges(instance, checkIns[0] ?? checkInOf(), world);
  checkIns.slice(1).forEach((checkIn, index) => {
    const now = world.now + (index + 1) * hour;
    fold = detectChanges(fold.instance, checkIn, { ...world, now });
  });
  return fold;
}

const foldFacts = (...facts: Facts[]) =>
  foldAll(
    instanceOf(),
    facts.map((it) => checkInOf(it)),
  );

test('the first report makes an event of each fact it names, from null', () => {
  const facts: Facts = {
    k8sVersion: 'v1.30',
    status: 'ready',
    channelId: 'stable',
    channelSequence: 3,
  };
  const fold = detectChanges(newInstance('c', 'i', start, false), checkInOf(facts), worldAt(start));
  assert.equal(tell(fold.events), [
    'status: null → ready',
    'versionLabel: null → 3.0',
    'channelId: null → stable',
    'k8sVersion: null → v1.30',
    'versionsBehind: null → 2',
  ]);
  assert.equal(
    [...new Set(fold.events.map(({ category }) => category))],
    ['app status', 'app install/upgrade', 'cluster status', 'upstream update'],
  );
  assert.ok(fold.changed);
  assert.is(fold.instance.revision, 1);
});

test('a report that says the same again is only a check-in and keeps the revision', () => {
  const facts: Facts = {
    status: 'ready',
    channelId: 'stable',
    channelSequence: 3,
    sdkVersion: '1',
  };
  const first = foldFacts(facts);
  const again = detectChanges(first.instance, checkInOf(facts), worldAt(start + hour));
  assert.equal(again.events, []);
  assert.not.ok(again.changed);
  assert.equal(again.instance, {
    ...first.instance,
    lastCheckInAt: start + hour,
    sdkReportedAt: start + hour,
    statusReportedAt: start + hour,
  });
});

test('what a report leaves out stays as it is', () => {
  const fold = foldFacts({ status: 'degraded', k8sVersion: 'v1.30' }, {});
  assert.equal(fold.instance.facts, { status: 'degraded', k8sVersion: 'v1.30' });
  assert.not.ok(fold.changed);
});

test('a change is dated by the server and never before the last event', () => {
  const ahead = instanceOf({ lastEventAt: on(1, '10:00'), lastCheckInAt: on(1, '10:00') });
  const fold = detectChanges(ahead, checkInOf({ status: 'ready' }), worldAt(on(1, '09:00')));
  assert.is(fold.events[0]?.at, on(1, '10:00'));
  assert.is(fold.instance.lastCheckInAt, on(1, '10:00'));
});

test('a named status counts, else the resources are aggregated, else it stays', () => {
  const resources = [{ state: 'ready' }, { state: 'degraded' }];
  const both = checkInOf({ status: 'updating' }, { inventories: { resources } });
  const listed = checkInOf({}, { inventories: { resources } });
  assert.is(foldAll(instanceOf(), [both]).instance.facts.status, 'updating');
  assert.is(foldAll(instanceOf(), [listed]).instance.facts.status, 'degraded');
  assert.is(foldAll(instanceOf(), [listed, checkInOf()]).instance.facts.status, 'degraded');
  const none = checkInOf({}, { inventories: { resources: [] } });
  assert.is(foldAll(instanceOf(), [none]).instance.facts.status, 'missing');
});

test('ready with an explicit empty list is not monitored, until a list says otherwise', () => {
  const empty = checkInOf({ status: 'ready' }, { inventories: { resources: [] } });
  const bare = checkInOf({ status: 'ready' });
  const full = checkInOf({ status: 'ready' }, { inventories: { resources: [{ state: 'ready' }] } });
  assert.is(foldAll(instanceOf(), [empty]).instance.facts.status, 'unmonitored');
  assert.is(foldAll(instanceOf(), [empty, bare]).instance.facts.status, 'unmonitored');
  assert.is(foldAll(instanceOf(), [empty, full]).instance.facts.status, 'ready');
  assert.is(foldAll(instanceOf(), [full, bare]).instance.facts.status, 'ready');
  const degraded = checkInOf({ status: 'degraded' }, { inventories: { resources: [] } });
  assert.is(foldAll(instanceOf(), [degraded]).instance.facts.status, 'degraded');
});

test('of an app without status informers no status means anything', () => {
  const world = worldAt(start, { app: { statusInformers: false } });
  for (const status of ['ready', 'missing', 'degraded'] as const) {
    const fold = foldAll(instanceOf(), [checkInOf({ status })], world);
    assert.is(fold.instance.facts.status, 'unmonitored');
  }
});

test('an unmonitored ready is no first ready', () => {
  const empty = checkInOf({ status: 'ready' }, { inventories: { resources: [] } });
  const full = checkInOf({ status: 'ready' }, { inventories: { resources: [{ state: 'ready' }] } });
  assert.is(foldAll(instanceOf(), [empty]).instance.firstReadyAt, null);
  assert.is(foldAll(instanceOf(), [empty, full]).instance.firstReadyAt, start + hour);
});

test('first ready is the first one, and the status since is the present one', () => {
  const { instance } = foldFacts({ status: 'ready' }, { status: 'missing' }, { status: 'ready' });
  assert.is(instance.firstReadyAt, start);
  assert.is(instance.statusSince, start + 2 * hour);
});

test('the version is the label of the release at channel and sequence, else the sequence itself', () => {
  const labelAfter = (...facts: Facts[]) => foldFacts(...facts).instance.facts.versionLabel;
  assert.is(labelAfter({ channelId: 'beta', channelSequence: 2 }), 'b2');
  assert.is(labelAfter({ channelName: 'Beta', channelSequence: 2 }), 'b2');
  assert.is(labelAfter({ channelSequence: 2 }), '2.0');
  assert.is(labelAfter({ channelId: 'stable', channelSequence: 77 }), '77');
  assert.is(labelAfter({ channelId: 'unheard-of', channelSequence: 2 }), '2');
  assert.is(labelAfter({ channelSequence: 2, versionLabel: 'own' }), '2.0');
  assert.is(labelAfter({ versionLabel: '9.9-custom' }), '9.9-custom');
});

test('sequence 0 is not reported unless that release exists', () => {
  const fold = foldFacts({ channelSequence: 2 }, { channelSequence: 0 });
  assert.is(fold.instance.facts.channelSequence, 2);
  const world = worldAt(start, { release: () => ({ versionLabel: 'zero', behind: 4 }) });
  const known = foldAll(instanceOf(), [checkInOf({ channelSequence: 0 })], world);
  assert.is(known.instance.facts.versionLabel, 'zero');
});

test('a channel is kept by its id, and an unknown one by what was said', () => {
  assert.equal(foldFacts({ channelName: 'Beta' }).instance.facts, { channelId: 'beta' });
  assert.equal(foldFacts({ channelId: 'stable' }, { channelName: 'Other' }).instance.facts, {
    channelName: 'Other',
  });
  assert.equal(foldFacts({ channelName: 'Other' }, { channelId: 'beta' }).instance.facts, {
    channelId: 'beta',
  });
});

test('versions behind are counted on the channel reported, else the customer’s', () => {
  const behind = (...facts: Facts[]) => foldFacts(...facts).instance.versionsBehind;
  assert.is(behind({ channelSequence: 4 }), 1);
  assert.is(behind({ channelId: 'beta', channelSequence: 4 }), 5);
  assert.is(behind({ channelId: 'unheard-of', channelSequence: 4 }), null);
  assert.is(behind({ versionLabel: '4.0' }), null);
});

test('after a change of channel nothing is behind until a sequence of the new one is reported', () => {
  const moved = foldFacts({ channelId: 'stable', channelSequence: 1 }, { channelId: 'beta' });
  assert.is(moved.instance.versionsBehind, null);
  assert.is(moved.instance.facts.versionLabel, '1.0');
  const reported = detectChanges(
    moved.instance,
    checkInOf({ channelSequence: 8 }),
    worldAt(on(1, '03:00')),
  );
  assert.is(reported.instance.versionsBehind, 1);
});

test('a promotion shows as an event of the next check-in', () => {
  const facts: Facts = { channelSequence: 4 };
  const { instance } = foldFacts(facts);
  const release = () => ({ versionLabel: '4.0', behind: 2 });
  const world = worldAt(start + hour, { release });
  assert.equal(tell(detectChanges(instance, checkInOf(facts), world).events), [
    'versionsBehind: 1 → 2',
  ]);
});

test('digests and the sequence make no events, but say which parts are new', () => {
  const { instance } = foldFacts({ channelSequence: 1 });
  const facts: Facts = { resourcesDigest: 'r', nodesDigest: 'n' };
  const fold = detectChanges(instance, checkInOf(facts), worldAt(start + hour));
  assert.equal(fold.events, []);
  assert.ok(fold.changed);
  assert.equal(fold.parts, ['resources', 'nodes']);
  assert.equal(detectChanges(fold.instance, checkInOf(facts), worldAt(start + 2 * hour)).parts, []);
});

test('a new promise is a change', () => {
  const fold = detectChanges(instanceOf(), checkInOf({}, { nextWithin: 90 }), worldAt(start));
  assert.ok(fold.changed);
  assert.is(fold.instance.nextWithin, 90);
});

test('a refusal is an event when it begins and when it ends, and is counted in between', () => {
  const began = refuse(instanceOf(), 'license expired', on(1, '06:00'));
  assert.equal(tell(began.events), ['presence: active → refused']);
  assert.ok(began.changed);
  const again = refuse(began.instance, 'license expired', on(1, '07:00'));
  assert.equal(again.events, []);
  assert.not.ok(again.changed);
  assert.is(again.instance.revision, began.instance.revision);
  assert.equal(again.instance.refusal, {
    reason: 'license expired',
    since: on(1, '06:00'),
    lastAt: on(1, '07:00'),
    count: 2,
  });
  assert.is(again.instance.lastCheckInAt, start);
  const ended = detectChanges(again.instance, checkInOf(), worldAt(on(9, '00:00')));
  assert.equal(tell(ended.events), ['presence: refused → active']);
  assert.is(ended.instance.refusal, null);
});

test('another reason for refusal is shown but is no other refusal', () => {
  const began = refuse(instanceOf(), 'license expired', start);
  const other = refuse(began.instance, 'customer archived', start + minute);
  assert.equal(other.events, []);
  assert.ok(other.changed);
  assert.is(other.instance.refusal?.reason, 'customer archived');
});

test('an inactive instance that is refused is no longer merely inactive', () => {
  const { events, instance } = refuse(
    instanceOf({ inactiveSince: on(1, '05:00'), lateSince: on(1, '02:00') }),
    'customer archived',
    on(1, '06:00'),
  );
  assert.equal(tell(events), ['presence: inactive → refused']);
  assert.is(instance.inactiveSince, null);
  assert.is(instance.lateSince, null);
});

test('a status after deafness says since when it was unheard of', () => {
  const { instance } = foldFacts({ status: 'ready' });
  const ears = [
    { from: start - hour, to: start + hour },
    { from: start + 2 * hour, to: start + 9 * hour },
  ];
  const world = worldAt(start + 3 * hour, { ears });
  const changed = detectChanges(instance, checkInOf({ status: 'degraded' }), world);
  assert.is(changed.events[0]?.unheardSince, start);
  const same = detectChanges(instance, checkInOf({ status: 'ready' }), world);
  const later = detectChanges(same.instance, checkInOf({ status: 'degraded' }), {
    ...world,
    now: start + 4 * hour,
  });
  assert.is(later.events[0]?.unheardSince, null);
});

test('a report without a status vouches for none', () => {
  const fold = foldFacts({ status: 'ready' }, { k8sVersion: 'v1.30' });
  assert.is(fold.instance.statusReportedAt, start);
  assert.is(fold.instance.lastCheckInAt, start + hour);
});

test('a fold leaves what it was given untouched', () => {
  const before = instanceOf({ facts: { status: 'ready' }, tags: { a: ['1', 'report'] } });
  const copy = structuredClone(before);
  const tags = { force: true, values: { b: '2' } };
  detectChanges(before, checkInOf({ status: 'missing' }, { tags }), worldAt(on(4, '00:00')));
  assert.equal(before, copy);
});

test('a plain check-in costs a few microseconds', () => {
  const facts: Facts = { status: 'ready', channelId: 'stable', channelSequence: 3 };
  const more: Facts = { clusterId: 'c', k8sVersion: 'v1', k8sDistribution: 'eks', sdkVersion: '1' };
  const checkIn = checkInOf({ ...facts, ...more });
  let { instance } = detectChanges(instanceOf(), checkIn, worldAt(start));
  const world = worldAt(start);
  const rounds = 50_000;
  const began = process.hrtime.bigint();
  for (let round = 0; round < rounds; round++) {
    world.now += 1000;
    instance = detectChanges(instance, checkIn, world).instance;
  }
  const microseconds = Number(process.hrtime.bigint() - began) / 1000 / rounds;
  // About 1 here; the bound leaves room for a busy machine.
  assert.ok(microseconds < 20, `${microseconds.toFixed(2)} µs`);
});

test.run();
