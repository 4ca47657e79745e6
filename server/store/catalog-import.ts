import { getTableColumns, sql, type SQL } from 'drizzle-orm';
import { lockCatalogEdits } from './catalog-edits.ts';
import { readClock } from './clock.ts';
import { appReleases, apps, channels, customers, licenses, releases } from '#db/schema.ts';
import type { Tx } from './instances.ts';
import { ensurePortals } from './portals.ts';

/** Things as an import gives them: without what only the database knows, or only its editors say. */
export type AppRow = Pick<typeof apps.$inferSelect, 'slug' | 'name' | 'statusInformers'>;
export type ChannelRow = Omit<typeof channels.$inferSelect, 'revision'>;
export type ReleaseRow = Omit<typeof releases.$inferSelect, 'revision'>;
export type CustomerRow = Omit<typeof customers.$inferSelect, 'createdAt' | 'revision' | 'number'>;
export type LicenseRow = typeof licenses.$inferSelect;

/** What the database says of the things an import names. */
export interface CatalogState {
  apps: AppRow[];
  channels: ChannelRow[];
  releases: ReleaseRow[];
  customers: CustomerRow[];
  licenses: LicenseRow[];
}

/**
 * Reads the apps of these slugs, these customers and those of the apps, and who holds these license ids. Locks the
 * customers, in id order as everybody does, but not against reports; imports wait for one another.
 * @returns also the database's clock
 */
export async function lockCatalog(
  tx: Tx,
  named: { slugs: string[]; channelIds: string[]; customerIds: string[]; licenseIds: string[] },
): Promise<CatalogState & { now: Date }> {
  await lockCatalogEdits(tx);
  const slugs = sql`any(${sql.param(named.slugs)}::text[])`;
  const customerRows = await tx
    .select({
      id: customers.id,
      appSlug: customers.appSlug,
      channelId: customers.channelId,
      name: customers.name,
      email: customers.email,
      archivedAt: customers.archivedAt,
    })
    .from(customers)
    .where(
      sql`${customers.appSlug} = ${slugs}
        or ${customers.id} = any(${sql.param(named.customerIds)}::text[])`,
    )
    .orderBy(customers.id)
    .for('no key update');
  const channelRows = await tx
    .select({ id: channels.id, appSlug: channels.appSlug, name: channels.name })
    .from(channels)
    .where(
      sql`${channels.appSlug} = ${slugs}
        or ${channels.id} = any(${sql.param(named.channelIds)}::text[])`,
    );
  const { revision: _, ...ofRelease } = getTableColumns(releases);
  const releaseRows = await tx
    .select(ofRelease)
    .from(releases)
    .where(sql`${releases.channelId} = any(${sql.param(named.channelIds)}::text[])`);
  const licenseRows = await tx
    .select()
    .from(licenses)
    .where(
      sql`${licenses.customerId} = any(${sql.param(customerRows.map(({ id }) => id))}::text[])
        or ${licenses.licenseId} = any(${sql.param(named.licenseIds)}::text[])`,
    );
  const appRows = await tx
    .select({ slug: apps.slug, name: apps.name, statusInformers: apps.statusInformers })
    .from(apps)
    .where(sql`${apps.slug} = ${slugs}`);
  return {
    apps: appRows,
    channels: channelRows,
    releases: releaseRows,
    customers: customerRows,
    licenses: licenseRows,
    now: new Date(await readClock(tx)),
  };
}

/** Writes apps, new or changed. */
export async function saveApps(tx: Tx, rows: CatalogState['apps']): Promise<void> {
  for (const part of inParts(rows)) {
    const set = edited(apps, ['name', 'status_informers']);
    await tx.insert(apps).values(part).onConflictDoUpdate({ target: apps.slug, set });
  }
}

/** Writes channels, new or changed; two of them may swap their names. */
export async function saveChannels(tx: Tx, rows: CatalogState['channels']): Promise<void> {
  const ids = sql.param(rows.map(({ id }) => id));
  await tx.execute(sql`update channels set name = 'renamed ' || id where id = any(${ids}::text[])`);
  for (const part of inParts(rows)) {
    const set = edited(channels, ['name']);
    await tx.insert(channels).values(part).onConflictDoUpdate({ target: channels.id, set });
  }
}

/** Writes releases, new or changed. */
export async function saveReleases(tx: Tx, rows: ReleaseRow[]): Promise<void> {
  await makeReleases(tx, rows);
  for (const part of inParts(rows)) {
    const set = edited(releases, [
      'release_sequence',
      'version_label',
      'promoted_at',
      'release_notes',
      'is_required',
      'demoted_at',
    ]);
    const target = [releases.channelId, releases.channelSequence];
    await tx.insert(releases).values(part).onConflictDoUpdate({ target, set });
  }
}

/** Writes customers, new or changed. */
export async function saveCustomers(tx: Tx, rows: CustomerRow[]): Promise<void> {
  for (const part of inParts(rows)) {
    const set = edited(customers, ['channel_id', 'name', 'email', 'archived_at']);
    await tx.insert(customers).values(part).onConflictDoUpdate({ target: customers.id, set });
  }
  await ensurePortals(
    tx,
    rows.map(({ id }) => id),
  );
  const archived = rows.filter(({ archivedAt }) => archivedAt !== null).map(({ id }) => id);
  await tx.execute(
    sql`delete from portal_sessions where customer_id = any(${sql.param(archived)}::text[])`,
  );
}

/** Writes licenses, new or changed; license ids may go from one customer to another. */
export async function saveLicenses(tx: Tx, rows: LicenseRow[]): Promise<void> {
  const ids = sql.param(rows.map(({ customerId }) => customerId));
  await tx.execute(
    sql`update licenses set license_id = 'replaced ' || customer_id where customer_id = any(${ids}::text[])`,
  );
  for (const part of inParts(rows)) {
    const set = excluded([
      'license_id',
      'type',
      'created_at',
      'expires_at',
      'features',
      'entitlements',
      'sequence',
      'document',
    ]);
    await tx.insert(licenses).values(part).onConflictDoUpdate({ target: licenses.customerId, set });
  }
  await tx.execute(
    sql`update customers set revision = revision + 1 where id = any(${ids}::text[])`,
  );
}

/** The releases that these promotions are of, where the file names them for the first time. */
async function makeReleases(tx: Tx, rows: ReleaseRow[]): Promise<void> {
  const apps = await tx
    .select({ id: channels.id, appSlug: channels.appSlug })
    .from(channels)
    .where(sql`${channels.id} = any(${sql.param(rows.map((row) => row.channelId))}::text[])`);
  const appOf = new Map(apps.map(({ id, appSlug }) => [id, appSlug]));
  for (const part of inParts(rows)) {
    const made = part.map(
      ({ channelId, releaseSequence, versionLabel, releaseNotes, promotedAt }) => ({
        appSlug: appOf.get(channelId)!,
        releaseSequence,
        versionLabel,
        releaseNotes,
        createdAt: promotedAt,
      }),
    );
    await tx.insert(appReleases).values(made).onConflictDoNothing();
  }
}

/** As `excluded`, and who edits the thing at this moment finds that it is another. */
function edited(
  table: typeof apps | typeof channels | typeof releases | typeof customers,
  columns: string[],
): Record<string, SQL> {
  return { ...excluded(columns), revision: sql`${table.revision} + 1` };
}

/** Raises the sequence of generated license documents of these customers: they say something new. */
export async function raiseLicenseSequences(tx: Tx, customerIds: string[]): Promise<void> {
  if (customerIds.length === 0) return;
  await tx.execute(sql`
    update licenses set sequence = sequence + 1
    where document is null and customer_id = any(${sql.param(customerIds)}::text[])`);
}

function* inParts<Row>(rows: Row[]): Generator<Row[]> {
  for (let i = 0; i < rows.length; i += 500) yield rows.slice(i, i + 500);
}

/** `set` of an upsert: these columns as they were to be inserted. */
function excluded(columns: string[]): Record<string, SQL> {
  return Object.fromEntries(
    columns.map((column) => [
      column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      sql.raw(`excluded.${column}`),
    ]),
  );
}
