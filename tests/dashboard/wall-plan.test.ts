import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { suite } from 'uvu';
import { type Box, cellAt, cellsOf } from '#lib/wall/grid.ts';
import { type Area, type Plan, type PlanInput, planWall } from '#lib/wall/plan.ts';
import { keyText, quietText } from '#lib/wall/steps.ts';

const test = suite('the plan of a wall');

const sizes = [
  [1280, 720],
  [1920, 1080],
  [3840, 2160],
  [1080, 1920],
  [2160, 3840],
] as const;
const counts = [1, 12, 60, 300, 2000];

const input = (more: Partial<PlanInput>): PlanInput => ({
  width: 1920,
  height: 1080,
  items: 12,
  problems: 0,
  customers: 4,
  density: 'auto',
  cols: null,
  bars: (more.items ?? 12) <= 300,
  banner: false,
  ...more,
});

const right = ({ x, width }: Box) => x + width;
const bottom = ({ y, height }: Box) => y + height;
const overlap = (a: Box, b: Box) =>
  a.x < right(b) && b.x < right(a) && a.y < bottom(b) && b.y < bottom(a);
const isWithin = (inner: Box, outer: Box) =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  right(inner) <= right(outer) &&
  bottom(inner) <= bottom(outer);

const cells = ({ grid, shown, more }: Area) =>
  Array.from({ length: shown + (more > 0 ? 1 : 0) }, (_, index) => cellAt(grid, index));
const areas = ({ problems, rest }: Plan) => [problems, rest].filter((area) => area !== null);

/** Nothing overlaps, nothing is outside, everything is there, every text is as large as promised. */
function assertHolds(asked: PlanInput): void {
  const plan = planWall(asked);
  const screen = { x: 0, y: 0, width: asked.width, height: asked.height };
  const parts = [plan.header, plan.banner, plan.board, plan.ticker].filter((box) => box !== null);
  for (const part of parts) assert.ok(isWithin(part, screen) && part.height > 0);
  parts.forEach((part, at) => {
    for (const other of parts.slice(at + 1)) assert.ok(!overlap(part, other));
  });
  for (const area of areas(plan)) {
    const { grid, text } = area;
    assert.ok(cellsOf(grid) >= cells(area).length, 'each has a cell');
    for (const cell of cells(area)) assert.ok(isWithin(cell, plan.board));
    assert.ok(grid.gap >= 2 && grid.width > 0 && grid.height > 0);
    const lines = text.lines === 2 ? 1.2 * (text.name + text.word) : 1.2 * text.name;
    assert.ok(2 * text.pad + lines + text.bars <= grid.height + 3, 'the text fits');
  }
  const [first, second] = areas(plan);
  if (first && second) {
    assert.ok(bottom(first.grid.box) < second.grid.box.y, 'problems stand above the rest');
  }
  if (plan.problems) {
    assert.ok(plan.problems.text.name >= keyText * plan.scale);
    assert.ok(plan.problems.text.word >= keyText * plan.scale);
    assert.equal(plan.problems.shown + plan.problems.more, asked.problems);
  }
  if (plan.rest && plan.step !== 'dots') {
    assert.ok(plan.rest.text.name >= quietText * plan.scale * 0.99);
  }
  if (plan.step !== 'counts' && plan.pages === 1) {
    const all = (plan.problems?.shown ?? 0) + (plan.rest?.shown ?? 0);
    assert.equal(all, asked.items, 'one page shows everything');
  }
}

test('nothing overlaps or is clipped, from 1 to 2,000 things on five sizes', () => {
  for (const [width, height] of sizes) {
    for (const items of counts) {
      for (const problems of [0, 1, Math.ceil(items / 20), items]) {
        for (const banner of [false, true]) {
          const customers = Math.ceil(items / 3);
          assertHolds(input({ width, height, items, problems, customers, banner }));
          const plan = planWall(input({ width, height, items, problems, customers, banner }));
          assert.equal(plan.pages, 1, `${items} on ${width}×${height} need no second page`);
        }
      }
    }
  }
});

test('the same holds for any screen and any fleet', () => {
  const asked = fc
    .record({
      width: fc.integer({ min: 1280, max: 3840 }),
      height: fc.integer({ min: 720, max: 2160 }),
      upright: fc.boolean(),
      items: fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 6000 })),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      groups: fc.double({ min: 0, max: 1, noNaN: true }),
      density: fc.constantFrom('auto', 'bars', 'tiles', 'dots', 'counts' as const),
      cols: fc.option(fc.integer({ min: 1, max: 60 })),
      banner: fc.boolean(),
    })
    .map(({ upright, share, groups, width, height, items, density, cols, banner }) =>
      input({
        width: upright ? height : width,
        height: upright ? width : height,
        items,
        problems: Math.floor(items * share),
        customers: Math.min(items, Math.max(1, Math.ceil(items * groups))),
        density: density as PlanInput['density'],
        cols,
        banner,
      }),
    );
  fc.assert(fc.property(asked, assertHolds), { numRuns: 400 });
});

test('on an odd screen the promise is kept to the pixel', () => {
  assertHolds(
    input({ width: 744, height: 1323, items: 225, customers: 1, bars: true, banner: true }),
  );
});

test('the steps go from tiles with bars over tiles and dots to counts by customer', () => {
  const stepOf = (items: number) => planWall(input({ items, customers: 200 })).step;
  assert.deepEqual([1, 12, 60, 300, 2000, 6000].map(stepOf), [
    'bars',
    'bars',
    'bars',
    'tiles',
    'dots',
    'counts',
  ]);
});

test('all texts of a small fleet are key text, and problems stand among them, first', () => {
  for (const [width, height] of sizes) {
    const plan = planWall(input({ width, height, items: 12, problems: 3 }));
    assert.equal(plan.problems, null);
    assert.ok((plan.rest?.text.name ?? 0) >= keyText * plan.scale);
  }
});

test('a density is the most that is shown, and columns are taken where they fit', () => {
  assert.equal(planWall(input({ items: 12, density: 'tiles' })).step, 'tiles');
  assert.equal(planWall(input({ items: 12, density: 'dots' })).step, 'dots');
  assert.equal(planWall(input({ items: 12, density: 'counts' })).step, 'counts');
  assert.equal(planWall(input({ items: 12, cols: 3 })).rest?.grid.cols, 3);
  assert.notEqual(planWall(input({ items: 300, cols: 60 })).rest?.grid.cols, 60);
});

test('pages rotate only where even dots do not fit, and every one has the problems', () => {
  const plan = planWall(input({ items: 6000, problems: 2, customers: 4000 }));
  assert.ok(plan.pages > 1);
  assert.equal(plan.step, 'dots');
  assert.equal(plan.problems?.shown, 2);
});

test.run();
