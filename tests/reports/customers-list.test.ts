import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eq, sql } from 'drizzle-orm';
import { Hono } from 'hono';
import { apps, channels, customers } from '#db/schema.ts';
import {
  type CustomerFacets,
  type CustomerRow,
  type CustomersPage,
  customerSortKeys,
} from '#contract/customers.ts';
import type { AccountEnv } from '#server/accounts/index.ts';
import { AppError } from '#server/errors.ts';
import { createReports, reportRoutes } from '#server/reports/index.ts';
import { freshDatabase } from '../support/database.ts';
import { actAs } from '../support/session.ts';
import {
  day,
  hour,
  minute,
  seedCustomer,
  seedEvents,
  seedInstance,
  seedVendor,
  testConfig,
} from './seed.ts';

const { db, close } = await freshDatabase();
const now = Date.now();
const at = (offset: number) => new Date(now + offset);

await seedVendor(db, []);
await db.insert(apps).values({ slug: 'beacon', name: 'Beacon Relay' });
await db.insert(channels).values({ id: 'lts', appSlug: 'beacon', name: 'LTS' });
await seedCustomer(db, 'Alpha', 'stable', {
  customer: { email: 'ops@alpha.example' },
  license: { type: 'dev', expiresAt: at(10 * day) },
});
await seedCustomer(db, 'bravo', 'beta', { license: { type: 'trial', expiresAt: at(-day) } });
await seedCustomer(db, 'Charlie', 'lts', { customer: { appSlug: 'beacon' } });
await seedCustomer(db, 'Delta_1%', 'stable', { license: { type: 'community' } });
await seedCustomer(db, 'Echo', 'stable', { license: { expiresAt: at(31 * day) } });
await seedCustomer(db, 'Gone', 'stable', { customer: { archivedAt: at(-day) } });

const instance = (customerId: string, instanceId: string, more: object = {}) =>
  seedInstance(db, { customerId, instanceId, ...more }, now);
const status = async (id: number, ...steps: [hoursAgo: number, status: string][]) => {
  const events = steps.map(([hours, after], n) => ({
    at: now - hours * hour,
    before: n === 0 ? null : steps[n - 1]![1],
    after,
  }));
  await seedEvents(db, id, events);
};
await status(await instance('alpha', 'a1', { lastCheckInAt: at(-5 * minute) }), [1, 'ready']);
await status(await instance('alpha', 'a2', { attention: 'inactive', inactiveSince: at(-minute) }), [
  3,
  'ready',
]);
await instance('alpha', 'a3', { attention: 'unavailable', archivedAt: at(-minute) });
await status(
  await instance('bravo', 'b1', {
    attention: 'refused',
    refusal: { reason: 'license expired', since: now - hour, lastAt: now, count: 3 },
    inactiveSince: null,
    lastCheckInAt: at(-2 * hour),
  }),
  [4, 'missing'],
);
await status(await instance('charlie', 'c1', { airGap: true, lastCheckInAt: at(-hour) }), [
  4,
  'ready',
]);
await status(
  await instance('charlie', 'c2', {
    attention: 'degraded',
    facts: { status: 'degraded' },
    lastCheckInAt: at(-3 * hour),
  }),
  [4, 'unavailable'],
  [2, 'degraded'],
);
await status(
  await instance('charlie', 'c3', {
    attention: 'late',
    lateSince: at(-minute),
    lastCheckInAt: at(-4 * hour),
  }),
  [4, 'ready'],
);

const ears = () => [{ from: now - 30 * day, to: Date.now() }];
const reports = createReports({ db, config: testConfig(), ears, build: 'test' });
const app = new Hono<AccountEnv>();
app.use(actAs('viewer'));
app.route('/', reportRoutes(reports));
app.onError((error, c) =>
  error instanceof AppError ? c.json({ message: error.message }, error.status) : c.text('', 500),
);

async function ask(query = ''): Promise<CustomersPage> {
  const response = await app.request(`/api/customers?${query}`);
  const text = await response.text();
  assert.is(response.status, 200, `${query}: ${text}`);
  assert.not.match(text, 'secret-of-');
  return JSON.parse(text) as CustomersPage;
}
const ids = async (query = '') => (await ask(query)).rows.map(({ id }) => id).join(' ');
const row = async (id: string): Promise<CustomerRow> => {
  const found = (await ask('archived=true')).rows.find((one) => one.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
};

test('all that are not archived stand there by name, whatever the case of its letters', async () => {
  const page = await ask();
  assert.is(page.rows.map(({ id }) => id).join(' '), 'alpha bravo charlie delta_1% echo');
  assert.is(page.matching, 5);
  assert.is(page.total, 5);
  assert.is(page.archived, 1);
  assert.is(await ids('archived=true'), 'alpha bravo charlie delta_1% echo gone');
  assert.is(page.axis.edges.length, 15);
});

test('a row says what the customer’s page says: each instance counted once, the worst, the newest', async () => {
  const alpha = await row('alpha');
  assert.equal(alpha.counts, { active: 1, airGap: 0, inactive: 1 });
  assert.is(alpha.worst, 'inactive');
  assert.is(alpha.lastCheckInAt, new Date(now).toISOString());
  assert.equal(alpha.app, { slug: 'acme', name: 'Acme Search' });
  assert.equal(alpha.channel, { id: 'stable', name: 'Stable' });
  assert.equal(alpha.license, { type: 'dev', expiresAt: at(10 * day).toISOString() });
  const charlie = await row('charlie');
  assert.equal(charlie.counts, { active: 2, airGap: 1, inactive: 0 });
  assert.is(charlie.worst, 'degraded');
  assert.is(charlie.uptime.down, 2 * 3600);
  assert.equal((await row('bravo')).counts, { active: 1, airGap: 0, inactive: 0 });
  for (const id of ['alpha', 'bravo', 'charlie', 'echo']) {
    const { counts } = (await reports.customer(id))!;
    const { active, airGap, inactive } = counts;
    assert.equal((await row(id)).counts, { active, airGap, inactive });
  }
  const echo = await row('echo');
  assert.equal([echo.worst, echo.lastCheckInAt], [null, null]);
  assert.equal(echo.uptime, { up: 0, degraded: 0, down: 0 });
  assert.is((await row('gone')).archived, true);
});

const orders: Record<(typeof customerSortKeys)[number], [asc: string, desc: string]> = {
  name: ['alpha bravo charlie delta_1% echo', 'echo delta_1% charlie bravo alpha'],
  channel: ['bravo charlie alpha delta_1% echo', 'alpha delta_1% echo charlie bravo'],
  type: ['alpha bravo charlie echo delta_1%', 'delta_1% charlie echo bravo alpha'],
  expires: ['bravo alpha echo charlie delta_1%', 'echo alpha bravo charlie delta_1%'],
  active: ['delta_1% echo alpha bravo charlie', 'charlie alpha bravo delta_1% echo'],
  inactive: ['bravo charlie delta_1% echo alpha', 'alpha bravo charlie delta_1% echo'],
  airGap: ['alpha bravo delta_1% echo charlie', 'charlie alpha bravo delta_1% echo'],
  worst: ['charlie bravo alpha delta_1% echo', 'alpha bravo charlie delta_1% echo'],
  // Of a refused instance nothing is known.
  uptime: ['charlie alpha bravo delta_1% echo', 'alpha charlie bravo delta_1% echo'],
  lastCheckIn: ['bravo charlie alpha delta_1% echo', 'alpha charlie bravo delta_1% echo'],
};
for (const key of customerSortKeys) {
  test(`the order by ${key} goes both ways, what is unknown last, those alike by name`, async () => {
    const [asc, desc] = orders[key];
    assert.is(await ids(`sort=${key}`), asc);
    assert.is(await ids(`sort=${key}&direction=desc`), desc);
  });
}
const filters: [query: string, found: string][] = [
  ['app=beacon', 'charlie'],
  ['app=acme,beacon&type=paid', 'charlie echo'],
  ['channel=beta&channel=lts', 'bravo charlie'],
  ['type=trial,dev', 'alpha bravo'],
  ['expiring=soon', 'alpha'],
  ['expiring=expired', 'bravo'],
  ['problems=true', 'bravo charlie'],
  ['problems=true&type=paid', 'charlie'],
  ['search=ALPHA', 'alpha'],
  ['search=beacon%20rel', 'charlie'],
  ['search=ops@', 'alpha'],
  ['search=%25', 'delta_1%'],
  ['search=_', 'delta_1%'],
  ['search=%5C', ''],
  ["search='", ''],
  ['search=acme', 'alpha bravo delta_1% echo'],
  ['search=nobody', ''],
  ['app=none', ''],
];
for (const [query, found] of filters)
  test(`?${query} finds ${found === '' ? 'nobody' : found}`, async () => {
    const page = await ask(query);
    assert.is(page.rows.map(({ id }) => id).join(' '), found);
    assert.is(page.matching, page.rows.length);
    assert.is(page.total, 5);
  });

test('what is wrong in a query is answered 400 and named', async () => {
  for (const [query, parameter] of [
    ['sort=size', 'sort'],
    ['direction=up', 'direction'],
    ['type=gold', 'type'],
    ['expiring=never', 'expiring'],
    ['problems=maybe', 'problems'],
    ['page=-1', 'page'],
    ['search=%00', 'search'],
    [`search=${'x'.repeat(201)}`, 'search'],
  ]) {
    const response = await app.request(`/api/customers?${query}`);
    assert.is(response.status, 400, query);
    assert.match(((await response.json()) as { message: string }).message, `"${parameter}"`);
  }
});

test('the facets count those who are not archived, by app and channel', async () => {
  const response = await app.request('/api/customers/facets');
  const facets = (await response.json()) as CustomerFacets;
  assert.equal(facets.apps, [
    { slug: 'acme', name: 'Acme Search', customers: 4 },
    { slug: 'beacon', name: 'Beacon Relay', customers: 1 },
  ]);
  assert.equal(facets.channels, [
    { id: 'beta', name: 'Beta', app: 'Acme Search', customers: 1 },
    { id: 'stable', name: 'Stable', app: 'Acme Search', customers: 3 },
    { id: 'lts', name: 'LTS', app: 'Beacon Relay', customers: 1 },
  ]);
});

test('the revision of a row rises with the customer, its instances and the catalog', async () => {
  const revision = async () => (await row('echo')).revision;
  let before = await revision();
  const rises = async (what: string) => {
    const after = await revision();
    assert.ok(after > before, what);
    before = after;
  };
  await db.update(customers).set({ revision: 1 }).where(eq(customers.id, 'echo'));
  await rises('the customer');
  const id = await instance('echo', 'e1', { revision: 0 });
  await rises('a new instance');
  await db.execute(sql`update instances set revision = revision + 1 where id = ${id}`);
  await rises('an instance');
  await db.execute(
    sql`update instances set archived_at = now(), revision = revision + 1 where id = ${id}`,
  );
  await rises('an archived instance');
  await db.execute(sql`update catalog_versions set version = version + 1`);
  await rises('the catalog');
});

test('pages of a hundred follow one another without a gap, in every order', async () => {
  for (let n = 0; n < 245; n += 1) await seedCustomer(db, `Many ${n}`);
  for (const sort of customerSortKeys) {
    const found: string[] = [];
    for (const page of [0, 1, 2, 3])
      found.push(...(await ask(`search=many&sort=${sort}&page=${page}`)).rows.map(({ id }) => id));
    assert.is(found.length, 245, sort);
    assert.is(new Set(found).size, 245, sort);
  }
});

test.after(close);
test.run();
