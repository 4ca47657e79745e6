import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ActivityPage, instanceActivityQuery } from '#contract/activity.ts';
import { instanceEvents } from '#db/schema.ts';
import { createReports } from '#server/reports/index.ts';
import { freshDatabase } from '../support/database.ts';
import { hour, minute, seedEvents, seedInstance, seedVendor, testConfig } from './seed.ts';

const { db, close } = await freshDatabase();
const now = Date.UTC(2026, 10, 20, 12);
const iso = (at: number) => new Date(at).toISOString();
const ears = () => [{ from: now - hour, to: now }];
const reports = createReports({ db, config: testConfig(), ears, build: 'test' });
await seedVendor(db, ['Geeglo', 'Hooli']);

async function ask(instanceId: string, query: Record<string, unknown> = {}): Promise<ActivityPage> {
  const page = await reports.events('geeglo', instanceId, instanceActivityQuery.parse(query));
  if (page === null || page === 'no such event') throw new Error(page ?? 'no such instance');
  return page;
}
const idsOf = (page: ActivityPage) => page.events.map(({ id }) => id);

/** Every page from the newest on. */
async function readAll(instanceId: string, filter: Record<string, unknown> = {}) {
  const pages = [await ask(instanceId, filter)];
  for (let next = pages[0]!.next; next !== null; next = pages.at(-1)!.next)
    pages.push(await ask(instanceId, { ...filter, cursor: next }));
  return pages;
}

// Seven of them at a moment, every eleventh an observation that changed nothing.
const eventful = await seedInstance(db, { instanceId: 'eventful' });
await seedEvents(
  db,
  eventful,
  Array.from({ length: 1100 }, (_, n) => ({
    at: now - Math.floor(n / 7) * minute,
    field: 'k8sVersion',
    before: String(n),
    after: n % 11 === 0 ? String(n) : String(n + 1),
  })),
);
const stranger = await seedInstance(db, { customerId: 'hooli', instanceId: 'stranger' });
await seedEvents(db, stranger, [{ at: now, before: null, after: 'ready' }]);

test('a thousand events come newest first, page by page, each once, also where many share a moment', async () => {
  const pages = await readAll('eventful');
  assert.equal(
    pages.map(({ events }) => events.length),
    Array.from({ length: 10 }, () => 100),
  );
  const events = pages.flatMap((page) => page.events);
  for (const event of events) assert.ok(event.before !== event.after);
  const keys = events.map(({ at, id }) => `${at} ${String(id).padStart(9, '0')}`);
  assert.equal(keys, [...keys].sort().reverse());
  assert.is(new Set(keys).size, 1000);
  assert.is(pages[0]!.newer, null);
});

test('from any event on, the pages above and below are the same history, without a hole or a repetition', async () => {
  const whole = (await readAll('eventful')).flatMap(idsOf);
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), async (place) => {
      const first = await ask('eventful', { around: whole[place] });
      const pages = [first];
      while (pages[0]!.newer !== null)
        pages.unshift(await ask('eventful', { cursor: pages[0]!.newer }));
      while (pages.at(-1)!.next !== null)
        pages.push(await ask('eventful', { cursor: pages.at(-1)!.next }));
      assert.equal(pages.flatMap(idsOf), whole);
      assert.is(idsOf(first).indexOf(whole[place]!), Math.min(place, 20));
    }),
    { numRuns: 12 },
  );
});

test('around an event the filter holds too, also where it leaves the event itself out', async () => {
  const whole = (await readAll('eventful')).flatMap((page) => page.events);
  const { at, id } = whole[500]!;
  const page = await ask('eventful', { around: id, before: at });
  assert.is(page.newer, null);
  assert.equal(idsOf(page)[0], whole.find((event) => event.at < at)!.id);
  const above = await ask('eventful', { around: id, after: iso(Date.parse(at) + 1) });
  assert.is(above.next, null);
  assert.is(above.events.length, 20);
});

test('an event of another instance, and one that changed nothing, is none to begin around', async () => {
  const foreign = (await reports.events('hooli', 'stranger', instanceActivityQuery.parse({})))!;
  if (typeof foreign === 'string') throw new Error(foreign);
  const told = (around: number) =>
    reports.events('geeglo', 'eventful', instanceActivityQuery.parse({ around }));
  assert.is(await told(foreign.events[0]!.id), 'no such event');
  const known = new Set((await readAll('eventful')).flatMap(idsOf));
  const observation = Array.from({ length: 1100 }, (_, n) => n + 1).find((id) => !known.has(id));
  assert.is(await told(observation!), 'no such event');
  assert.is(await reports.events('geeglo', 'stranger', instanceActivityQuery.parse({})), null);
});

test('an event keeps the type of its values: a version "15" is no number', async () => {
  const id = await seedInstance(db, { instanceId: 'typed' });
  const event = {
    ...{ instance: id, category: 'app install/upgrade' as const, field: 'versionLabel' },
    ...{ before: null, after: '15', reporter: 'api' as const },
  };
  const receivedAt = now + minute;
  await db
    .insert(instanceEvents)
    .values({ ...event, at: new Date(now), receivedAt: new Date(receivedAt) });
  const { events, next } = await ask('typed');
  assert.is(next, null);
  const { id: _, ...told } = events[0]!;
  assert.equal(told, { ...event, at: iso(now), receivedAt: iso(receivedAt) });
});

test('activity is filtered by categories, by names as written and as read, by values, and by span', async () => {
  const id = await seedInstance(db, { instanceId: 'mixed' });
  const rows = [
    ['app status', 'status', null, 'degraded'],
    ['cluster status', 'k8sVersion', 'v1.30.1', 'v1.31.0'],
    ['cluster status', 'k8sDistribution', null, 'EKS'],
    ['custom metrics', 'numProjects', 4, 15],
    ['custom metrics', 'k8sVersion', 'a', 'b'],
    ['custom metrics', 'sso', true, false],
    ['custom metrics', 'note', null, '100 % "sure"\\ Ärger'],
    ['infrastructure', 'tag:region_a', 'x', null],
  ] as const;
  await db.insert(instanceEvents).values(
    rows.map(([category, field, before, after], n) => ({
      ...{ instance: id, category, field, before, after, reporter: 'sdk' },
      at: new Date(now + n * minute),
    })),
  );
  const found = async (query: Record<string, unknown>) =>
    (await ask('mixed', query)).events
      .map(({ at }) => (Date.parse(at) - now) / minute)
      .sort((a, b) => a - b);
  const cases: [query: Record<string, unknown>, places: number[]][] = [
    [{}, [0, 1, 2, 3, 4, 5, 6, 7]],
    [{ types: 'app status,custom metrics' }, [0, 3, 4, 5, 6]],
    [{ types: ['cluster status', 'infrastructure'] }, [1, 2, 7]],
    [{ text: 'KUBERNETES' }, [1, 2]],
    [{ text: 'kubernetes version' }, [1]],
    [{ text: 'k8sVersion' }, [1, 4]],
    [{ text: 'Num Projects' }, [3]],
    [{ text: 'num_proj' }, [3]],
    [{ text: 'Tag region' }, [7]],
    [{ text: '15' }, [3]],
    [{ text: 'TRUE' }, [5]],
    [{ text: 'v1.3' }, [1]],
    [{ text: 'v1_3' }, []],
    [{ text: '%' }, [6]],
    [{ text: '"sure"\\' }, [6]],
    [{ text: 'ÄRGER' }, [6]],
    [{ text: 'ks', types: 'cluster status' }, [2]],
    [{ after: iso(now + 2 * minute), before: iso(now + 4 * minute) }, [2, 3]],
    [{ text: 'k8s', after: iso(now + 2 * minute) }, [2, 4]],
  ];
  for (const [query, places] of cases)
    assert.equal(await found(query), places, JSON.stringify(query));
});

test('a filter holds on every page of what it finds', async () => {
  const filter = { text: '1', after: iso(now - hour) };
  const pages = await readAll('eventful', filter);
  const events = pages.flatMap((page) => page.events);
  assert.ok(pages.length > 1);
  for (const { at, before, after } of events)
    assert.ok(at >= filter.after && `${before} ${after}`.includes('1'));
  const all = (await readAll('eventful')).flatMap((page) => page.events);
  const expected = all.filter(
    ({ at, before, after }) => at >= filter.after && /1/.test(`${before} ${after}`),
  );
  assert.is(events.length, expected.length);
});

test.after(close);
test.run();
