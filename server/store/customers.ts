import { eq, sql } from 'drizzle-orm';
import { apps, channels, customers, licenses, portalSessions } from '#db/schema.ts';
import type { Tx } from './instances.ts';

type CustomerRow = typeof customers.$inferSelect;
type LicenseRow = typeof licenses.$inferSelect;

/** A customer with its license, its id included, as an edit finds it. */
export interface HeldCustomer extends CustomerRow {
  appName: string;
  channelName: string;
  license: LicenseRow;
}

/**
 * Reads a customer and holds it against other edits, but not against reports, until the commit.
 * @returns null: there is no such customer
 */
export async function lockCustomer(tx: Tx, customerId: string): Promise<HeldCustomer | null> {
  const [row] = await tx
    .select({
      customer: customers,
      license: licenses,
      appName: apps.name,
      channelName: channels.name,
    })
    .from(customers)
    .innerJoin(licenses, eq(licenses.customerId, customers.id))
    .innerJoin(apps, eq(apps.slug, customers.appSlug))
    .innerJoin(channels, eq(channels.id, customers.channelId))
    .where(eq(customers.id, customerId))
    .for('no key update', { of: customers });
  if (!row) return null;
  const { customer, ...rest } = row;
  return { ...customer, ...rest };
}

export interface ChannelOfApp {
  id: string;
  name: string;
  appSlug: string;
}

/** Null: there is no such channel. */
export async function findChannel(tx: Tx, channelId: string): Promise<ChannelOfApp | null> {
  const [channel] = await tx
    .select({ id: channels.id, name: channels.name, appSlug: channels.appSlug })
    .from(channels)
    .where(eq(channels.id, channelId));
  return channel ?? null;
}

/** Null: there is no such app. */
export async function findAppName(tx: Tx, slug: string): Promise<string | null> {
  const [app] = await tx.select({ name: apps.name }).from(apps).where(eq(apps.slug, slug));
  return app?.name ?? null;
}

/** The first of `base`, `base-2`, `base-3` … that no customer has. */
export async function findFreeId(tx: Tx, base: string): Promise<string> {
  const [row] = await tx.execute<{ id: string }>(sql`
    select case when n = 1 then ${base}::text else ${base}::text || '-' || n end as id
    from generate_series(1, (select count(*) + 1 from customers)) as n
    where not exists (
      select from customers
      where id = case when n = 1 then ${base}::text else ${base}::text || '-' || n end)
    order by n limit 1`);
  return row!.id;
}

export type NewCustomer = Pick<CustomerRow, 'id' | 'appSlug' | 'channelId' | 'name' | 'email'>;

/** @returns false: another customer has this id */
export async function insertCustomer(tx: Tx, customer: NewCustomer): Promise<boolean> {
  const made = await tx
    .insert(customers)
    .values(customer)
    .onConflictDoNothing()
    .returning({ id: customers.id });
  return made.length > 0;
}

/** A new customer's license; its sequence is 1. */
export async function insertLicense(
  tx: Tx,
  license: Omit<LicenseRow, 'sequence' | 'document'>,
): Promise<void> {
  await tx.insert(licenses).values(license);
}

/** Writes what is given, and raises the revision. @returns the new one */
export async function writeCustomer(
  tx: Tx,
  customerId: string,
  change: Partial<Pick<CustomerRow, 'name' | 'email' | 'channelId' | 'archivedAt'>>,
): Promise<number> {
  const [row] = await tx
    .update(customers)
    .set({ ...change, revision: sql`${customers.revision} + 1` })
    .where(eq(customers.id, customerId))
    .returning({ revision: customers.revision });
  return row!.revision;
}

export async function writeLicense(
  tx: Tx,
  customerId: string,
  change: Partial<Omit<LicenseRow, 'customerId' | 'createdAt'>>,
): Promise<void> {
  if (Object.keys(change).length === 0) return;
  await tx.update(licenses).set(change).where(eq(licenses.customerId, customerId));
}

/** Ends all logins at the customer's download portal. */
export async function endPortalSessions(tx: Tx, customerId: string): Promise<void> {
  await tx.delete(portalSessions).where(eq(portalSessions.customerId, customerId));
}
