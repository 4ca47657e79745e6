import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { StatusValue } from '#contract/status.ts';
import { advance, detectChanges, refuse } from '#domain/changes.ts';
import { historyOf } from '#domain/history.ts';
import type { Instance, InstanceEvent, Span, World } from '#domain/model.ts';
import { deafStretches } from '#domain/presence.ts';
import {
  type Totals,
  addBars,
  bars,
  coverage,
  formatRatio,
  fromBar,
  growBar,
  knownSegments,
  settledUntil,
  toBar,
  uptimeRatio,
} from '#domain/uptime.ts';
import { alwaysListening, checkInOf, day, hour, instanceOf, minute, on, worldAt } from './build.ts';

/** An instance that reports, and the history it makes. */
class Story {
  instance: Instance = instanceOf();
  events: InstanceEvent[] = [];
  ears: Span[];
  constructor(ears: Span[] = alwaysListening) {
    this.ears = ears;
  }
  #world = (now: number): World => worldAt(now, { ears: this.ears });
  #take(step: { instance: Instance; events: InstanceEvent[] }): this {
    this.instance = step.instance;
    this.events.push(...step.events);
    return this;
  }
  says(status: StatusValue | null, ...times: number[]): this {
    const checkIn = checkInOf(status === null ? {} : { status });
    for (const now of times) this.#take(detectChanges(this.instance, checkIn, this.#world(now)));
    return this;
  }
  isRefused(at: number): this {
    return this.#take(refuse(this.instance, 'license expired', at, this.ears));
  }
  until(now: number) {
    this.#take(advance(this.instance, this.#world(now)));
    const deaf = deafStretches(this.ears, -Infinity, now);
    return historyOf(this.instance, this.events, deaf, now);
  }
}

const days = [on(1, '00:00'), on(2, '00:00'), on(3, '00:00'), on(4, '00:00')];
const inHours = (totals: Totals[]) =>
  totals.map(({ up, degraded, down }) => [up / hour, degraded / hour, down / hour]);

test('the worked example: 48 of 54 hours are 88.88 %', () => {
  const hourly = (from: number, to: number) =>
    Array.from({ length: (to - from) / hour }, (_, index) => from + index * hour);
  const history = new Story()
    .says('ready', ...hourly(on(1, '06:00'), on(2, '00:00')))
    .says('unavailable', ...hourly(on(2, '00:00'), on(2, '06:00')))
    .says('ready', ...hourly(on(2, '06:00'), on(3, '12:00')))
    .until(on(3, '12:00'));
  const totals = bars(history, days);
  assert.equal(inHours(totals), [
    [18, 0, 0],
    [18, 0, 6],
    [12, 0, 0],
  ]);
  const total = addBars(...totals);
  assert.is(formatRatio(total), '88.88 %');
  assert.is(uptimeRatio(total), 48 / 54);
  assert.is(coverage(total, on(3, '12:00') - on(1, '00:00')), '2 d');
});

test('degraded counts as available but shows as degraded', () => {
  const history = new Story().says('degraded', on(1, '06:00')).until(on(1, '12:00'));
  const [first] = bars(history, days);
  assert.equal(first, { up: 0, degraded: 6 * hour, down: 0 });
  assert.is(formatRatio(first as Totals), '100 %');
});

test('updating is up, missing is down', () => {
  const history = new Story()
    .says('updating', on(1, '00:00'))
    .says('missing', on(1, '01:00'))
    .says('updating', on(1, '03:00'))
    .until(on(1, '04:00'));
  assert.equal(inHours(bars(history, days).slice(0, 1)), [[2, 0, 2]]);
});

test('an unmonitored ready is no data', () => {
  const story = new Story().says('ready', on(1, '00:00')).says('unmonitored', on(1, '01:00'));
  assert.equal(inHours(bars(story.until(on(1, '04:00')), days).slice(0, 1)), [[1, 0, 0]]);
});

test('nothing known is “–”, never 0 % nor 100 %', () => {
  const history = new Story().says(null, on(1, '00:00')).until(on(1, '12:00'));
  assert.equal(knownSegments(history, on(1, '00:00'), on(2, '00:00')), []);
  assert.is(formatRatio({ up: 0, degraded: 0, down: 0 }), '–');
  assert.is(uptimeRatio({ up: 0, degraded: 0, down: 0 }), null);
});

test('a status holds while an instance is late, and no longer than until it turned inactive', () => {
  const history = new Story().says('ready', on(1, '06:00')).until(on(3, '00:00'));
  assert.equal(inHours(bars(history, days)), [
    [18, 0, 0],
    [6, 0, 0],
    [0, 0, 0],
  ]);
});

test('a gap stays a gap after the instance comes back with the same status', () => {
  const history = new Story().says('ready', on(1, '06:00'), on(3, '06:00')).until(on(3, '12:00'));
  assert.equal(inHours(bars(history, days)), [
    [18, 0, 0],
    [6, 0, 0],
    [6, 0, 0],
  ]);
});

test('while an instance is refused there is no data', () => {
  const story = new Story().says('ready', on(1, '00:00')).isRefused(on(1, '06:00'));
  assert.equal(inHours(bars(story.until(on(3, '12:00')), days)), [
    [6, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ]);
  const back = story.says('ready', on(3, '18:00')).until(on(4, '00:00'));
  assert.equal(inHours(bars(back, days)).at(-1), [6, 0, 0]);
});

const deafFromNineToTen: Span[] = [
  { from: on(1, '00:00'), to: on(1, '09:00') },
  { from: on(1, '10:00'), to: on(9, '00:00') },
];

test('a status held while we were deaf is known if the next report names the same one', () => {
  const history = new Story(deafFromNineToTen).says('ready', on(1, '08:00'), on(1, '11:00'));
  assert.equal(inHours(bars(history.until(on(1, '12:00')), days).slice(0, 1)), [[4, 0, 0]]);
});

test('a status held while we were deaf is not known if the next report names another', () => {
  const story = new Story(deafFromNineToTen)
    .says('ready', on(1, '08:00'))
    .says('degraded', on(1, '11:00'));
  assert.equal(inHours(bars(story.until(on(1, '12:00')), days).slice(0, 1)), [[2, 1, 0]]);
});

test('until a report names the status again, the deaf stretch is open and its day not settled', () => {
  const story = new Story(deafFromNineToTen)
    .says('ready', on(1, '08:00'))
    .says(null, on(1, '11:00'));
  const open = story.until(on(1, '12:00'));
  assert.equal(inHours(bars(open, days).slice(0, 1)), [[3, 0, 0]]);
  assert.is(settledUntil(open), on(1, '09:00'));
  const bridged = story.says('ready', on(1, '12:00')).until(on(1, '12:00'));
  assert.equal(inHours(bars(bridged, days).slice(0, 1)), [[4, 0, 0]]);
  assert.is(settledUntil(bridged), Infinity);
});

test('a deaf stretch that ran into inactivity stays a gap and is settled', () => {
  const story = new Story(deafFromNineToTen).says('ready', on(1, '08:00'));
  const inactive = story.until(on(3, '00:00'));
  assert.is(story.instance.inactiveSince, on(2, '09:00'));
  assert.is(settledUntil(inactive), Infinity);
  const before = bars(inactive, days).slice(0, 2);
  assert.equal(inHours(before), [
    [15, 0, 0],
    [9, 0, 0],
  ]);
  const back = story.says('ready', on(3, '06:00')).until(on(3, '12:00'));
  assert.equal(bars(back, days).slice(0, 2), before);
});

test('a history may begin in the middle: the first change tells what held before', () => {
  const story = new Story().says('ready', on(1, '00:00')).says('degraded', on(2, '12:00'));
  const whole = story.until(on(3, '00:00'));
  const sinceDay2 = { ...whole, statuses: whole.statuses.filter(({ at }) => at >= on(2, '00:00')) };
  assert.equal(bars(sinceDay2, days).slice(1), bars(whole, days).slice(1));
});

test('without a change in the window the present status held since it began', () => {
  const whole = new Story().says('ready', on(2, '06:00')).until(on(3, '00:00'));
  assert.equal(bars({ ...whole, statuses: [] }, days), bars(whole, days));
});

test('an absence that began before the window is still one', () => {
  const story = new Story().says('ready', on(1, '00:00'));
  const silent = { ...story.until(on(3, '00:00')), presence: [] };
  assert.equal(inHours(bars(silent, days)).at(-1), [0, 0, 0]);
  const back = story.says('ready', on(3, '06:00')).until(on(3, '12:00'));
  const since = { ...back, presence: back.presence.filter(({ at }) => at >= on(3, '00:00')) };
  assert.equal(bars(since, days).at(-1), bars(back, days).at(-1));
});

test('an air gap instance is known until the last report of its archive', () => {
  const instance = instanceOf({
    airGap: true,
    facts: { status: 'ready' },
    statusSince: on(1, '06:00'),
    lastCheckInAt: on(1, '10:00'),
  });
  const history = historyOf(instance, [], [], on(3, '00:00'));
  assert.equal(inHours(bars(history, days)), [
    [4, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

test('rows that observe without changing are left out', () => {
  const row = { at: on(1, '02:00'), category: 'app status', field: 'status' } as const;
  const same = { ...row, before: 'ready', after: 'ready', unheardSince: null };
  const whole = new Story().says('ready', on(1, '01:00')).until(on(1, '03:00'));
  const history = historyOf(
    instanceOf({ facts: { status: 'ready' }, statusSince: on(1, '01:00') }),
    [same],
    [],
    on(1, '03:00'),
  );
  assert.equal(bars(history, days), bars(whole, days));
});

test('ratios are cut, never rounded', () => {
  const ratio = (up: number, down: number) =>
    formatRatio({ up: up * 1000, degraded: 0, down: down * 1000 });
  assert.is(ratio(99_996, 4), '99.99 %');
  assert.is(ratio(1, 0), '100 %');
  assert.is(ratio(0, 1), '0 %');
  assert.is(ratio(1, 99_999), '< 0.01 %');
  assert.is(ratio(1, 9_999), '0.01 %');
  assert.is(ratio(29, 71), '29 %');
  assert.is(ratio(992, 8), '99.2 %');
  assert.is(ratio(365 * day - 1, 1), '99.99 %');
  assert.is(ratio(1, 365 * day - 1), '< 0.01 %');
  assert.is(ratio(58, 42), '58 %');
});

test('of less than a second nobody knows a ratio', () => {
  assert.is(formatRatio({ up: 999, degraded: 0, down: 0 }), '–');
  assert.is(uptimeRatio({ up: 500, degraded: 400, down: 99 }), null);
  assert.is(formatRatio({ up: 500, degraded: 400, down: 100 }), '90 %');
});

test('coverage is told only where a second or more of the window is unknown', () => {
  const known = (up: number) => ({ up, degraded: 0, down: 0 });
  assert.is(coverage(known(14 * day), 14 * day), null);
  assert.is(coverage(known(14 * day - 999), 14 * day), null);
  assert.is(coverage(known(11 * day + 23 * hour), 14 * day), '11 d');
  assert.is(coverage(known(47 * hour), 14 * day), '47 h');
  assert.is(coverage(known(90 * minute), 14 * day), '90 min');
  assert.is(coverage(known(1), 14 * day), '< 1 s');
  assert.is(coverage(known(0), 14 * day), '0 s');
});

test('the page’s bar grows as the server’s does', () => {
  const story = new Story().says('ready', on(1, '00:00')).says('missing', on(1, '06:00'));
  const at = (now: number) => toBar(bars(story.until(now), days)[0] as Totals);
  const grown = growBar(at(on(1, '07:00')), on(1, '07:00'), on(1, '07:00') + 1234, 'missing', true);
  assert.equal(grown, at(on(1, '07:00') + 1234));
});

test('a bar does not grow while nothing is known, nor backwards', () => {
  const bar = [1, 2, 3] as const;
  assert.equal(growBar([...bar], 0, 5000, 'ready', false), [1, 2, 3]);
  assert.equal(growBar([...bar], 0, 5000, 'unmonitored', true), [1, 2, 3]);
  assert.equal(growBar([...bar], 0, 5000, null, true), [1, 2, 3]);
  assert.equal(growBar([...bar], 5000, 0, 'ready', true), [1, 2, 3]);
  assert.equal(growBar([...bar], 0, 5000, 'degraded', true), [1, 7, 3]);
});

test('seconds on the wire are exact milliseconds again', () => {
  const totals = { up: 86_399_999, degraded: 1, down: 12_345_678 };
  assert.equal(fromBar(toBar(totals)), totals);
});

test.run();
