import { eq } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { apps, channels, customers, licenses, releases } from '#db/schema.ts';
import { applyFleet } from '#server/catalog/apply-fleet.ts';
import { FleetFaults } from '#server/catalog/fleet-faults.ts';
import { parseFleet } from '#server/catalog/parse-fleet.ts';
import { createFleet, fleetDocument } from '../../scripts/simulation/fleet.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { importFleet, licenseIds, smallFleet } from '../support/fleet.ts';

type Small = ReturnType<typeof smallFleet>;
const test = suite<{ server: FreshDatabase; fresh: FreshDatabase }>('import');

// One that stays open keeps the database server up from test to test.
test.before(async (context) => {
  context.server = await freshDatabase();
});
test.after(async (context) => {
  await context.server.close();
});

test.before.each(async (context) => {
  context.fresh = await freshDatabase();
});
test.after.each(async (context) => {
  await context.fresh.close();
});

/** The small fleet with one change. */
function changed(change: (fleet: Small) => void): Small {
  const fleet = smallFleet();
  change(fleet);
  return fleet;
}

const geegloOf = (fleet: Small) => fleet.apps[0]!.customers[0]!;

async function sequences({ db }: FreshDatabase): Promise<Record<string, number>> {
  const rows = await db.select().from(licenses);
  return Object.fromEntries(rows.map((row) => [row.customerId, row.sequence]));
}

async function everything({ db }: FreshDatabase) {
  return {
    apps: await db.select().from(apps).orderBy(apps.slug),
    channels: await db.select().from(channels).orderBy(channels.id),
    releases: await db
      .select()
      .from(releases)
      .orderBy(releases.channelId, releases.channelSequence),
    customers: await db.select().from(customers).orderBy(customers.id),
    licenses: await db.select().from(licenses).orderBy(licenses.customerId),
  };
}

/** The faults of an import, one a line. */
async function faultsOf(importing: () => unknown): Promise<string[]> {
  try {
    await importing();
  } catch (error) {
    if (error instanceof FleetFaults) return error.message.split('\n');
    throw error;
  }
  assert.unreachable('it was imported');
  return [];
}

test('a fleet is there after its import, whole', async ({ fresh }) => {
  const applied = await importFleet(fresh.db);
  assert.equal(applied, { apps: 2, channels: 3, releases: 5, customers: 4, added: 14, changed: 0 });
  const [customer] = await fresh.db.select().from(customers).where(eq(customers.id, 'geeglo'));
  assert.is(customer?.email, 'ops@geeglo.example');
  assert.is(customer?.archivedAt, null);
  const [license] = await fresh.db.select().from(licenses).where(eq(licenses.customerId, 'geeglo'));
  assert.is(license?.licenseId, licenseIds.geeglo);
  assert.equal(license?.features, ['gitops', 'airgap', 'identity', 'snapshots']);
  assert.equal(license?.createdAt, new Date('2026-06-28T08:00:00Z'));
  const informers = await fresh.db.select().from(apps).orderBy(apps.slug);
  assert.equal(
    informers.map((app) => app.statusInformers),
    [true, false],
  );
});

test('a second import changes nothing, not even a sequence or the time of archiving', async ({
  fresh,
}) => {
  await importFleet(fresh.db);
  const before = await everything(fresh);
  const { added, changed } = await importFleet(fresh.db);
  assert.equal([added, changed], [0, 0]);
  assert.equal(await everything(fresh), before);
});

test("a license's sequence is raised exactly when its document says something else", async ({
  fresh,
}) => {
  await importFleet(fresh.db);
  const steps: [change: (fleet: Small) => void, sequence: number][] = [
    [(fleet) => (geegloOf(fleet).email = 'other@geeglo.example'), 1],
    [(fleet) => (geegloOf(fleet).license.createdAt = '2026-06-29T08:00:00Z'), 1],
    [(fleet) => (geegloOf(fleet).archived = true), 1],
    [(fleet) => geegloOf(fleet).license.features.reverse(), 1],
    [(fleet) => (geegloOf(fleet).name = 'Geeglo AG'), 2],
    [() => undefined, 3],
    [(fleet) => (geegloOf(fleet).license.expiresAt = '2050-01-01T00:00:00Z'), 4],
    [(fleet) => (geegloOf(fleet).channel = 'acme-beta'), 5],
    [(fleet) => (geegloOf(fleet).license.entitlements.seats.value = 26), 6],
  ];
  for (const [index, [change, sequence]] of steps.entries()) {
    await importFleet(fresh.db, changed(change));
    assert.is((await sequences(fresh)).geeglo, sequence, `step ${index}`);
  }
  assert.is((await sequences(fresh)).roamway, 1);
});

test("a channel's new name raises the sequence of every license that names it", async ({
  fresh,
}) => {
  await importFleet(fresh.db);
  const renamed = changed((fleet) => {
    fleet.apps[0]!.channels[0]!.name = 'Production';
    fleet.apps[0]!.customers.splice(1);
  });
  await importFleet(fresh.db, renamed);
  assert.equal(await sequences(fresh), { geeglo: 2, lapsed: 2, gone: 2, roamway: 1 });
});

test('what the file leaves out stays as it is', async ({ fresh }) => {
  await importFleet(fresh.db);
  const smaller = changed((fleet) => {
    fleet.apps.splice(1);
    fleet.apps[0]!.channels[0]!.releases.splice(0, 2);
    fleet.apps[0]!.customers.splice(1, 1);
    delete fleet.apps[0]!.customers[1]!.archived;
  });
  const before = await everything(fresh);
  const { added, changed: others } = await importFleet(fresh.db, smaller);
  assert.equal([added, others], [0, 0]);
  assert.equal(await everything(fresh), before);
});

test('a customer is archived and comes back', async ({ fresh }) => {
  const archivedAt = async () => {
    const [row] = await fresh.db.select().from(customers).where(eq(customers.id, 'geeglo'));
    return row?.archivedAt ?? null;
  };
  await importFleet(fresh.db);
  await importFleet(
    fresh.db,
    changed((fleet) => (geegloOf(fleet).archived = true)),
  );
  assert.ok(Math.abs((await archivedAt())!.getTime() - Date.now()) < 60_000);
  await importFleet(fresh.db);
  assert.is(await archivedAt(), null);
});

test('another license id is a rotation, and two customers may swap theirs', async ({ fresh }) => {
  await importFleet(fresh.db);
  const swapped = changed((fleet) => {
    fleet.apps[0]!.customers[0]!.license.id = licenseIds.expired;
    fleet.apps[0]!.customers[1]!.license.id = licenseIds.geeglo;
    fleet.apps[0]!.channels[0]!.name = 'Beta';
    fleet.apps[0]!.channels[1]!.name = 'Stable';
  });
  assert.is((await importFleet(fresh.db, swapped)).changed, 5);
  const [license] = await fresh.db.select().from(licenses).where(eq(licenses.customerId, 'geeglo'));
  assert.is(license?.licenseId, licenseIds.expired);
});

test('every fault is named with its path, all of them at once', async ({ fresh }) => {
  const fleet = {
    apps: [
      {
        slug: 'acme',
        name: 'Acme',
        channels: [
          {
            id: 'stable',
            name: 'Stable',
            releases: [
              {
                channelSequence: 1,
                releaseSequence: 1,
                versionLabel: 1.1,
                promotedAt: 'yesterday',
              },
              {
                channelSequence: 1,
                releaseSequence: 2,
                versionLabel: '1.2',
                promotedAt: '2026-10-01T09:00:00Z',
              },
            ],
          },
        ],
        customers: [
          {
            id: 'a',
            name: 'A',
            channel: 'nightly',
            nmae: 'typo',
            license: { id: 'same', type: 'gold', createdAt: '2026-10-01T09:00:00Z' },
          },
          {
            id: 'a',
            name: 'B',
            channel: 'stable',
            license: {
              id: 'same',
              type: 'community',
              createdAt: '2026-10-01T09:00:00Z',
              expiresAt: '2027-10-01T09:00:00Z',
              features: ['airgap', 'teleport'],
              entitlements: { seats: { title: 'Seats', value: 'many', valueType: 'Integer' } },
            },
          },
        ],
      },
    ],
  };
  assert.equal(await faultsOf(() => parseFleet(fleet)), [
    'apps[0].channels[0].releases[0].promotedAt: must be a time with its zone, such as 2026-10-01T09:00:00Z',
    'apps[0].channels[0].releases[0].versionLabel: must be text; put it in quotes',
    'apps[0].channels[0].releases[1].channelSequence: this channel sequence is given twice',
    'apps[0].customers[0]: unknown field "nmae"',
    'apps[0].customers[0].channel: the app has no channel nightly',
    'apps[0].customers[0].license.type: must be one of dev, trial, paid, community',
    'apps[0].customers[1].id: this customer id is given twice',
    'apps[0].customers[1].license.entitlements.seats.value: does not fit valueType Integer',
    'apps[0].customers[1].license.features[1]: must be one of gitops, airgap, identity, snapshots',
    'apps[0].customers[1].license.id: this license id is given twice',
  ]);
  assert.equal((await everything(fresh)).apps, []);
});

test('a community license has neither an expiry nor the air gap feature', async () => {
  const fleet = changed((one) => {
    Object.assign(geegloOf(one).license, { type: 'community', expiresAt: '2050-01-01T00:00:00Z' });
  });
  assert.equal(await faultsOf(() => parseFleet(fleet)), [
    'apps[0].customers[0].license.expiresAt: must be null: a community license does not expire',
    'apps[0].customers[0].license.features: must not hold airgap: a community license does not have it',
  ]);
});

test('a customer may not have an id that means something else in addresses', async ({ fresh }) => {
  const fleet = changed((it) => (geegloOf(it).id = 'facets'));
  assert.equal(await faultsOf(() => importFleet(fresh.db, fleet)), [
    'apps[0].customers[0].id: no customer may have the id facets',
  ]);
  assert.equal((await everything(fresh)).apps, []);
});

test('a file that is no fleet at all is refused with its faults', async () => {
  for (const nonsense of [null, 5, 'text', [], {}, { apps: {} }, { apps: [null, 5, []] }]) {
    assert.ok((await faultsOf(() => parseFleet(nonsense))).length > 0, JSON.stringify(nonsense));
  }
});

test('what the database has otherwise is a fault too, and then nothing is imported', async ({
  fresh,
}) => {
  await importFleet(fresh.db);
  const before = await everything(fresh);
  const fleet = {
    apps: [
      { slug: 'newcomer', name: 'Newcomer' },
      {
        slug: 'beacon',
        name: 'Beacon the Second',
        channels: [
          { id: 'acme-beta', name: 'Beta' },
          { id: 'beacon-other', name: 'Stable' },
        ],
        customers: [
          {
            id: 'lapsed',
            name: 'Lapsed',
            channel: 'acme-beta',
            license: { id: licenseIds.geeglo, type: 'dev', createdAt: '2026-10-01T09:00:00Z' },
          },
        ],
      },
    ],
  };
  assert.equal(await faultsOf(() => importFleet(fresh.db, fleet)), [
    'apps[1].channels[0].id: this channel belongs to the app acme',
    'apps[1].channels[1].name: the channel beacon-stable of this app has this name already',
    'apps[1].customers[0].id: this customer belongs to the app acme',
    'apps[1].customers[0].license.id: the customer geeglo holds this license id',
  ]);
  assert.equal(await everything(fresh), before);
});

test("a vendor's signed document is kept byte for byte, and must be this customer's", async ({
  fresh,
}) => {
  const signed = (licenseId: string, more = '') =>
    `\uFEFFapiVersion: kots.io/v1beta1\r\nkind: License\r\nspec:\r\n  licenseID: ${licenseId}\r\n${more}`;
  const fleet = changed((one) => Object.assign(geegloOf(one), { licenseFile: 'geeglo.yaml' }));
  const load = (document: string) => parseFleet(fleet, () => document);

  const document = signed(licenseIds.geeglo, '  appSlug: acme # signed\r\n');
  await applyFleet(fresh.db, load(document));
  const [license] = await fresh.db.select().from(licenses).where(eq(licenses.customerId, 'geeglo'));
  assert.is(license?.document, document);

  const faults: [document: string, fault: RegExp][] = [
    ['kind: Application', /is not a kots\.io License/],
    ['{', /is not a kots\.io License/],
    [signed('another'), /another licenseID than license\.id/],
    [signed(licenseIds.geeglo, '  appSlug: beacon\r\n'), /a license of the app beacon/],
    [
      signed(
        licenseIds.geeglo,
        '  entitlements: { expires_at: { value: "2027-01-01T00:00:00Z" } }\r\n',
      ),
      /expires 2027-01-01T00:00:00Z, license\.expiresAt says otherwise/,
    ],
  ];
  for (const [text, fault] of faults) {
    const [line, ...rest] = await faultsOf(() => load(text));
    assert.match(line ?? '', fault);
    assert.match(line ?? '', /^apps\[0\]\.customers\[0\]\.licenseFile: /);
    assert.equal(rest, []);
  }
});

test('servers hear of an import after its commit, and nothing of one that changed nothing', async ({
  fresh,
}) => {
  const heard: string[] = [];
  await fresh.open.listen('rollcall', (payload) => heard.push(payload));
  await importFleet(fresh.db);
  await importFleet(fresh.db);
  await fresh.open.notify('rollcall', 'end');
  while (!heard.includes('end')) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(heard, ['{"kind":"catalog"}', 'end']);
});

test('imports at the same time wait for one another', async ({ fresh }) => {
  const names = ['One', 'Two', 'Three', 'Four'];
  await Promise.all(
    names.map((name) =>
      importFleet(
        fresh.db,
        changed((fleet) => (geegloOf(fleet).name = name)),
      ),
    ),
  );
  assert.is((await sequences(fresh)).geeglo, 4);
});

test("the demo's fleet is one", async ({ fresh }) => {
  const fleet = createFleet({ seed: 'import', now: Date.UTC(2026, 10, 24) });
  const { customers: count } = await importFleet(fresh.db, fleetDocument(fleet, { open: false }));
  assert.is(count, fleet.customers.length);
});

test.run();
