import { eq, sql, type SQL } from 'drizzle-orm';
import { channels, customers, licenses } from '#db/schema.ts';
import type { License, Time } from '#domain/model.ts';
import type { Tx } from './instances.ts';

/** The customer behind a license, as far as the door must know it before the report's own transaction. */
export interface Licensee {
  licenseId: string;
  customerId: string;
  appSlug: string;
  /** The customer's own channel. */
  channelId: string;
  expiresAt: Time | null;
  archived: boolean;
  /** The app's channels that have a release of sequence 0. Hardly any has. */
  zeroChannels: { id: string; name: string }[];
}

/** The customer behind a license id; null: no such license. */
export async function findLicensee(db: Tx, licenseId: string): Promise<Licensee | null> {
  const [row] = await db
    .select({
      licenseId: licenses.licenseId,
      customerId: customers.id,
      appSlug: customers.appSlug,
      channelId: customers.channelId,
      expiresAt: licenses.expiresAt,
      archivedAt: customers.archivedAt,
      zeroChannels: sql<{ id: string; name: string }[]>`(
        select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name)), '[]')
        from channels c join releases r on r.channel_id = c.id and r.channel_sequence = 0
        where c.app_slug = ${customers.appSlug})`,
    })
    .from(licenses)
    .innerJoin(customers, eq(customers.id, licenses.customerId))
    .where(eq(licenses.licenseId, licenseId));
  if (!row) return null;
  const { archivedAt, expiresAt, ...rest } = row;
  return { ...rest, expiresAt: expiresAt?.getTime() ?? null, archived: archivedAt !== null };
}

/** A license with all that its document says. */
export interface LicenseRecord extends License {
  customerName: string;
  appSlug: string;
  channelId: string;
  channelName: string;
  archived: boolean;
}

/** The license of that id with what its document says; null: no such license. */
export function loadLicense(db: Tx, licenseId: string): Promise<LicenseRecord | null> {
  return selectLicense(db, eq(licenses.licenseId, licenseId));
}

/** The customer's license with what its document says; null: no such customer. */
export function loadLicenseOf(db: Tx, customerId: string): Promise<LicenseRecord | null> {
  return selectLicense(db, eq(licenses.customerId, customerId));
}

async function selectLicense(db: Tx, which: SQL): Promise<LicenseRecord | null> {
  const [row] = await db
    .select({ license: licenses, customer: customers, channelName: channels.name })
    .from(licenses)
    .innerJoin(customers, eq(customers.id, licenses.customerId))
    .innerJoin(channels, eq(channels.id, customers.channelId))
    .where(which);
  if (!row) return null;
  const { license, customer, channelName } = row;
  return {
    ...license,
    createdAt: license.createdAt.getTime(),
    expiresAt: license.expiresAt?.getTime() ?? null,
    customerName: customer.name,
    appSlug: customer.appSlug,
    channelId: customer.channelId,
    channelName,
    archived: customer.archivedAt !== null,
  };
}
