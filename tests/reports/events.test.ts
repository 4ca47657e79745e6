import { Hono } from 'hono';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type EventsPage, eventsQuery } from '#contract/activity.ts';
import { instanceEvents } from '#db/schema.ts';
import type { AccountEnv } from '#server/accounts/index.ts';
import { AppError } from '#server/errors.ts';
import { createReports, reportRoutes } from '#server/reports/index.ts';
import { openEventStream, readEventsPage } from '#server/reports/events.ts';
import { freshDatabase } from '../support/database.ts';
import { actAs } from '../support/session.ts';
import { hour, minute, seedEvents, seedInstance, seedVendor, testConfig } from './seed.ts';

const { db, close } = await freshDatabase();
const now = Date.UTC(2026, 10, 20, 12);
const iso = (at: number) => new Date(at).toISOString();
await seedVendor(db, ['Geeglo', 'Hooli']);
const reports = createReports({ db, config: testConfig(), ears: () => [], build: 'test' });
let parts = 0;
const counted: typeof reports = {
  ...reports,
  async eventStream(query) {
    const stream = await reports.eventStream(query);
    return (async function* () {
      for await (const part of stream) {
        parts += 1;
        yield part;
      }
    })();
  },
};
const app = new Hono<AccountEnv>();
app.use(actAs('viewer'));
app.route('/', reportRoutes(counted));
app.onError((error, c) =>
  error instanceof AppError ? c.json({ message: error.message }, error.status) : c.text('', 500),
);

async function ask(query: string): Promise<EventsPage> {
  const response = await app.request(`/api/events?${query}`);
  const text = await response.text();
  assert.is(response.status, 200, text);
  return JSON.parse(text) as EventsPage;
}
const csv = async (query: string) =>
  (await (await app.request(`/api/events?format=csv&${query}`)).text()).split('\r\n').slice(0, -1);

// Three instances change by turns, many at one moment; `alike` has a namesake under another customer.
const alike = await seedInstance(db, { instanceId: 'alike', name: 'Main' });
const namesake = await seedInstance(db, { instanceId: 'alike', customerId: 'hooli' });
const other = await seedInstance(db, { instanceId: 'other', customerId: 'hooli' });
const total = 2_400;
for (const [turn, instance] of [alike, namesake, other].entries())
  await seedEvents(
    db,
    instance,
    Array.from({ length: total / 3 }, (_, n) => ({
      at: now - Math.floor((3 * n + turn) / 5) * minute,
      field: n % 4 === 0 ? 'status' : 'k8sVersion',
      before: `${n}`,
      after: `${n + 1}`,
    })),
  );
await seedEvents(db, other, [{ at: now + hour, field: 'note', before: 'same', after: 'same' }]);

test('events of all instances come newest first, page by page, each once, with whose they are', async () => {
  const pages = [await ask('limit=1000')];
  while (pages.at(-1)!.next !== null)
    pages.push(await ask(`limit=1000&cursor=${encodeURIComponent(pages.at(-1)!.next!)}`));
  assert.equal(
    pages.map(({ events }) => events.length),
    [1000, 1000, 400],
  );
  const events = pages.flatMap((page) => page.events);
  const keys = events.map(({ at, id }) => `${at} ${String(id).padStart(9, '0')}`);
  assert.equal(keys, [...keys].sort().reverse());
  assert.is(new Set(keys).size, total);
  const { id: _, ...first } = events.find(
    ({ instance, before }) => instance === alike && before === '0',
  )!;
  assert.equal(first, {
    ...{ instance: alike, at: iso(now), category: 'app status', field: 'status' },
    ...{ before: '0', after: '1', reporter: 'sdk', receivedAt: null, label: 'App status' },
    ...{ instanceId: 'alike', instanceName: 'Main', customer: { id: 'geeglo', name: 'Geeglo' } },
  });
  assert.is((await ask('')).events.length, 100);
});

test('customers, instances, categories, text and span narrow them', async () => {
  const count = async (query: string) => {
    const { events, next } = await ask(`limit=1000&${query}`);
    assert.is(next, null, query);
    return events.length;
  };
  assert.is(await count('customerIds=geeglo'), 800);
  assert.is(await count('instanceIds=other'), 800);
  assert.is(await count('instanceIds=alike&customerIds=hooli'), 800);
  assert.is((await ask('limit=1000&instanceIds=alike')).next !== null, true);
  assert.is(await count('instanceIds=alike&types=app status'), 400);
  assert.is(await count('customerIds=geeglo&customerIds=hooli&types=app status,presence'), 600);
  assert.is(await count('customerIds=nobody'), 0);
  assert.is(await count('customerIds=geeglo&instanceIds=other'), 0);
  assert.is(await count('types=app status&text=kubernetes'), 0);
  assert.is(await count(`after=${iso(now)}`), 5);
  assert.is(await count(`after=${iso(now - 2 * minute)}&before=${iso(now)}`), 10);
  assert.is(await count(`after=${iso(now - minute)}&text=kubernetes`), 7);
  assert.is(await count(`after=${iso(now + 1)}`), 0);
});

test('more instances than are read one by one answer alike', async () => {
  for (let n = 0; n < 60; n += 1)
    await seedInstance(db, { instanceId: `quiet ${n}`, customerId: 'geeglo' });
  const [few, many] = [await ask('customerIds=geeglo&limit=7'), await ask('instanceIds=alike')];
  assert.equal(
    few.events.map(({ id }) => id),
    (await ask('customerIds=geeglo&instanceIds=alike&limit=7')).events.map(({ id }) => id),
  );
  assert.is(many.events.length, 100);
});

test('the CSV holds the same events in the same order, or the newest of them', async () => {
  const lines = await csv('instanceIds=alike');
  assert.is(
    lines[0],
    'id,at,receivedAt,customerId,customerName,instanceId,instanceName,category,field,label,before,after,reporter',
  );
  const whole = [await ask('limit=1000&instanceIds=alike')];
  const cursor = encodeURIComponent(whole[0]!.next!);
  whole.push(await ask(`limit=1000&instanceIds=alike&cursor=${cursor}`));
  const ids = whole.flatMap(({ events }) => events.map(({ id }) => String(id)));
  assert.equal(
    lines.slice(1).map((line) => line.split(',')[0]),
    ids,
  );
  for (const limit of [1, 999, 1000, 1001])
    assert.equal(
      (await csv(`instanceIds=alike&limit=${limit}`)).slice(1),
      lines.slice(1, limit + 1),
    );
  const later = await csv(`instanceIds=alike&cursor=${cursor}&limit=5`);
  assert.equal(later.slice(1), lines.slice(1001, 1006));
  assert.is((await csv('customerIds=nobody')).length, 1);
});

test('what is rare is looked for part by part, and found whole', async () => {
  const rare = eventsQuery.parse({ text: '79', limit: 4 });
  const whole = (await ask('limit=1000&text=79')).events;
  assert.is(whole.length, 81);
  const pages = [await readEventsPage(db, rare, { slice: 50, slices: 3 })];
  for (let next = pages[0]!.next; next !== null; next = pages.at(-1)!.next)
    pages.push(await readEventsPage(db, { ...rare, cursor: next }, { slice: 50, slices: 3 }));
  assert.equal(
    pages.flatMap(({ events }) => events),
    whole,
  );
  assert.ok(pages.some(({ events }) => events.length === 0));
  assert.ok(pages.every(({ events }) => events.length <= 4));

  const found: number[] = [];
  for await (const part of await openEventStream(db, { ...rare, limit: 50 }, { slice: 50 }))
    found.push(...part.map(({ id }) => id));
  assert.equal(
    found,
    whole.slice(0, 50).map(({ id }) => id),
  );
});

for (const [whose, narrow, found, most] of [
  ['one instance', { instanceIds: ['other'] }, 2, 7],
  ['two instances', { customerIds: ['hooli'] }, 4, 14],
  ['an instance and a quiet one', { instanceIds: ['other', 'quiet 1'] }, 2, 14],
  ['nobody', { customerIds: ['nobody'] }, 0, 1],
] as const)
  test(`what is rare in the history of ${whose} is looked for part by part, among no other events`, async () => {
    const rare = eventsQuery.parse({ text: '799', limit: 4, ...narrow });
    const whole = await readEventsPage(db, rare);
    assert.equal([whole.events.length, whole.next], [found, null]);
    const oneSlice = { slice: 120, slices: 1 };
    const pages = [await readEventsPage(db, rare, oneSlice)];
    for (let next = pages[0]!.next; next !== null; next = pages.at(-1)!.next)
      pages.push(await readEventsPage(db, { ...rare, cursor: next }, oneSlice));
    assert.equal(
      pages.flatMap(({ events }) => events),
      whole.events,
    );
    assert.equal(pages[0]!.events, []);
    assert.ok(pages.length <= most, `${pages.length} pages`);
    assert.is(pages.length > 1, most > 1);
  });

test('what an instance wrote is no formula in a spreadsheet', async () => {
  const id = await seedInstance(db, { instanceId: '=cmd', name: '@home' });
  await db.insert(instanceEvents).values({
    ...{ instance: id, at: new Date(now), category: 'custom metrics', field: '+1' },
    ...{ before: -5, after: '=HYPERLINK("http://x",A1)', reporter: 'api' },
    receivedAt: new Date(now + minute),
  });
  const response = await app.request('/api/events?format=csv&instanceIds=%3Dcmd');
  assert.is(response.headers.get('content-type'), 'text/csv; charset=utf-8; header=present');
  assert.match(response.headers.get('content-disposition')!, /^attachment;/);
  assert.is(response.headers.get('cache-control'), 'no-store');
  const line = (await response.text()).split('\r\n')[1]!;
  assert.is(
    line.slice(line.indexOf(',')),
    `,${iso(now)},${iso(now + minute)},geeglo,Geeglo,'=cmd,'@home,custom metrics,'+1,'+1,'-5,"'=HYPERLINK(""http://x"",A1)",api`,
  );
});

test('a CSV is read only as far as it is taken', async () => {
  parts = 0;
  const response = await app.request('/api/events?format=csv');
  const reader = response.body!.getReader();
  await reader.read();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(parts < 3, `${parts} parts were read of which one was taken`);
  await reader.cancel();
});

test('what cannot be asked for is answered 400 and names the parameter', async () => {
  const at = iso(now);
  for (const [query, parameter] of [
    ['format=xml', 'format'],
    ['limit=1001', 'limit'],
    ['limit=0', 'limit'],
    ['format=csv&limit=1000001', 'limit'],
    ['cursor=x', 'cursor'],
    ['format=csv&cursor=x', 'cursor'],
    [`cursor=newer,${at},1`, 'cursor'],
    ['types=mood', 'types'],
    ['after=2026-11-20', 'after'],
    ['customerIds=a%00b', 'customerIds'],
    [`customerIds=${Array.from({ length: 101 }, (_, n) => n).join(',')}`, 'customerIds'],
  ]) {
    const response = await app.request(`/api/events?${query}`);
    assert.is(response.status, 400, query);
    assert.match(((await response.json()) as { message: string }).message, `"${parameter}"`);
  }
});

test.after(close);
test.run();
