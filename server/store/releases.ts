import { sql } from 'drizzle-orm';
import type { Tx } from './instances.ts';
import { executePrepared } from './prepared.ts';

export interface CatalogRow {
  appSlug: string;
  channelId: string;
  channelName: string;
  /** Null: nothing was promoted to the channel yet. */
  channelSequence: number | null;
  versionLabel: string | null;
  demoted: boolean;
}

/** Every channel with every release promoted to it, in channel sequence order. */
export async function readCatalog(db: Tx): Promise<CatalogRow[]> {
  const rows = await db.execute<Record<string, unknown>>(sql`
    select c.app_slug, c.id, c.name, r.channel_sequence, r.version_label,
      r.demoted_at is not null as demoted
    from channels c left join releases r on r.channel_id = c.id
    order by c.id, r.channel_sequence`);
  return rows.map((row) => ({
    appSlug: row.app_slug as string,
    channelId: row.id as string,
    channelName: row.name as string,
    channelSequence: row.channel_sequence as number | null,
    versionLabel: row.version_label as string | null,
    demoted: row.demoted as boolean,
  }));
}

/** Raised by every edit of apps, channels and releases. */
export async function readCatalogVersion(db: Tx): Promise<number> {
  const [row] = await executePrepared<{ version: number }>(
    db,
    sql`select version from catalog_versions`,
  );
  return row!.version;
}
