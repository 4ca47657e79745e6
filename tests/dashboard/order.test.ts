import { strict as assert } from 'node:assert';
import { suite } from 'uvu';
import type { InstanceRow } from '#contract/instance.ts';
import { type Order, countMoved, isSameOrder, placePage } from '#lib/list/order.ts';

const test = suite('order of the fleet list');

const order = (...ids: number[]): Order => ({ ids, matching: ids.length });
const page = (number: number, matching: number, ids: number[]) => ({
  page: number,
  matching,
  rows: ids.map((id) => ({ id }) as InstanceRow),
});
const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
const here = ({ ids }: Order) => ids.filter((id) => id !== undefined);

test('one that rises to the top counts as one change, though all others move down', () => {
  assert.equal(countMoved(order(1, 2, 3, 4, 5), order(5, 1, 2, 3, 4)), 1);
});

test('new and vanished instances count', () => {
  assert.equal(countMoved(order(1, 2, 3), order(9, 1, 2, 3)), 1);
  assert.equal(countMoved(order(1, 2, 3), order(1, 3)), 1);
  assert.equal(countMoved(order(1, 2, 3), order(1, 2, 3)), 0);
});

test('places that were never fetched are no changes', () => {
  const held: Order = { ids: [1, 2, undefined, undefined], matching: 4 };
  assert.equal(countMoved({ ids: [1, 2, 3, 4], matching: 4 }, held), 0);
  assert.equal(isSameOrder(held, { ids: [1, 2, 3, 4], matching: 4 }), true);
});

test('a page stands in its place, and a row that moved between two fetches stands once', () => {
  const first = placePage({ ids: [], matching: 0 }, page(0, 250, range(0, 100)), {
    first: 0,
    last: 1,
  });
  const second = placePage(first, page(1, 250, [7, ...range(100, 99)]), { first: 0, last: 1 });
  assert.equal(second.ids[100], 7);
  assert.equal(second.ids[7], undefined);
  assert.equal(new Set(here(second)).size, here(second).length);
});

test('pages far from those on screen are forgotten', () => {
  const first = placePage({ ids: [], matching: 0 }, page(0, 10_000, range(0, 100)), {
    first: 0,
    last: 0,
  });
  const far = placePage(first, page(50, 10_000, range(5_000, 100)), { first: 50, last: 50 });
  assert.equal(far.ids[0], undefined);
  assert.equal(far.ids[5_000], 5_000);
  assert.equal(here(far).length, 100);
});

test.run();
