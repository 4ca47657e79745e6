import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { suite } from 'uvu';
import type { InstanceEventView } from '#contract/instance.ts';
import {
  type EventPages,
  addNewest,
  appendPage,
  beginPages,
  countEvents,
  findPlace,
  isTouching,
  letGo,
  locate,
  prependPage,
  restorePage,
  takeNewest,
} from '#lib/instance/event-pages.ts';

const test = suite('pages of activity');

/** Events by their number: a higher one is newer. */
const event = (id: number, more: Partial<InstanceEventView> = {}): InstanceEventView => ({
  ...{ id, instance: 1, category: 'app status', field: 'status', before: null, after: 'ready' },
  ...{ at: new Date(Date.UTC(2026, 0, 1) + id * 1000).toISOString() },
  ...{ reporter: 'api', receivedAt: null, ...more },
});
const events = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, index) => event(from - index));
const idsIn = (list: EventPages) =>
  list.pages.flatMap((page) => page.events?.map(({ id }) => id) ?? []);

const three = () => {
  let list = beginPages(null, { events: events(90, 61), next: 'a', newer: null });
  list = appendPage(list, { cursor: 'a' }, { events: events(60, 31), next: 'b' });
  return appendPage(list, { cursor: 'b' }, { events: events(30, 1), next: null });
};

test('each place of the list leads to its event, over all pages', () => {
  const list = three();
  assert.equal(countEvents(list), 90);
  for (let index = 0; index < 90; index += 1) {
    const place = locate(list, index);
    assert.equal(place?.page.events?.[place.row]?.id, 90 - index);
    assert.equal(findPlace(list, 90 - index), index);
  }
  assert.equal(locate(list, 90), null);
  assert.equal(findPlace(list, 1000), null);
});

test('far pages are let go without moving anything, the newest never; one comes back as it was', () => {
  const list = letGo(three(), 2, 2, 0);
  assert.deepEqual(
    list.pages.map(({ events }) => events?.length ?? null),
    [30, null, 30],
  );
  assert.equal(countEvents(list), 90);
  assert.equal(findPlace(list, 1), 89);
  assert.equal(letGo(list, 2, 2, 0), list, 'nothing changes twice');
  const back = restorePage(list, 1, { events: events(60, 31), next: 'b' });
  assert.deepEqual(idsIn(back), idsIn(three()));
});

test('a page above pushes the rows down by as many as it brought', () => {
  const middle = beginPages({ around: 40 }, { events: events(60, 31), next: 'b', newer: 'n' });
  const { list, added } = prependPage(
    middle,
    { cursor: 'n' },
    { events: events(90, 59), next: 'x', newer: null },
  );
  assert.equal(added, 30, 'two of them were here');
  assert.equal(findPlace(list, 60), 30);
  assert.equal(list.newer, null);
  assert.equal(list.next, 'b');
});

test('arrivals join the newest page once, in order, and not below its end', () => {
  const list = three();
  const { list: more, added } = addNewest(list, [event(92), event(91), event(90), event(92)]);
  assert.deepEqual(idsIn(more).slice(0, 3), [92, 91, 90]);
  assert.deepEqual([...new Set(added)].sort(), [91, 92]);
  assert.equal(addNewest(list, [event(45.5)]).list, list, 'it stands on a page that is read again');
});

test('what was just read replaces the same stretch, and what was told since stays', () => {
  const told = addNewest(three(), [event(91)]).list;
  const read = [
    event(90),
    event(88, { before: 'missing' }),
    ...events(87, 70).map((it) => ({ ...it })),
  ];
  const { list, added } = takeNewest(told, read);
  assert.deepEqual(added, []);
  assert.deepEqual(idsIn(list).slice(0, 4), [91, 90, 88, 87], '89 is gone: history was rewritten');
  assert.equal(list.pages[0]?.events?.[2]?.before, 'missing');
  assert.equal(idsIn(list).at(-1), 1);
  assert.ok(isTouching(told, read));
  assert.ok(!isTouching(told, events(300, 200)));
});

test('no event ever stands twice, whatever is told, read and let go in which order', () => {
  const stretch = fc
    .tuple(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 0, max: 40 }))
    .map(([from, length]) => events(from, Math.max(1, from - length)));
  const step = fc.tuple(fc.constantFrom('add', 'take', 'append', 'restore', 'let go'), stretch);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let list = beginPages(null, { events: events(60, 31), next: 'a', newer: null });
      for (const [what, told] of steps) {
        if (what === 'add') ({ list } = addNewest(list, told));
        else if (what === 'take') ({ list } = takeNewest(list, told));
        else if (what === 'append') {
          list = appendPage(list, { cursor: 'a' }, { events: told, next: null });
        } else if (what === 'restore') {
          list = restorePage(list, list.pages.length - 1, { events: told, next: null });
        } else list = letGo(list, 0, 0, 0);
        const ids = idsIn(list);
        assert.equal(new Set(ids).size, ids.length);
        for (const page of list.pages) {
          if (page.events !== null) assert.equal(page.length, page.events.length);
        }
      }
    }),
  );
});

test.run();
