import { strict as assert } from 'node:assert';
import { suite } from 'uvu';
import type { Bar } from '#contract/instance.ts';
import { drawBars, findBar } from '#lib/charts/uptime.ts';
import { sayUptime } from '#lib/charts/ratio.ts';
import { holdsNow } from '#lib/instance-words.ts';

const test = suite('uptime bars');

const day = 86_400;
const edges = [0, day * 1000, 2 * day * 1000];
const size = { width: 20, height: 33, gap: 0.2 };
/** The chart's own height: below it is room for the marks. */
const full = 28;
const draw = (bars: Bar[], now = 2 * day * 1000) => drawBars(bars, edges, now, size);
const heights = (path: string) =>
  [...path.matchAll(/v([\d.]+)/g)].map(([, height]) => Number(height));

test('known time is stacked in proportion and fills the bar with what is not known', () => {
  const { up, degraded, down, noData } = draw([
    [day / 2, day / 4, 0],
    [0, 0, day],
  ]);
  assert.deepEqual(heights(up), [full / 2]);
  assert.deepEqual(heights(degraded), [full / 4]);
  assert.deepEqual(heights(noData), [full / 4]);
  assert.deepEqual(heights(down), [full]);
});

test('any down time at all is at least two pixels high and has its mark', () => {
  const { up, down, marks } = draw([
    [day - 1, 0, 1],
    [day, 0, 0],
  ]);
  assert.deepEqual(heights(down), [2]);
  assert.deepEqual(heights(up), [full - 2, full]);
  assert.equal(marks.match(/M/g)?.length, 1);
});

test('the last bar grows with the day, and what is still to come stays empty', () => {
  const noon = 1.5 * day * 1000;
  const { up, noData } = draw(
    [
      [0, 0, 0],
      [day / 2, 0, 0],
    ],
    noon,
  );
  assert.deepEqual(heights(up), [full / 2]);
  assert.deepEqual(heights(noData), [full]);
});

test('the bar under a point is found, at the edges too', () => {
  assert.equal(findBar(-3, 14, 140), 0);
  assert.equal(findBar(75, 14, 140), 7);
  assert.equal(findBar(140, 14, 140), 13);
});

test('today’s bar grows with time, but not for one who is put away: nobody marks it as silent', () => {
  const row = { presence: 'current', airGap: false, archived: false } as const;
  assert.ok(holdsNow(row));
  assert.ok(holdsNow({ ...row, presence: 'late' }));
  for (const more of [
    ...[{ archived: true }, { airGap: true }],
    ...[{ presence: 'inactive' as const }, { presence: 'refused' as const }],
  ])
    assert.ok(!holdsNow({ ...row, ...more }), JSON.stringify(more));
});

test('coverage stands beside a ratio only where less than the window is known', () => {
  const window = 2 * day * 1000;
  assert.deepEqual(
    sayUptime(
      [
        [day, 0, 0],
        [day, 0, 0],
      ],
      window,
    ),
    {
      ratio: '100 %',
      coverage: null,
      known: true,
    },
  );
  assert.equal(
    sayUptime(
      [
        [0, 0, 0],
        [day, 0, 0],
      ],
      window,
    ).coverage,
    'of 24 h',
  );
  // The two reports of an air gap archive may be half a second apart.
  for (const up of [0, 0.5])
    assert.deepEqual(
      sayUptime(
        [
          [0, 0, 0],
          [up, 0, 0],
        ],
        window,
      ),
      {
        ratio: '–',
        coverage: null,
        known: false,
      },
    );
});

test.run();
