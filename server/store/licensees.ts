import { sql } from 'drizzle-orm';
import type { Time } from '#domain/model.ts';
import type { Tx } from './instances.ts';
import { executePrepared } from './prepared.ts';

/** The customer behind a license, as a report's transaction needs it. */
export interface LockedLicensee {
  licenseId: string;
  customerId: string;
  appSlug: string;
  channelId: string;
  statusInformers: boolean;
  expiresAt: Time | null;
  archived: boolean;
  /** The transactions that wrote its rows last: as long as they are the same, all of the above is. */
  writtenBy: string;
}

/** The rows that a licensee is made of. */
export const licenseeTables = sql`
    licenses l join customers c on c.id = l.customer_id join apps a on a.slug = c.app_slug`;
/** Who wrote them last. */
export const licenseeWrittenBy = sql`concat_ws(' ', l.xmin, c.xmin, a.xmin)`;

/**
 * Reads the licenses and holds their customers against deletion and key changes until the commit, in id order.
 * @returns also the database's clock, which dates everything the transaction writes, and the transaction's own name,
 * which every row bears that it writes; null: no such license
 */
export async function lockLicensees(
  tx: Tx,
  licenseIds: string[],
): Promise<{ now: Time; transaction: string | null; licensees: Map<string, LockedLicensee> }> {
  const rows = await executePrepared<Record<string, unknown>>(
    tx,
    sql`
    select l.license_id, c.id, c.app_slug, c.channel_id, a.status_informers,
      (extract(epoch from l.expires_at) * 1000)::float8 as expires_at,
      c.archived_at is not null as archived, ${licenseeWrittenBy} as written_by,
      (extract(epoch from clock_timestamp()) * 1000)::float8 as now,
      pg_current_xact_id()::xid::text as transaction
    from ${licenseeTables}
    where l.license_id = any(${sql.param(licenseIds)}::text[])
    order by c.id for key share of c`,
  );
  const licensees = new Map<string, LockedLicensee>();
  for (const row of rows) {
    licensees.set(row.license_id as string, {
      licenseId: row.license_id as string,
      customerId: row.id as string,
      appSlug: row.app_slug as string,
      channelId: row.channel_id as string,
      statusInformers: row.status_informers as boolean,
      expiresAt: row.expires_at as number | null,
      archived: row.archived as boolean,
      writtenBy: row.written_by as string,
    });
  }
  const now = Math.max(0, ...rows.map((row) => Math.floor(row.now as number)));
  return { now, transaction: (rows[0]?.transaction as string | undefined) ?? null, licensees };
}
