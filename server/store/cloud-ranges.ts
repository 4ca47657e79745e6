import { sql } from 'drizzle-orm';
import type { CloudRange } from '#domain/cloud-ranges.ts';
import type { Tx } from './instances.ts';

export interface StoredRange extends CloudRange {
  /** The file it came from, and the date that the file itself names. */
  source: string;
  dated: string;
}

/** One of these networks that is stored of a provider beside these; null: there is none. */
export async function findForeignRange(
  tx: Tx,
  providers: string[],
  networks: string[],
): Promise<StoredRange | null> {
  const [row] = await tx.execute<StoredRange & Record<string, unknown>>(sql`
    select network::text as network, provider, region, source, dated from cloud_ranges
    where network = any(${sql.param(networks)}::text[]::cidr[])
      and provider <> all(${sql.param(providers)}::text[])
    order by network limit 1`);
  return row ?? null;
}

/** These ranges instead of all that are stored of their providers. */
export async function replaceRanges(
  tx: Tx,
  providers: string[],
  ranges: StoredRange[],
): Promise<void> {
  await tx.execute(sql`
    delete from cloud_ranges where provider = any(${sql.param(providers)}::text[])`);
  await tx.execute(sql`
    insert into cloud_ranges (network, provider, region, source, dated)
    select network, provider, region, source, dated
    from jsonb_to_recordset(${JSON.stringify(ranges)}::jsonb)
      as b(network cidr, provider text, region text, source text, dated text)`);
}

/** All of them. */
export async function readRanges(db: Tx): Promise<CloudRange[]> {
  const rows = await db.execute<{ network: string; provider: string; region: string | null }>(
    sql`select network::text as network, provider, region from cloud_ranges`,
  );
  return rows.map(({ network, provider, region }) => ({ network, provider, region }));
}
