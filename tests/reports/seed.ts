import type { Db } from '#db/client.ts';
import {
  apps,
  channels,
  customers,
  instanceEvents,
  instances,
  licenses,
  releases,
  workspaces,
} from '#db/schema.ts';
import type { Scalar } from '#contract/instance.ts';
import { type Attention, attentionOrder } from '#contract/status.ts';
import type { Facts, Time } from '#domain/model.ts';
import type { Config } from '#server/config.ts';
import { readConfig } from '#server/config.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export function testConfig(over: Partial<Config> = {}): Config {
  return { ...readConfig({}), ...over };
}

/** One app with the channels Stable and Beta, three releases on Stable, and the customers asked for. */
export async function seedVendor(db: Db, names: string[], zone = 'UTC'): Promise<void> {
  await db.insert(workspaces).values({ zone });
  await db.insert(apps).values({ slug: 'acme', name: 'Acme Search' });
  await db.insert(channels).values([
    { id: 'stable', appSlug: 'acme', name: 'Stable' },
    { id: 'beta', appSlug: 'acme', name: 'Beta' },
  ]);
  await db.insert(releases).values(
    [1, 2, 3].map((sequence) => ({
      channelId: 'stable',
      channelSequence: sequence,
      releaseSequence: 10 + sequence,
      versionLabel: `1.${sequence}.0`,
      promotedAt: new Date(Date.UTC(2026, 0, sequence * 10)),
    })),
  );
  for (const name of names) await seedCustomer(db, name);
}

/** A customer whose id is its name in lower case. */
export async function seedCustomer(
  db: Db,
  name: string,
  channelId = 'stable',
  more: {
    customer?: Partial<typeof customers.$inferInsert>;
    license?: Partial<typeof licenses.$inferInsert>;
  } = {},
): Promise<void> {
  const id = name.toLowerCase();
  await db.insert(customers).values({ id, appSlug: 'acme', channelId, name, ...more.customer });
  await db.insert(licenses).values({
    customerId: id,
    licenseId: `secret-of-${id}`,
    type: 'paid',
    createdAt: new Date(Date.UTC(2026, 0, 1)),
    features: ['airgap', 'snapshots'],
    entitlements: { seats: { title: 'Seats', value: 25, valueType: 'Integer' } },
    ...more.license,
  });
}

type Row = typeof instances.$inferInsert;
export interface Seed extends Omit<Partial<Row>, 'attention'> {
  attention?: Attention;
  facts?: Facts;
}

/** Stores an instance: ready for an hour and heard from now, unless told otherwise. @returns its internal id */
export async function seedInstance(db: Db, seed: Seed, now: Time = Date.now()): Promise<number> {
  const { attention = 'ready', facts = { status: 'ready' }, ...over } = seed;
  const [row] = await db
    .insert(instances)
    .values({
      customerId: 'geeglo',
      instanceId: 'instance',
      revision: 1,
      facts,
      status: facts.status,
      channelId: facts.channelId,
      versionLabel: facts.versionLabel,
      k8sDistribution: facts.k8sDistribution,
      kotsInstallId: facts.kotsInstallId,
      statusSince: new Date(now - hour),
      statusReportedAt: new Date(now),
      firstSeenAt: new Date(now - hour),
      lastCheckInAt: new Date(now),
      lastEventAt: new Date(now - hour),
      attention: attentionOrder.indexOf(attention),
      ...over,
    })
    .returning({ id: instances.id });
  return row!.id;
}

export interface SeedEvent {
  at: Time;
  field?: string;
  before: Scalar;
  after: Scalar;
  unheardSince?: Time | null;
}

/** Stores events, status events unless a field is named. */
export async function seedEvents(db: Db, instance: number, events: SeedEvent[]): Promise<void> {
  if (events.length === 0) return;
  await db.insert(instanceEvents).values(
    events.map(({ at, field = 'status', before, after, unheardSince }) => ({
      instance,
      at: new Date(at),
      category:
        field === 'status' ? 'app status' : field === 'presence' ? 'presence' : 'infrastructure',
      field,
      before,
      after,
      reporter: 'sdk',
      unheardSince: unheardSince ? new Date(unheardSince) : null,
    })),
  );
}
