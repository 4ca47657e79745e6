import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { advance, detectChanges } from '#domain/changes.ts';
import { crossing, deafStretches, inactiveAfter, lateAfter, lateAt } from '#domain/presence.ts';
import {
  alwaysListening,
  checkInOf,
  day,
  hour,
  instanceOf,
  minute,
  on,
  second,
  start,
  tell,
  worldAt,
} from './build.ts';

test('without a promise an instance is late after four and a half hours', () => {
  assert.is(lateAfter(null), 4.5 * hour);
});

test('with a promise it is late an eighth beyond it, but never before a minute', () => {
  assert.is(lateAfter(3600), 4050 * second);
  assert.is(lateAfter(60), 67.5 * second);
  assert.is(lateAfter(10), 60 * second);
});

test('inactive is the setting, or ten times a promise and at least 15 minutes where that is sooner', () => {
  assert.is(inactiveAfter(null, 24 * hour), 24 * hour);
  assert.is(inactiveAfter(60, 24 * hour), 15 * minute);
  assert.is(inactiveAfter(600, 24 * hour), 100 * minute);
  assert.is(inactiveAfter(86_400, 24 * hour), 24 * hour);
});

test('a line is crossed when silence is longer than the limit, not when it is as long', () => {
  const heardUntil = (to: number) => [{ from: start - day, to }];
  assert.is(crossing(start, hour, hour, heardUntil(start + hour)), null);
  assert.is(crossing(start, hour, hour, heardUntil(start + hour + 1)), start + hour);
});

test('silence counts only while we listen', () => {
  const ears = [
    { from: start - day, to: start + 10 * minute },
    { from: start + 40 * minute, to: start + 10 * hour },
  ];
  // 10 minutes heard before, 50 after: an hour of silence at 90 minutes; an hour of listening only at 100.
  assert.is(crossing(start, hour, 20 * minute, ears), start + 90 * minute);
  assert.is(crossing(start, hour, hour, ears), start + 100 * minute);
});

test('many short spells of listening add up to silence, but only a whole promise of listening tells', () => {
  const ears = Array.from({ length: 100 }, (_, index) => ({
    from: start + index * hour,
    to: start + index * hour + 30 * minute,
  }));
  assert.is(crossing(start + 1, 2 * hour, 29 * minute, ears), start + 4 * hour + 29 * minute);
  assert.is(crossing(start + 1, 2 * hour, 31 * minute, ears), null);
});

test('after a start nobody is late before another promise of listening', () => {
  const restart = start + 3 * day;
  const ears = [
    { from: start - day, to: start + hour },
    { from: restart, to: restart + day },
  ];
  const silent = instanceOf({ lastCheckInAt: start });
  const soon = advance(silent, worldAt(restart + 4 * hour, { ears }));
  assert.is(soon.instance, silent);
  const later = advance(silent, worldAt(restart + 5 * hour, { ears }));
  assert.is(later.instance.lateSince, restart + 4.5 * hour);
  assert.is(later.instance.inactiveSince, null);
});

test('an instance turns late, then inactive, each at the moment the line was crossed', () => {
  const silent = instanceOf({ facts: { status: 'ready' } });
  const late = advance(silent, worldAt(on(1, '05:00')));
  assert.is(late.instance.lateSince, on(1, '04:30'));
  assert.equal(late.events, []);
  assert.ok(late.changed);
  assert.is(late.instance.revision, silent.revision + 1);
  const inactive = advance(late.instance, worldAt(on(3, '07:00')));
  assert.is(inactive.instance.inactiveSince, on(2, '00:00'));
  assert.equal(tell(inactive.events), ['presence: active → inactive']);
  assert.is(inactive.events[0]?.at, on(2, '00:00'));
  assert.is(inactive.instance.facts.status, 'ready');
});

test('advancing again changes nothing', () => {
  const once = advance(instanceOf(), worldAt(on(3, '07:00')));
  const twice = advance(once.instance, worldAt(on(3, '07:00')));
  assert.is(twice.instance, once.instance);
  assert.not.ok(twice.changed);
});

test('the check-in that ends an inactivity is an event, and the gap before it too if nobody swept', () => {
  const back = detectChanges(instanceOf(), checkInOf(), worldAt(on(5, '12:00')));
  assert.equal(tell(back.events), ['presence: active → inactive', 'presence: inactive → active']);
  assert.equal(
    back.events.map(({ at }) => at),
    [on(2, '00:00'), on(5, '12:00')],
  );
  assert.is(back.instance.inactiveSince, null);
  assert.is(back.instance.lateSince, null);
});

test('a promise kept short is missed soon, and ends with the next check-in that makes none', () => {
  const promised = detectChanges(instanceOf(), checkInOf({}, { nextWithin: 60 }), worldAt(start));
  const step = advance(promised.instance, worldAt(start + 16 * minute));
  assert.is(step.instance.lateSince, start + 67.5 * second);
  assert.is(step.instance.inactiveSince, start + 15 * minute);
  const back = detectChanges(step.instance, checkInOf(), worldAt(start + hour));
  assert.is(back.instance.nextWithin, null);
  assert.is(lateAt(back.instance, alwaysListening), start + 5.5 * hour);
});

test('air gap, refused and archived instances turn neither late nor inactive', () => {
  const refusal = { reason: 'license expired', since: 1, lastAt: 1, count: 1 } as const;
  for (const over of [{ airGap: true }, { refusal }, { archivedAt: start }]) {
    const instance = instanceOf(over);
    assert.is(advance(instance, worldAt(on(9, '00:00'))).instance, instance);
    assert.is(lateAt(instance, alwaysListening), null);
  }
});

test('a check-in of an archived instance unarchives it, with its silence on record', () => {
  const archived = instanceOf({ archivedAt: on(1, '06:00') });
  const back = detectChanges(archived, checkInOf(), worldAt(on(5, '12:00')));
  assert.is(back.instance.archivedAt, null);
  assert.ok(back.changed);
  assert.equal(tell(back.events), ['presence: active → inactive', 'presence: inactive → active']);
});

test('the moment of lateness is foretold, as if we went on listening', () => {
  assert.is(lateAt(instanceOf(), [{ from: start - day, to: start + minute }]), start + 4.5 * hour);
  assert.is(lateAt(instanceOf(), []), start + 4.5 * hour);
  const restarted = [
    { from: start - day, to: start + minute },
    { from: start + hour, to: start + hour },
  ];
  assert.is(lateAt(instanceOf(), restarted), start + 5.5 * hour);
});

test('we were deaf between spans only, never before the first', () => {
  const ears = [
    { from: 10, to: 20 },
    { from: 30, to: 40 },
    { from: 50, to: 60 },
  ];
  const gaps = [
    { from: 20, to: 30 },
    { from: 40, to: 50 },
  ];
  assert.equal(deafStretches(ears, 0, 100), gaps);
  assert.equal(deafStretches(ears, 25, 45), [
    { from: 25, to: 30 },
    { from: 40, to: 45 },
  ]);
  assert.equal(deafStretches(ears, 30, 40), []);
  assert.equal(deafStretches([], 0, 100), []);
});

test.run();
