import { sql } from 'drizzle-orm';
import type { Time } from '#domain/model.ts';
import type { Tx } from './instances.ts';

/** What came without authentication, before it is stored. */
export interface AnonymousReport {
  kind: string;
  /** The id by which an instance may claim it. */
  key: string;
  network: string | null;
  body: Record<string, unknown>;
}
export interface StoredAnonymousReport extends Omit<AnonymousReport, 'network'> {
  id: number;
  receivedAt: Time;
}

/** How many reports are kept, of those that no instance has claimed, but for `ofKey`: of all. */
export interface KeptReports {
  total: number;
  ofNetwork: number;
  ofKey: number;
  /** The very same report is kept already. */
  known: boolean;
}

/** Counts what is kept beside this report, and holds that against other reports until the commit. */
export async function countKept(tx: Tx, report: AnonymousReport): Promise<KeptReports> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('anonymous_reports'))`);
  const [row] = await tx.execute<Record<string, unknown>>(sql`
    select
      (select count(*)::int from anonymous_reports where instance is null) as total,
      (select count(*)::int from anonymous_reports where instance is null
        and network is not distinct from ${report.network}) as of_network,
      (select count(*)::int from anonymous_reports where key = ${report.key}) as of_key,
      exists (select from anonymous_reports where key = ${report.key} and kind = ${report.kind}
        and body = ${JSON.stringify(report.body)}::jsonb) as known`);
  return {
    total: row!.total as number,
    ofNetwork: row!.of_network as number,
    ofKey: row!.of_key as number,
    known: row!.known as boolean,
  };
}

export async function insertAnonymousReport(tx: Tx, report: AnonymousReport): Promise<void> {
  await tx.execute(sql`
    insert into anonymous_reports (kind, key, network, body, received_at)
    values (${report.kind}, ${report.key}, ${report.network},
      ${JSON.stringify(report.body)}::jsonb, clock_timestamp())`);
}

/** An unclaimed report with the instance that reports its key; of several the one that is known longest. */
export interface Claim extends StoredAnonymousReport {
  instance: number;
}

/** Takes unclaimed reports of known instances, oldest first, until the commit; others who do the same get others. */
export async function lockClaims(tx: Tx, limit: number): Promise<Claim[]> {
  const rows = await tx.execute<Record<string, unknown>>(sql`
    select r.id::float8 as id, r.kind, r.key, r.body::text as body,
      (extract(epoch from r.received_at) * 1000)::float8 as received_at,
      (select min(i.id) from instances i where i.kots_install_id = r.key)::float8 as instance
    from anonymous_reports r
    where r.instance is null and exists (select from instances i where i.kots_install_id = r.key)
    order by r.id limit ${limit} for update of r skip locked`);
  return rows.map((row) => ({ ...toReport(row), instance: row.instance as number }));
}

/** The newest claimed report of each of these keys. */
export async function readLastClaimed(
  tx: Tx,
  keys: string[],
): Promise<Map<string, StoredAnonymousReport>> {
  const rows = await tx.execute<Record<string, unknown>>(sql`
    select distinct on (key) id::float8 as id, kind, key, body::text as body,
      (extract(epoch from received_at) * 1000)::float8 as received_at
    from anonymous_reports
    where key = any(${sql.param(keys)}::text[]) and instance is not null
    order by key, id desc`);
  return new Map(rows.map((row) => [row.key as string, toReport(row)]));
}

/** Notes whose they are; where they came from is forgotten. */
export async function markClaimed(tx: Tx, claims: Claim[]): Promise<void> {
  await tx.execute(sql`
    update anonymous_reports r set instance = b.instance, network = null
    from unnest(${sql.param(claims.map(({ id }) => id))}::bigint[],
      ${sql.param(claims.map(({ instance }) => instance))}::bigint[]) as b(id, instance)
    where r.id = b.id`);
}

/** Forgets what nobody has claimed for that many days. @returns how many there were */
export async function forgetUnclaimed(db: Tx, days: number): Promise<number> {
  const rows = await db.execute(sql`
    delete from anonymous_reports
    where instance is null and received_at < now() - make_interval(days => ${days}) returning id`);
  return rows.length;
}

function toReport(row: Record<string, unknown>): StoredAnonymousReport {
  return {
    id: row.id as number,
    kind: row.kind as string,
    key: row.key as string,
    body: JSON.parse(row.body as string) as Record<string, unknown>,
    receivedAt: Math.round(row.received_at as number),
  };
}
