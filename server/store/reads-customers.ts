import { eq, sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { apps, channels, customers, instances, licenses } from '#db/schema.ts';
import type { Entitlement, Time } from '#domain/model.ts';
import type { LicenseFeature, LicenseType } from '#contract/status.ts';
import type { Tx } from './instances.ts';

export interface CustomerRecord {
  id: string;
  name: string;
  email: string | null;
  archivedAt: Date | null;
  revision: number;
  app: { slug: string; name: string };
  channel: { id: string; name: string };
  license: {
    type: LicenseType;
    createdAt: Date;
    expiresAt: Date | null;
    features: LicenseFeature[];
    entitlements: Record<string, Entitlement>;
    signed: boolean;
  };
}

/** A customer with its license, but without the license id: that one has its own verb. */
export async function readCustomer(db: Db, customerId: string): Promise<CustomerRecord | null> {
  const [row] = await db
    .select({
      id: customers.id,
      name: customers.name,
      email: customers.email,
      archivedAt: customers.archivedAt,
      revision: customers.revision,
      app: { slug: apps.slug, name: apps.name },
      channel: { id: channels.id, name: channels.name },
      license: {
        type: licenses.type,
        createdAt: licenses.createdAt,
        expiresAt: licenses.expiresAt,
        features: licenses.features,
        entitlements: licenses.entitlements,
        signed: sql<boolean>`${licenses.document} is not null`,
      },
    })
    .from(customers)
    .innerJoin(apps, eq(apps.slug, customers.appSlug))
    .innerJoin(channels, eq(channels.id, customers.channelId))
    .innerJoin(licenses, eq(licenses.customerId, customers.id))
    .where(eq(customers.id, customerId));
  return row ?? null;
}

/** A customer's license id, a secret, and the customer's name. */
export async function readLicenseId(
  db: Tx,
  customerId: string,
): Promise<{ licenseId: string; name: string } | null> {
  const [row] = await db
    .select({ licenseId: licenses.licenseId, name: customers.name })
    .from(licenses)
    .innerJoin(customers, eq(customers.id, licenses.customerId))
    .where(eq(licenses.customerId, customerId));
  return row ?? null;
}

export interface WorkspaceRecord {
  now: Time;
  customers: number;
  demo: boolean;
  /** The first by name whose reports are taken. */
  firstCustomer: { id: string; name: string } | null;
}

/** What the database knows of the whole workspace, and its present time. */
export async function readWorkspace(db: Db): Promise<WorkspaceRecord> {
  const [row] = await db.execute<Record<string, unknown>>(sql`
    select floor(extract(epoch from now()) * 1000)::float8 as now,
      (select count(*) from customers)::float8 as customers,
      coalesce((select demo from workspaces), false) as demo, first.id, first.name
    from (select) as one left join lateral (
      select c.id, c.name from customers c join licenses l on l.customer_id = c.id
      where c.archived_at is null and coalesce(l.expires_at > now(), true)
      order by c.name, c.id limit 1
    ) as first on true`);
  const { now, customers: count, demo, id, name } = row!;
  return {
    now: now as number,
    customers: count as number,
    demo: demo as boolean,
    firstCustomer: id === null ? null : { id: id as string, name: name as string },
  };
}

/** The database's present time. */
export async function readNow(db: Db): Promise<Time> {
  const [row] = await db.execute<{ now: number }>(sql`
    select floor(extract(epoch from now()) * 1000)::float8 as now`);
  return row!.now;
}

/** Which instances a comparison with a viewer covers. */
export type DigestScope =
  { ids: number[] } | { customerId: string } | { customerId: string; instanceId: string };

/** Count, sum of the revisions and newest check-in of some instances. */
export async function readDigest(
  db: Db,
  scope: DigestScope,
): Promise<{ count: number; revisions: number; newestCheckInAt: Time | null }> {
  const among =
    'ids' in scope
      ? sql`id = any(${sql.param(scope.ids)}::bigint[])`
      : 'instanceId' in scope
        ? sql`customer_id = ${scope.customerId} and instance_id = ${scope.instanceId}`
        : sql`customer_id = ${scope.customerId}`;
  const [row] = await db.execute<{ count: number; revisions: number; newest: number | null }>(sql`
    select count(*)::float8 as count, coalesce(sum(revision), 0)::float8 as revisions,
      (extract(epoch from max(last_check_in_at)) * 1000)::float8 as newest
    from ${instances} where ${among}`);
  const { count, revisions, newest } = row!;
  return { count, revisions, newestCheckInAt: newest === null ? null : Math.round(newest) };
}

/** The revision of each of these instances that exists. */
export async function readRevisions(
  db: Db,
  ids: number[],
): Promise<[id: number, revision: number][]> {
  const rows = await db.execute<{ id: number; revision: number }>(sql`
    select id::float8 as id, revision from ${instances}
    where id = any(${sql.param(ids)}::bigint[]) order by id`);
  return rows.map((row) => [row.id, row.revision]);
}
