import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { eq } from 'drizzle-orm';
import { instances } from '#db/schema.ts';
import type { InstanceRow } from '#contract/instance.ts';
import { type FleetQuery, fleetPageQuery, sortKeys } from '#contract/reports.ts';
import { attentionOrder } from '#contract/status.ts';
import { compareVersions } from '#server/reports/compare-versions.ts';
import { createReports } from '#server/reports/index.ts';
import { freshDatabase } from '../support/database.ts';
import { day, hour, minute, seedCustomer, seedInstance, seedVendor, testConfig } from './seed.ts';

const { db, close } = await freshDatabase();
const now = Date.now();
const ears = () => [{ from: now - 100 * day, to: Date.now() }];
const reports = createReports({ db, config: testConfig(), ears, build: 'test' });
const ask = (query: object = {}) => reports.fleetPage(fleetPageQuery.parse(query));
const idsOf = (rows: InstanceRow[]) => rows.map((row) => row.id);

/** A few hundred instances of every kind, by a fixed formula, so that every filter and sort has ties and gaps. */
async function seedFleet() {
  await seedVendor(db, ['Geeglo', 'Ähre', 'hooli']);
  await seedCustomer(db, 'Initech', 'beta');
  const pick = <T>(list: readonly T[], n: number) => list[n % list.length]!;
  for (let n = 0; n < 350; n++) {
    const at = now - pick([1, 5, 5, 9], n) * hour;
    await seedInstance(db, {
      customerId: pick(['geeglo', 'ähre', 'hooli', 'initech', 'geeglo'], n),
      instanceId: `${pick(['a', 'b', 'c'], n * 7)}${n}-instance`,
      name: pick([null, null, `Shop ${n}`, 'shop', 'Zürich'], n * 3),
      attention: pick(attentionOrder, n * 5),
      airGap: n % 11 === 0,
      archivedAt: n % 13 === 0 ? new Date(at) : null,
      statusSince: n % 17 === 0 ? null : new Date(at),
      lastCheckInAt: new Date(now - (n % 7) * minute),
      firstSeenAt: new Date(at - (n % 19) * day),
      tags: n % 4 === 0 ? { env: [pick(['prod', '50%_off', 'a="b\\'], n / 4), 'report'] } : {},
      facts: {
        status: 'ready',
        clusterId: `cluster-${n % 10}`,
        ...(n % 3 === 0 ? { channelId: pick(['stable', 'beta', 'unheard-of'], n / 3) } : {}),
        ...(n % 23 === 0 ? { channelName: 'Nightly' } : {}),
        ...(n % 5 === 0 ? {} : { versionLabel: pick(['1.9.0', '1.10.0', '1.10.0-rc.1', '2'], n) }),
        ...(n % 6 === 0 ? {} : { k8sDistribution: pick(['eks', 'k3s', 'gke'], n) }),
        ...(n % 2 === 0 ? { k8sVersion: pick(['v1.27.1', 'v1.30.0'], n / 2) } : {}),
      },
    });
  }
}
await seedFleet();
const stored = await db.select().from(instances);
type Stored = (typeof stored)[number];

const customerNames: Record<string, string> = {
  geeglo: 'Geeglo',
  ähre: 'Ähre',
  hooli: 'hooli',
  initech: 'Initech',
};
const channelOf = (row: Stored) =>
  row.channelId ?? row.facts.channelName ?? (row.customerId === 'initech' ? 'beta' : 'stable');

function expectedMatch(row: Stored, query: FleetQuery): boolean {
  const among = (values: string[], value: string | null) =>
    values.length === 0 || (value !== null && values.includes(value));
  const words = [
    row.name,
    row.instanceId,
    row.versionLabel,
    row.facts.clusterId,
    customerNames[row.customerId],
    ...Object.entries(row.tags).map(([name, [value]]) => `${name}=${value}`),
  ];
  return (
    (query.archived || row.archivedAt === null) &&
    (query.connection === 'any' || row.airGap === (query.connection === 'airgap')) &&
    among(query.attention, attentionOrder[row.attention]!) &&
    among(query.customer, row.customerId) &&
    among(query.channel, channelOf(row)) &&
    among(query.version, row.versionLabel) &&
    among(query.distribution, row.k8sDistribution) &&
    words.some((word) => word?.toLowerCase().includes(query.search.toLowerCase()))
  );
}

type Compare<T> = (a: T, b: T) => number;
const plainly: Compare<string | number> = (a, b) => (a < b ? -1 : Number(a > b));
/** By a key, what has none last in either direction. */
function by<T>(
  key: (row: Stored) => T | null,
  direction: 'asc' | 'desc',
  compare: Compare<T>,
): Compare<Stored> {
  return (a, b) => {
    const [left, right] = [key(a), key(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return direction === 'asc' ? compare(left, right) : compare(right, left);
  };
}

function expectedOrder({ sort, direction }: FleetQuery): Compare<Stored>[] {
  const since = by((row) => row.statusSince?.getTime() ?? null, 'desc', plainly);
  switch (sort) {
    case 'attention':
      return [by((row) => row.attention, direction, plainly), since];
    case 'name':
      return [by((row) => (row.name ?? row.instanceId).toLowerCase(), direction, plainly)];
    case 'customer':
      return [
        by((row) => customerNames[row.customerId]!.toLowerCase(), direction, plainly),
        by((row) => row.attention, 'asc', plainly),
        since,
      ];
    case 'version':
      return [by((row) => row.versionLabel, direction, compareVersions)];
    case 'distribution':
      return [
        by((row) => row.k8sDistribution, direction, plainly),
        by((row) => row.facts.k8sVersion ?? null, direction, plainly),
      ];
    case 'lastCheckIn':
      return [by((row) => row.lastCheckInAt.getTime(), direction, plainly)];
    case 'firstSeen':
      return [by((row) => row.firstSeenAt.getTime(), direction, plainly)];
  }
}

function expected(query: FleetQuery): number[] {
  const order = [...expectedOrder(query), by((row: Stored) => row.id, 'asc', plainly)];
  return stored
    .filter((row) => expectedMatch(row, query))
    .sort((a, b) => order.reduce((result, compare) => result || compare(a, b), 0))
    .map((row) => row.id);
}

async function askAll(query: FleetQuery): Promise<{ ids: number[]; matching: number[] }> {
  const pages = [];
  for (let page = 0; page < 5; page++) pages.push(await ask({ ...query, page }));
  return {
    ids: pages.flatMap(({ rows }) => idsOf(rows)),
    matching: pages.map(({ matching }) => matching),
  };
}

for (const sort of sortKeys) {
  test(`the fleet sorts by ${sort} both ways, and its pages neither overlap nor miss a row`, async () => {
    for (const direction of ['asc', 'desc'] as const) {
      const query = fleetPageQuery.parse({ sort, direction, archived: true });
      const { ids, matching } = await askAll(query);
      assert.equal(ids, expected(query), direction);
      assert.equal(matching, [350, 350, 350, 350, 350]);
    }
  });
}

const some = (values: readonly string[]) => fc.subarray([...values], { maxLength: 2 });
const anyQuery = fc.record({
  search: fc.constantFrom(
    '',
    '',
    '',
    'SHOP',
    'env=PROD',
    'v=a="B',
    '=',
    '"b\\',
    '\\',
    '",',
    '50%_',
    'a%b',
    '_',
    'cluster-7',
    'ÄHRE',
    'geeg',
    '1.10',
    'zür',
    'ZÜR',
  ),
  attention: some(attentionOrder),
  customer: some(['geeglo', 'ähre', 'nobody']),
  channel: some(['stable', 'beta', 'unheard-of', 'Nightly']),
  version: some(['1.9.0', '1.10.0-rc.1', '2']),
  distribution: some(['eks', 'k3s']),
  connection: fc.constantFrom('any', 'any', 'online', 'airgap'),
  archived: fc.boolean(),
  sort: fc.constantFrom(...sortKeys),
  direction: fc.constantFrom('asc', 'desc'),
});

test('any filters together find what a plain loop finds, in order', async () => {
  await fc.assert(
    fc.asyncProperty(anyQuery, async (query) => {
      const page = await ask(query);
      const ids = expected(fleetPageQuery.parse(query));
      assert.equal(idsOf(page.rows), ids.slice(0, 100));
      assert.is(page.matching, ids.length);
    }),
    { numRuns: 150 },
  );
});

test('a search takes % and _ for what they are', async () => {
  assert.is((await ask({ search: '%' })).matching, (await ask({ search: '50%_off' })).matching);
  assert.ok((await ask({ search: 'env=50%_O' })).matching > 0);
  assert.ok((await ask({ search: 'A="b\\' })).matching > 0);
  assert.is((await ask({ search: '\\\\' })).matching, 0);
});

test('a page beyond the end is empty and still knows how many match', async () => {
  const page = await ask({ page: 99 });
  assert.equal(page.rows, []);
  assert.is(page.matching, stored.filter((row) => row.archivedAt === null).length);
  assert.is(page.axis.edges.length, 15);
});

test('the counts leave archived instances out, except to say how many there are', async () => {
  const { counts } = await ask({ search: 'nothing is called like this' });
  const current = stored.filter((row) => row.archivedAt === null);
  assert.is(counts.total, current.length);
  assert.is(counts.airGap, current.filter((row) => row.airGap).length);
  assert.is(counts.archived, stored.length - current.length);
  for (const [index, attention] of attentionOrder.entries())
    assert.is(
      counts.byAttention[attention],
      current.filter((row) => row.attention === index).length,
    );
});

test('the facets offer what unarchived instances have, the newest version first', async () => {
  const facets = await reports.facets();
  const current = stored.filter((row) => row.archivedAt === null);
  assert.equal(
    facets.customers.map(({ name }) => name),
    ['Ähre', 'Geeglo', 'hooli', 'Initech'],
  );
  assert.equal(
    facets.versions.map(({ label }) => label),
    ['2', '1.10.0', '1.10.0-rc.1', '1.9.0'],
  );
  assert.equal(
    facets.distributions.map(({ name }) => name),
    ['eks', 'gke', 'k3s'],
  );
  const channels = facets.channels.map(({ id, name, app }) => `${app} ${id} ${name}`);
  assert.equal(channels, [
    'Acme Search beta Beta',
    'Acme Search Nightly Nightly',
    'Acme Search stable Stable',
    'Acme Search unheard-of unheard-of',
  ]);
  for (const { id, instances: count } of facets.channels)
    assert.is(count, current.filter((row) => channelOf(row) === id).length);
  for (const { id, instances: count } of facets.customers)
    assert.is(count, current.filter((row) => row.customerId === id).length);
});

test('each presence is presented with its beginning, and lateness with its moment', async () => {
  const base = { customerId: 'initech', instanceId: 'presence' };
  const id = await seedInstance(db, { ...base, nextWithin: 240, lastCheckInAt: new Date(now) });
  const set = (values: Partial<typeof instances.$inferInsert>) =>
    db.update(instances).set(values).where(eq(instances.id, id));
  const read = async () => (await reports.summaries([id]))[0]!;
  const iso = (at: number) => new Date(at).toISOString();

  const current = await read();
  assert.is(current.presence, 'current');
  assert.is(current.presenceSince, null);
  assert.is(current.lateAfter, 270);
  assert.is(current.lateAt, iso(now + 270_000));
  assert.is(current.attention, 'ready');

  await set({ lateSince: new Date(now - hour), attention: attentionOrder.indexOf('late') });
  const late = await read();
  assert.equal(
    [late.presence, late.presenceSince, late.attention],
    ['late', iso(now - hour), 'late'],
  );
  assert.is(late.lateAt, iso(now - hour));

  await set({ inactiveSince: new Date(now - minute) });
  const inactive = await read();
  assert.equal([inactive.presence, inactive.presenceSince], ['inactive', iso(now - minute)]);

  const refusal = { reason: 'license expired', since: now - day, lastAt: now, count: 7 } as const;
  await set({ refusal, lateSince: null, inactiveSince: null });
  const refused = await read();
  assert.equal([refused.presence, refused.presenceSince], ['refused', iso(now - day)]);
  assert.equal(refused.refusal, { ...refusal, since: iso(now - day), lastAt: iso(now) });
  assert.is(refused.lateAt, null);

  await set({ refusal: null, airGap: true, facts: { status: 'unmonitored' } });
  const airGap = await read();
  assert.equal([airGap.lateAfter, airGap.lateAt, airGap.airGap], [null, null, true]);
  assert.equal([airGap.status, airGap.monitored], ['ready', false]);

  await set({ facts: {}, statusSince: null });
  const unreported = await read();
  assert.equal(
    [unreported.status, unreported.monitored, unreported.statusSince],
    [null, true, null],
  );
});

test('versions behind are counted on reading, against the channel reported and by releases on offer', async () => {
  const facts = { status: 'ready', channelSequence: 1, versionLabel: '1.1.0' } as const;
  const behind = async (customerId: string, more: object) => {
    const id = await seedInstance(db, {
      customerId,
      instanceId: crypto.randomUUID(),
      facts: { ...facts, ...more },
    });
    const [summary] = await reports.summaries([id]);
    return [summary!.versionsBehind, summary!.channel?.name];
  };
  assert.equal(await behind('geeglo', {}), [2, 'Stable']);
  assert.equal(await behind('geeglo', { channelSequence: 3 }), [0, 'Stable']);
  assert.equal(await behind('geeglo', { channelSequence: 9 }), [null, 'Stable']);
  assert.equal(await behind('geeglo', { channelId: 'beta' }), [null, 'Beta']);
  assert.equal(await behind('initech', { channelId: 'stable' }), [2, 'Stable']);
  assert.equal(await behind('geeglo', { channelName: 'Nightly' }), [null, 'Nightly']);
});

test('summaries come in the order asked for, archived ones too, unknown ones left out', async () => {
  const archived = stored.find((row) => row.archivedAt !== null)!;
  const other = stored.find((row) => row.archivedAt === null)!;
  const summaries = await reports.summaries([other.id, 99_999_999, archived.id]);
  assert.equal(
    summaries.map(({ id }) => id),
    [other.id, archived.id],
  );
  assert.is(summaries[1]!.archived, true);
  assert.equal(await reports.summaries([]), []);
  assert.equal(await reports.revisions([other.id, 99_999_999]), [[other.id, 1]]);
});

test.after(close);
test.run();
