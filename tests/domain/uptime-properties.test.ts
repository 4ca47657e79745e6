import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { StatusValue } from '#contract/status.ts';
import { dayEdges } from '#domain/calendar.ts';
import { advance, detectChanges } from '#domain/changes.ts';
import { type History, historyOf } from '#domain/history.ts';
import type { InstanceEvent, Span } from '#domain/model.ts';
import { deafStretches } from '#domain/presence.ts';
import { addBars, bars, fromBar, growBar, settledUntil, toBar } from '#domain/uptime.ts';
import { checkInOf, day, hour, instanceOf, minute, second, start, worldAt } from './build.ts';
import { type Said, knownPerSecond, totalsPerBucket } from './oracle.ts';

const statuses: StatusValue[] = ['missing', 'unavailable', 'degraded', 'updating', 'ready'];
const anyStatus = fc.constantFrom<(StatusValue | null)[]>(...statuses, 'unmonitored', null);

/** A promise of 64 s: late after 72 s, inactive after 15 minutes. */
const nextWithin = 64;
const grace = 72;
const inactive = 15 * 60;

interface Plan {
  reports: { gap: number; status: StatusValue | null }[];
  deaf: { gap: number; length: number }[];
  sweeps: number[];
  tail: number;
}

const plan: fc.Arbitrary<Plan> = fc.record({
  reports: fc.array(
    fc.record({
      gap: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 2500 })),
      status: anyStatus,
    }),
    { minLength: 1, maxLength: 25 },
  ),
  deaf: fc.array(
    fc.record({
      gap: fc.integer({ min: 1, max: 1500 }),
      length: fc.integer({ min: 1, max: 1500 }),
    }),
    { maxLength: 6 },
  ),
  sweeps: fc.array(fc.integer({ min: 0, max: 9000 }), { maxLength: 6 }),
  tail: fc.integer({ min: 1, max: 3000 }),
});

/** Seconds, not yet moments: what happened, with no report while nobody could hear it. */
function schedule({ reports, deaf, tail }: Plan) {
  const ears: Span[] = [];
  let from = -1000;
  let at = 0;
  for (const { gap, length } of deaf) {
    ears.push({ from, to: at + gap });
    at += gap + length;
    from = at;
  }
  ears.push({ from, to: Infinity });
  const hears = (moment: number) => ears.some((ear) => ear.from <= moment && moment < ear.to);
  let clock = 0;
  const said: Said[] = [];
  for (const { gap, status } of reports) {
    clock += gap;
    if (hears(clock)) said.push({ at: clock, status });
  }
  return { said, ears, now: nextHeard(ears, clock + tail) };
}

/** Nobody reads while Rollcall is down: the moment itself, or the end of the deafness it falls into. */
function nextHeard(ears: Span[], moment: number): number {
  const ear = ears.find(({ to }) => moment < to);
  return Math.max(moment, (ear?.from ?? 0) + 1);
}

const moments = (ears: Span[], now: number): Span[] =>
  ears
    .filter(({ from }) => from <= now)
    .map(({ from, to }) => ({
      from: start + from * second,
      to: start + Math.min(to, now) * second,
    }));

/** Lets an instance live through the plan, sweeps and all, and gives the history that the store would. */
function live(said: Said[], ears: Span[], sweeps: number[], now: number): History {
  let instance = instanceOf({ nextWithin, lastCheckInAt: start, lastEventAt: start });
  const events: InstanceEvent[] = [];
  const worldOf = (seconds: number) =>
    worldAt(start + seconds * second, { ears: moments(ears, seconds), inactiveAfter: day });
  const sweepAt = (seconds: number) => {
    const step = advance(instance, worldOf(seconds));
    assert.is(advance(step.instance, worldOf(seconds)).instance, step.instance);
    instance = step.instance;
    events.push(...step.events);
  };
  const due = sweeps.filter((at) => at < now).toSorted((a, b) => a - b);
  for (const { at, status } of said) {
    while ((due[0] ?? Infinity) <= at) sweepAt(due.shift() ?? 0);
    // With a resource list, so that a ready after an unmonitored ready is one.
    const inventories = { resources: [{ state: 'ready' }] };
    const checkIn =
      status === null
        ? checkInOf({}, { nextWithin })
        : checkInOf({ status }, { nextWithin, inventories });
    const fold = detectChanges(instance, checkIn, worldOf(at));
    instance = fold.instance;
    events.push(...fold.events);
  }
  for (const at of [...due, now]) sweepAt(at);
  for (const [index, event] of events.entries()) {
    if (index > 0) assert.ok(event.at >= (events[index - 1] as InstanceEvent).at, 'in order');
  }
  const heard = moments(ears, now);
  const deaf = deafStretches(heard, start, start + now * second);
  return historyOf(instance, events, deaf, start + now * second);
}

const toMoments = (edges: number[]) => edges.map((edge) => start + edge * second);

test('bars are what the reports say, second by second, through gaps, deafness and inactivity', () => {
  fc.assert(
    fc.property(plan, fc.integer({ min: 60, max: 4000 }), (it, width) => {
      const { said, ears, now } = schedule(it);
      // The instance exists from the first second on, so its silence does too.
      const all = [{ at: 0, status: null }, ...said];
      const history = live(said, ears, it.sweeps, now);
      const edges = [];
      for (let edge = 0; edge < now + width; edge += width) edges.push(edge);
      const known = knownPerSecond(all, { inactive, grace, ears, now });
      assert.equal(bars(history, toMoments(edges)), totalsPerBucket(known, edges));
    }),
    { numRuns: 600 },
  );
});

test('cutting anywhere is additive, so that closed days and today are the same sum as all at once', () => {
  fc.assert(
    fc.property(plan, fc.array(fc.integer({ min: 0, max: 20_000 })), (it, cuts) => {
      const { said, ears, now } = schedule(it);
      const history = live(said, ears, it.sweeps, now);
      const inner = [...new Set(cuts)].filter((at) => at > 0 && at < now).toSorted((a, b) => a - b);
      const edges = [0, ...inner, now];
      const pieces = bars(history, toMoments(edges));
      assert.equal(addBars(...pieces), bars(history, toMoments([0, now]))[0]);
      for (const [index, { up, degraded, down }] of pieces.entries()) {
        const length = ((edges[index + 1] as number) - (edges[index] as number)) * second;
        assert.ok(up + degraded + down <= length);
        assert.ok(Math.min(up, degraded, down) >= 0);
      }
    }),
    { numRuns: 300 },
  );
});

test('a day reckoned from its own changes and the first one’s before is the same', () => {
  fc.assert(
    fc.property(plan, fc.double({ min: 0, max: 1, noNaN: true }), (it, share) => {
      const { said, ears, now } = schedule(it);
      const whole = live(said, ears, it.sweeps, now);
      const from = start + Math.floor(now * share) * second;
      const middle: History = {
        ...whole,
        statuses: whole.statuses.filter(({ at }) => at >= from),
        presence: whole.presence.filter(({ at }) => at >= from),
      };
      const edges = [from, start + now * second];
      assert.equal(bars(middle, edges), bars(whole, edges));
    }),
    { numRuns: 300 },
  );
});

test('what is settled never changes, whatever is reported afterwards: the cache stays right', () => {
  fc.assert(
    fc.property(plan, fc.double({ min: 0, max: 1, noNaN: true }), (it, share) => {
      const { said, ears, now } = schedule(it);
      const then = nextHeard(ears, Math.floor(now * share));
      const earlier = said.filter(({ at }) => at < then);
      const before = live(earlier, ears, it.sweeps, then);
      const after = live(said, ears, it.sweeps, now);
      const until = Math.min(settledUntil(before), start + then * second);
      assert.equal(bars(before, [start, until]), bars(after, [start, until]));
    }),
    { numRuns: 300 },
  );
});

test('a page that lets its bar grow shows what the server would', () => {
  fc.assert(
    fc.property(anyStatus, fc.integer({ min: 1, max: 60_000 }), (status, gone) => {
      const said: Said[] = [
        { at: 0, status: 'ready' },
        { at: 30, status },
      ];
      const ears = [{ from: -1000, to: Infinity }];
      const asOf = start + minute;
      const barAt = (history: History, now: number) =>
        bars({ ...history, openEnd: now }, [start, start + day])[0] ?? addBars();
      const history = live(said, ears, [], 60);
      const bar = toBar(barAt(history, asOf));
      const grown = growBar(bar, asOf, asOf + gone, history.status, true);
      assert.equal(fromBar(grown), barAt(history, asOf + gone));
    }),
  );
});

/** A thousand changes a day over three days around a change of the clock. */
function checkFlapping(zone: string, noon: number, seed: number): void {
  const edges = dayEdges(zone, noon + day, 3);
  const [from = 0, , , to = 0] = edges;
  const length = (to - from) / second;
  const pick = fc.record({
    at: fc.integer({ min: 0, max: length - 1 }),
    status: fc.constantFrom(...statuses),
  });
  const [reports = []] = fc.sample(fc.array(pick, { minLength: 3000, maxLength: 3000 }), {
    seed,
    numRuns: 1,
  });
  const said = reports.toSorted((a, b) => a.at - b.at);
  let instance = instanceOf({ lastCheckInAt: from, lastEventAt: from });
  const events: InstanceEvent[] = [];
  const ears = [{ from: from - day, to }];
  for (const { at, status } of said) {
    const world = worldAt(from + at * second, { ears });
    const fold = detectChanges(instance, checkInOf({ status }), world);
    instance = fold.instance;
    events.push(...fold.events);
  }
  const history = historyOf(instance, events, [], to);
  const rules = { inactive: 24 * 3600, grace: 4.5 * 3600, now: length };
  const known = knownPerSecond(said, { ...rules, ears: [{ from: -1000, to: Infinity }] });
  const seconds = edges.map((edge) => (edge - from) / second);
  const days = bars(history, edges);
  assert.equal(days, totalsPerBucket(known, seconds));
  const sum = addBars(...days);
  assert.is(sum.up + sum.degraded + sum.down, to - from - (said[0]?.at ?? 0) * second);
  assert.is.not(edges[2] === undefined ? 24 * hour : edges[2] - (edges[1] ?? 0), 24 * hour);
}

const clockChanges: [zone: string, noon: string][] = [
  ['Europe/Berlin', '2026-03-29T12:00:00Z'],
  ['Europe/Berlin', '2026-10-25T12:00:00Z'],
  ['America/Sao_Paulo', '2018-11-04T12:00:00Z'],
  ['America/Sao_Paulo', '2018-02-17T12:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-05T02:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-04T02:00:00Z'],
];

for (const [index, [zone, noon]] of clockChanges.entries()) {
  test(`flapping a thousand times a day is summed right in ${zone} around ${noon}`, () => {
    checkFlapping(zone, Date.parse(noon), index + 1);
  });
}

test.run();
