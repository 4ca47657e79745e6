import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { suite } from 'uvu';
import type { MetricHistory } from '#contract/activity.ts';
import type { Scalar } from '#contract/instance.ts';
import {
  drawBands,
  drawSeries,
  findHeld,
  holdValues,
  isNumeric,
  room,
} from '#lib/charts/metric-series.ts';
import { heldUntil } from '#lib/instance-words.ts';

const test = suite('series of custom metrics');

const minute = 60_000;
const start = Date.UTC(2026, 0, 1, 10);
const at = (minutes: number) => new Date(start + minutes * minute).toISOString();
const historyOf = (...points: [minutes: number, value: Scalar][]): MetricHistory => ({
  ...{ name: 'users', from: at(0), to: at(60), recorded: points.length },
  points: points.map(([minutes, value]) => [at(minutes), value]),
});
const size = { width: 656, height: 128 };
const window: [number, number] = [start, start + 60 * minute];

test('a value holds until the next one, and the last one until now', () => {
  const held = holdValues(historyOf([-30, 5], [10, 7], [20, null]), start + 60 * minute);
  assert.deepEqual(
    held.map(({ from, to, value }) => [(from - start) / minute, (to - start) / minute, value]),
    [
      [0, 10, 5],
      [10, 20, 7],
      [20, 60, null],
    ],
  );
  const fresh = holdValues(historyOf([0, 1], [60, 2]), start + 60 * minute);
  assert.equal(fresh.at(-1)?.value, 2, 'also one that came just now');
  const later = holdValues(historyOf([0, 1]), start + 90 * minute);
  assert.equal(later[0]?.to, start + 90 * minute, 'it grows as time passes');
});

test('the last value of a silent instance holds no longer than the instance is known', () => {
  const ends = (until: number, ...points: [minutes: number, value: Scalar][]) =>
    holdValues(historyOf(...points), start + 90 * minute, start + until * minute).map(
      ({ from, to }) => [(from - start) / minute, (to - start) / minute],
    );
  assert.deepEqual(ends(40, [-30, 5], [10, 7]), [
    [0, 10],
    [10, 40],
  ]);
  assert.deepEqual(ends(10, [0, 5], [10, 7]), [
    [0, 10],
    [10, 10],
  ]);
  // The value was heard before the row that says so.
  assert.deepEqual(ends(5, [0, 5], [10, 7]), [
    [0, 10],
    [10, 10],
  ]);
  assert.deepEqual(ends(-20, [-30, 5]), [], 'before all that is shown');
});

test('what is known of an instance ends with its last report by hand, or where it turned inactive', () => {
  const said = { lastCheckInAt: at(5), presenceSince: null, airGap: false, archived: false };
  const ends = (more: object) => heldUntil({ ...said, presence: 'current', ...more });
  assert.equal(ends({}), null);
  assert.equal(ends({ presence: 'late', presenceSince: at(20) }), null);
  assert.equal(ends({ presence: 'inactive', presenceSince: at(30) }), start + 30 * minute);
  assert.equal(ends({ presence: 'refused', presenceSince: at(8) }), start + 8 * minute);
  assert.equal(ends({ airGap: true }), start + 5 * minute);
  assert.equal(ends({ archived: true }), start + 5 * minute);
});

test('a line is drawn of numbers alone, states of everything else', () => {
  assert.ok(isNumeric(historyOf([0, 1], [1, null], [2, 3.5]).points));
  for (const value of ['a', true, false, '5']) {
    assert.ok(!isNumeric(historyOf([0, 1], [1, value]).points));
  }
  assert.ok(!isNumeric(historyOf([0, null]).points));
});

test('steps are steps: no slope between two values, and a gap where there is none', () => {
  const held = holdValues(historyOf([0, 10], [30, 20]), window[1]);
  const { line } = drawSeries(held, window, size);
  const points = [...line.matchAll(/([\d.]+),([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
  points.slice(1).forEach(([x, y], index) => {
    const [before, level] = points[index]!;
    assert.ok(x === before || y === level, `${line} slopes`);
  });
  const gap = drawSeries(
    holdValues(historyOf([0, 1], [20, null], [40, 2]), window[1]),
    window,
    size,
  );
  assert.equal(gap.line.match(/M/g)?.length, 2);
});

test('the axis is readable: round values within the plot, also of a line that never moves', () => {
  const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), (values) => {
      const points = values.map((it, index): [number, number] => [index, it]);
      const { valueTicks, y } = drawSeries(
        holdValues(historyOf(...points), window[1]),
        window,
        size,
      );
      assert.ok(valueTicks.length >= 1 && valueTicks.length <= 8);
      for (const { top } of valueTicks) assert.ok(top >= room.top - 1e-6 && top <= size.height);
      for (const it of values) assert.ok(y(it) >= room.top - 1e-6 && y(it) <= size.height);
      assert.equal(new Set(valueTicks.map(({ text }) => text)).size, valueTicks.length);
    }),
  );
});

test('bands stand side by side, as long as their values held, and each is found under its place', () => {
  const held = holdValues(historyOf([0, 'free'], [15, 'team'], [45, true]), window[1]);
  const bands = drawBands(held, window, size);
  const whole = size.width - room.left - room.right;
  assert.deepEqual(
    bands.map(({ width }) => Math.round((width / whole) * 60)),
    [15, 30, 15],
  );
  assert.equal(findHeld(held, start + 20 * minute), 1);
  assert.equal(findHeld(held, start - minute), 0);
  assert.equal(findHeld(held, start + 500 * minute), 2);
  assert.equal(findHeld([], start), null);
});

test.run();
