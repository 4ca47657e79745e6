import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { appStatuses } from '#contract/status.ts';
import { advance, detectChanges } from '#domain/changes.ts';
import type { Door, Facts, Instance } from '#domain/model.ts';
import { mergeReports } from '#domain/reporters.ts';
import { checkInOf, hour, instanceOf, minute, start, tell, worldAt } from './build.ts';

const say = (instance: Instance, door: Door, facts: Facts, now: number, nextWithin?: number) =>
  detectChanges(instance, checkInOf(facts, { door, nextWithin: nextWithin ?? null }), worldAt(now));

const both = (kots: Facts, sdk: Facts): Instance => {
  const first = say(instanceOf(), 'kots', kots, start).instance;
  return say(first, 'sdk', sdk, start + hour).instance;
};

test('the values of one reporter alone are not kept twice', () => {
  assert.is(say(instanceOf(), 'kots', { status: 'ready' }, start).instance.reports, null);
});

test('KOTS wins for every shared field, and the loser’s value is kept but makes no event', () => {
  const first = say(instanceOf(), 'kots', { status: 'ready', k8sVersion: 'v1' }, start);
  const second = say(
    first.instance,
    'sdk',
    { status: 'degraded', k8sVersion: 'v1', sdkVersion: '1.2' },
    start + hour,
  );
  assert.equal(tell(second.events), ['sdkVersion: null → 1.2']);
  assert.equal(second.instance.facts, { status: 'ready', k8sVersion: 'v1', sdkVersion: '1.2' });
  assert.is(second.instance.reports?.sdk.status, 'degraded');
  assert.ok(second.changed);
});

test('KOTS takes over at once from an SDK that spoke first', () => {
  const first = say(instanceOf(), 'sdk', { status: 'degraded' }, start);
  const second = say(first.instance, 'kots', { status: 'ready' }, start + hour);
  assert.equal(tell(second.events), ['status: degraded → ready']);
  assert.is(second.events[0]?.reporter, 'kots');
});

test('the plain door speaks as the SDK does', () => {
  const instance = say(instanceOf(), 'kots', { status: 'ready' }, start).instance;
  const fold = say(instance, 'api', { status: 'missing' }, start + hour);
  assert.equal(fold.events, []);
  assert.is(fold.instance.reports?.sdk.status, 'missing');
});

test('the hand-over is an event four and a half hours after KOTS last spoke', () => {
  const instance = both({ status: 'ready' }, { status: 'degraded' });
  assert.is(advance(instance, worldAt(start + 4.5 * hour)).instance, instance);
  const step = advance(instance, worldAt(start + 4.5 * hour + minute));
  assert.equal(tell(step.events), ['status: ready → degraded']);
  assert.is(step.events[0]?.at, start + 4.5 * hour);
  assert.is(step.instance.statusSince, start + 4.5 * hour);
  assert.is(step.instance.revision, instance.revision + 1);
  const again = advance(step.instance, worldAt(start + 5 * hour));
  assert.is(again.instance, step.instance);
});

test('what only KOTS reports stays after the hand-over', () => {
  const instance = both({ status: 'ready', isKurl: true }, { status: 'degraded' });
  const step = advance(instance, worldAt(start + 5 * hour));
  assert.equal(step.instance.facts, { status: 'degraded', isKurl: true });
});

test('if the SDK is not fresh either, the status stays last known until it speaks', () => {
  const first = say(instanceOf(), 'sdk', { status: 'degraded' }, start).instance;
  const instance = say(first, 'kots', { status: 'ready' }, start + hour).instance;
  const silent = advance(instance, worldAt(start + 8 * hour));
  assert.is(silent.instance.facts.status, 'ready');
  assert.is(silent.instance.lateSince, start + 5.5 * hour);
  const spoke = say(silent.instance, 'sdk', {}, start + 9 * hour);
  assert.equal(tell(spoke.events), ['status: ready → degraded']);
  assert.is(spoke.events[0]?.at, start + 9 * hour);
});

test('by a short promise the SDK is stale sooner', () => {
  const first = say(instanceOf(), 'kots', { status: 'ready' }, start).instance;
  const instance = say(first, 'api', { status: 'degraded' }, start + 4 * hour, 600).instance;
  const step = advance(instance, worldAt(start + 4.75 * hour));
  assert.is(step.instance.facts.status, 'ready');
});

test('KOTS takes the word back when it speaks again', () => {
  const instance = both({ status: 'ready' }, { status: 'degraded' });
  const step = advance(instance, worldAt(start + 5 * hour));
  const back = say(step.instance, 'kots', { status: 'ready' }, start + 6 * hour);
  assert.equal(tell(back.events), ['status: degraded → ready']);
});

test('a silence of KOTS that we could not hear is no hand-over', () => {
  const instance = both({ status: 'ready' }, { status: 'degraded' });
  const ears = [
    { from: start - hour, to: start + 2 * hour },
    { from: start + 9 * hour, to: start + 99 * hour },
  ];
  const world = worldAt(start + 10 * hour, { ears });
  const fold = detectChanges(instance, checkInOf({ status: 'degraded' }), world);
  assert.equal(fold.events, []);
  assert.is(fold.instance.facts.status, 'ready');
});

test('the loser’s word does not vouch for the winner’s status', () => {
  const instance = both({ status: 'ready' }, { status: 'degraded' });
  assert.is(instance.statusReportedAt, start);
  const agreeing = say(instance, 'sdk', { status: 'ready' }, start + 2 * hour).instance;
  assert.is(agreeing.statusReportedAt, start + 2 * hour);
});

/** The rule over again, from the whole list of reports: who has the word at `now`, and what it says. */
function expectedStatus(
  reports: { at: number; door: Door; status: string }[],
  now: number,
): string | null {
  let held: string | null = null;
  let kots: { at: number; status: string } | null = null;
  let sdk: { at: number; status: string } | null = null;
  const limit = 4.5 * hour;
  const handOver = (until: number) => {
    if (kots === null || sdk === null || until <= kots.at + limit) return;
    if (kots.at + limit - sdk.at <= limit) held = sdk.status;
  };
  for (const { at, door, status } of reports) {
    handOver(at);
    if (door === 'kots') kots = { at, status };
    else sdk = { at, status };
    if (door === 'kots' || kots === null || at > kots.at + limit) held = status;
    else held = kots.status;
  }
  handOver(now);
  return held;
}

test('over any reports and sweeps the status is the winner’s', () => {
  const report = fc.record({
    gap: fc.integer({ min: 1, max: 400 }),
    door: fc.constantFrom<Door>('kots', 'sdk', 'api'),
    status: fc.constantFrom(...appStatuses),
    swept: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(report, { minLength: 1, maxLength: 30 }), (reports) => {
      let instance = instanceOf();
      let now = start;
      const told: { at: number; door: Door; status: string }[] = [];
      for (const { gap, door, status, swept } of reports) {
        now += gap * minute;
        if (swept) {
          const world = worldAt(now);
          instance = advance(instance, world).instance;
          assert.is(advance(instance, world).instance, instance);
          assert.is(instance.facts.status ?? null, expectedStatus(told, now));
        }
        told.push({ at: now, door, status });
        instance = say(instance, door, { status }, now).instance;
        assert.is(instance.facts.status, expectedStatus(told, now));
      }
    }),
    { numRuns: 300 },
  );
});

const derived: Facts = { cloudProvider: 'aws', cloudRegion: 'us-east-1', cloudFromAddress: true };
const named: Facts = { cloudProvider: 'gcp' };
const noCloud: Facts = {};
const clouds: [what: string, kots: Facts, sdk: Facts, settled: Facts][] = [
  ['the loser’s named one counts for more than the winner’s address', derived, named, named],
  ['the winner’s named one is not mixed with the loser’s address', named, derived, named],
  ['an address alone tells', noCloud, derived, derived],
  ['of two addresses the winner’s tells', derived, { ...derived, cloudRegion: 'x' }, derived],
  [
    'where nobody looked, all is as it was',
    { cloudRegion: 'r' },
    named,
    { ...named, cloudRegion: 'r' },
  ],
];
for (const [what, kots, sdk, settled] of clouds) {
  test(`clouds: ${what}`, () => assert.equal(mergeReports({ kots, sdk }, 'kots'), settled));
}

test.run();
