import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { suite } from 'uvu';
import { type Attention, attentionOrder } from '#contract/status.ts';
import type { WallSnapshot, WallTransition, WallTuple } from '#contract/wall.ts';
import { WallBook } from '#lib/wall/book.ts';
import { sizeCounts } from '#lib/wall/header-size.ts';
import { listGroups, listItems } from '#lib/wall/items.ts';
import { allLateSince, countWall, judge } from '#lib/wall/judge.ts';
import { NewProblems } from '#lib/wall/new-problems.ts';
import { clockIn, isNight, nameZone, shiftAt } from '#lib/wall/night.ts';
import { plainOptions, withQuery } from '#lib/wall/query-options.ts';
import { shareReady, standingOf } from '#lib/wall/share.ts';
import { walkTo } from '#lib/wall/walk.ts';

const test = suite('what a wall makes of what it knows');

const noon = Date.parse('2026-11-24T12:00:00Z');
const minute = 60_000;

interface Spoken {
  revision?: number;
  label?: string;
  customer?: number;
  status?: WallTuple[4];
  since?: number | null;
  attention?: Attention;
  presence?: WallTuple[7];
  seen?: number;
  lateAfter?: number | null;
  monitored?: 0 | 1;
  airGap?: 0 | 1;
}

/** An instance that was heard at noon, ready since an hour, and promised to speak within a minute. */
function tuple(id: number, more: Spoken = {}): WallTuple {
  const { lateAfter = 60, seen = noon, since = noon - 60 * minute } = more;
  const status = more.status === undefined ? 'ready' : more.status;
  const { presence = 'current' } = more;
  return [
    id,
    more.revision ?? 1,
    more.label ?? `i${id}`,
    more.customer ?? 1,
    status,
    since,
    more.attention ?? status ?? 'unreported',
    presence,
    presence === 'current' ? null : since,
    seen,
    lateAfter,
    lateAfter === null ? null : seen + lateAfter * 1000,
    more.monitored ?? 1,
    more.airGap ?? 0,
    [0, 0, 0],
  ];
}

function snapshot(instances: WallTuple[], more: Partial<WallSnapshot> = {}): WallSnapshot {
  const asOf = new Date(noon).toISOString();
  const names = [1, 2, 3].map((number): [number, string] => [
    number,
    `Customer ${'ABC'[number - 1]}`,
  ]);
  return {
    asOf,
    build: 'b',
    zone: 'UTC',
    axis: { edges: [], zone: 'UTC', outages: [] },
    screen: null,
    redaction: 'full',
    counts: { ...countWall([], noon), archived: 0 },
    customers: names,
    instances,
    transitions: [],
    ...more,
  };
}

function bookOf(instances: WallTuple[]): WallBook {
  const book = new WallBook();
  book.apply(snapshot(instances));
  return book;
}
const later = (asOf: number, ...instances: WallTuple[]) => ({
  asOf: new Date(asOf).toISOString(),
  instances,
  customers: [],
});

test('who is silent for too long is late by the server’s clock, whatever the server has yet said', () => {
  const book = bookOf([tuple(1), tuple(2, { lateAfter: null, airGap: 1 })]);
  const [promised, uploaded] = [...book.rows.values()];
  assert.ok(promised && uploaded);
  assert.equal(judge(promised, noon + minute - 1).attention, 'ready');
  assert.deepEqual(judge(promised, noon + minute), { attention: 'late', since: noon + minute });
  assert.equal(judge(uploaded, noon + 1e9).attention, 'ready');
  assert.equal(countWall(book.rows.values(), noon + minute).byAttention.late, 1);
});

test('a check-in moves the moment at which an instance is late, and says so only when it was', () => {
  const book = bookOf([tuple(1)]);
  assert.equal(book.see([[1, noon + 30_000]], noon + 30_000), false);
  assert.equal(book.rows.get(1)?.lateAt, noon + 90_000);
  assert.equal(book.see([[1, noon + 20_000]], noon), false, 'an older one changes nothing');
  assert.equal(book.rows.get(1)?.lateAt, noon + 90_000);
  assert.equal(book.see([[1, noon + 100_000]], noon + 100_000), true);
});

test('messages in any order, some of them twice, come to the same', () => {
  const states = (['ready', 'degraded', 'unavailable', 'updating'] as const).map((status, at) =>
    later(noon + at, tuple(1, { status, revision: at + 1, seen: noon + at * 1000 })),
  );
  const order = fc.shuffledSubarray([0, 1, 2, 3, 3, 0], { minLength: 6 });
  fc.assert(
    fc.property(order, fc.nat(5), (shuffled, at) => {
      const book = bookOf([tuple(1)]);
      shuffled.forEach((index, step) => {
        book.change(states[index] as (typeof states)[number]);
        if (step === at) book.apply(snapshot([tuple(1)]));
      });
      const row = book.rows.get(1);
      return row?.status === 'updating' && row.revision === 4 && row.lastCheckInAt === noon + 3000;
    }),
  );
});

test('a snapshot takes away who has left the scope, and never takes back what a message told', () => {
  const book = bookOf([tuple(1), tuple(2)]);
  book.change(later(noon + 1, tuple(1, { status: 'degraded', revision: 5 })));
  book.apply(snapshot([tuple(1, { revision: 4 })]));
  assert.deepEqual([...book.rows.keys()], [1]);
  assert.equal(book.rows.get(1)?.status, 'degraded');
});

test('problems come first in attention order, the longest first; the rest stands by name', () => {
  const book = bookOf([
    tuple(1, { customer: 3 }),
    tuple(2, { customer: 2 }),
    tuple(3, { status: 'degraded', since: noon - 5 * minute }),
    tuple(4, { status: 'degraded', since: noon - 50 * minute }),
    tuple(5, { status: 'unavailable', since: noon }),
    tuple(6, { status: 'updating' }),
  ]);
  const keys = (items: { key: string }[]) => items.map(({ key }) => key).join(' ');
  assert.equal(keys(listItems(book, 'instances', noon)), 'i5 i4 i3 i6 i2 i1');
  // One more of a rank comes at its end: nobody who was pinned there moves.
  book.change(later(noon + 9, tuple(2, { status: 'degraded', revision: 2, since: noon + 9 })));
  assert.equal(keys(listItems(book, 'instances', noon)), 'i5 i4 i3 i2 i6 i1');
});

test('a customer asks for what the neediest of its instances asks for', () => {
  const book = bookOf([
    tuple(1, { customer: 1 }),
    tuple(2, { customer: 1, status: 'degraded', since: noon - 3 * minute }),
    tuple(3, { customer: 1, status: 'degraded', since: noon - 9 * minute }),
    tuple(4, { customer: 2 }),
  ]);
  const [first, second] = listGroups(book, noon);
  assert.equal(first?.title, 'Customer A');
  assert.equal(first?.attention, 'degraded');
  assert.equal(first?.since, noon - 9 * minute);
  assert.deepEqual(first?.parts, [
    { attention: 'degraded', count: 2 },
    { attention: 'ready', count: 1 },
  ]);
  assert.equal(second?.isProblem, false);
});

test('hidden names are numbers', () => {
  const book = bookOf([tuple(1, { customer: 7 })]);
  book.customers.set(7, null);
  assert.equal(listItems(book, 'instances', noon)[0]?.title, 'Customer 7');
});

test('the share is of monitored ones, cut, and unknown without any', () => {
  const counts = (rows: WallTuple[]) => countWall(bookOf(rows).rows.values(), noon);
  const many = Array.from({ length: 200 }, (_, id) => tuple(id));
  assert.equal(shareReady(counts([...many, tuple(999, { status: 'updating' })])), 99);
  assert.equal(shareReady(counts([tuple(1, { monitored: 0 })])), null);
  assert.equal(shareReady(counts([tuple(1, { lateAfter: null, airGap: 1 })])), null);
  assert.equal(shareReady(counts([])), null);
  assert.equal(
    shareReady(counts([tuple(1), tuple(2, { presence: 'inactive', attention: 'inactive' })])),
    50,
  );
});

test('all clear is said only of what is vouched for', () => {
  const standing = (rows: WallTuple[], problems = 0) =>
    standingOf(countWall(bookOf(rows).rows.values(), noon), problems);
  assert.equal(standing([]), 'empty');
  assert.equal(standing([tuple(1), tuple(2, { status: 'updating' })]), 'clear');
  assert.equal(standing([tuple(1), tuple(2, { status: null })]), 'quiet');
  assert.equal(standing([tuple(1, { presence: 'inactive', attention: 'inactive' })]), 'quiet');
  assert.equal(standing([tuple(1, { monitored: 0 })]), 'quiet');
  assert.equal(standing([tuple(1)], 1), 'problems');
});

test('silence of all that should speak is told, and of when they were last heard', () => {
  const gone = { presence: 'inactive', attention: 'inactive' } as const;
  const rows = (...tuples: WallTuple[]) => [...bookOf(tuples).rows.values()];
  const both = rows(tuple(1), tuple(2, { seen: noon - 30_000 }), tuple(3, gone));
  assert.equal(allLateSince(both, noon + 40_000), null);
  assert.equal(allLateSince(both, noon + 90_000), noon);
  assert.equal(allLateSince(rows(tuple(3, gone)), noon), null);
  assert.equal(allLateSince([], noon), null);
});

test('the ticker keeps the newest, each once', () => {
  const book = bookOf([]);
  const transition = (id: number, at: number): WallTransition => ({
    id,
    at: new Date(at).toISOString(),
    instance: 1,
    label: 'i1',
    customer: 1,
    customerName: 'A',
    from: 'ready',
    to: 'degraded',
  });
  for (let id = 1; id <= 500; id++)
    book.tick([transition(id, noon + id), transition(id, noon + id)]);
  assert.equal(book.transitions.length, 20);
  assert.deepEqual(
    book.transitions.slice(0, 2).map(({ id }) => id),
    [500, 499],
  );
});

test('a problem sounds once, and again only after it was over', () => {
  const told = new NewProblems();
  const items = (...statuses: WallTuple[4][]) =>
    listItems(bookOf(statuses.map((status, at) => tuple(at + 1, { status }))), 'instances', noon);
  const take = (...statuses: WallTuple[4][]) => told.take(items(...statuses)).map(({ key }) => key);
  assert.deepEqual(take('degraded', 'ready'), [], 'what was there at the start is not new');
  assert.deepEqual(take('degraded', 'unavailable'), ['i2']);
  assert.deepEqual(take('unavailable', 'degraded'), [], 'a change of a problem is none');
  assert.deepEqual(take('ready', 'ready'), []);
  assert.deepEqual(take('degraded', 'ready'), ['i1']);
});

test('options in the page’s address go before those of the screen; what cannot be read does not', () => {
  const read = (query: string) => withQuery(plainOptions, new URLSearchParams(query));
  const all = read('theme=light&cols=8&tz=Europe/Berlin&rotate=45&density=dots');
  assert.deepEqual(
    [all.theme, all.cols, all.tz, all.rotate, all.density],
    ['light', 8, 'Europe/Berlin', 45, 'dots'],
  );
  assert.deepEqual(read('theme=pink&cols=0&tz=Mars&rotate=1&density=x'), plainOptions);
  assert.deepEqual(read(''), plainOptions);
});

test('the night may go over midnight, and the clock is that of its zone', () => {
  const night = { from: '22:00', to: '06:00' };
  assert.deepEqual(
    ['21:59', '22:00', '03:00', '06:00'].map((clock) => isNight(clock, night)),
    [false, true, true, false],
  );
  assert.equal(isNight('03:00', { from: '01:00', to: '04:00' }), true);
  assert.equal(isNight('03:00', { from: '03:00', to: '03:00' }), false);
  assert.equal(isNight('03:00', null), false);
  assert.equal(clockIn('Asia/Kolkata', noon), '17:30');
  assert.equal(clockIn('UTC', Date.parse('2026-11-24T00:05:00Z')), '00:05');
  assert.equal(nameZone('UTC', noon), 'UTC');
});

test('the picture moves by one to four pixels with each minute', () => {
  for (let at = 0; at < 60; at++) {
    const { x, y } = shiftAt(noon + at * minute);
    for (const by of [x, y]) assert.ok(Math.abs(by) >= 1 && Math.abs(by) <= 4);
    assert.notDeepEqual(shiftAt(noon + at * minute), shiftAt(noon + (at + 1) * minute));
  }
});

test('arrows of a remote control reach every tile, and lead nowhere beyond the edge', () => {
  const boxes = Array.from({ length: 12 }, (_, at) => ({
    x: (at % 4) * 110,
    y: Math.floor(at / 4) * 60,
    width: 100,
    height: 50,
  }));
  assert.equal(walkTo(boxes, null, 'ArrowDown'), 0);
  assert.equal(walkTo(boxes, 0, 'ArrowRight'), 1);
  assert.equal(walkTo(boxes, 1, 'ArrowDown'), 5);
  assert.equal(walkTo(boxes, 3, 'ArrowRight'), null);
  assert.equal(walkTo(boxes, 5, 'ArrowUp'), 1);
  assert.equal(walkTo(boxes, 0, 'x'), null);
  assert.equal(walkTo([], null, 'ArrowDown'), null);
});

test('counts are never below the key text, and lose their words before anything is cut', () => {
  const room = { width: 1010, height: 132 };
  const counts = (count: number, kinds: number) =>
    attentionOrder.slice(0, kinds).map((word) => ({ word, count }));
  const few = sizeCounts(counts(12, 4), room, 40);
  assert.ok(few.word >= 20 && few.number > 60 && few.rows === 1);
  const all = sizeCounts(counts(1234, 9), room, 40);
  assert.deepEqual([all.rows, all.word], [2, 0]);
  assert.ok(all.number >= 40);
});

test.run();
