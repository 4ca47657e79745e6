import { type SQL, sql } from 'drizzle-orm';
import { toInstant } from '#domain/instant.ts';
import type { Scalar } from '#contract/instance.ts';
import type { CheckIn, Reporter, Time } from '#domain/model.ts';
import type { Tx } from './instances.ts';
import { executePrepared } from './prepared.ts';

export interface Inventory {
  instance: number;
  reporter: Reporter;
  part: 'resources' | 'images' | 'nodes';
  content: unknown;
}

/** Keeps the longer parts of reports; the last one of each (instance, reporter, part) counts. */
export async function saveInventories(tx: Tx, inventories: Inventory[]): Promise<void> {
  if (inventories.length > 0) await executePrepared(tx, upsertionOf(inventories, sql`true`));
}

/** The statement of `saveInventories`, which does nothing unless `when` holds. */
export function upsertionOf(inventories: Inventory[], when: SQL): SQL {
  const latest = new Map(
    inventories.map((one) => [`${one.instance} ${one.reporter} ${one.part}`, one] as const),
  );
  return sql`
    insert into instance_inventories (instance, reporter, part, content)
    select b.instance, b.reporter, b.part, b.content
    from jsonb_to_recordset(${JSON.stringify([...latest.values()])}::jsonb)
      as b(instance bigint, reporter text, part text, content jsonb)
    where ${when}
    on conflict (instance, reporter, part) do update set content = excluded.content`;
}

/** Current custom metrics by instance. */
export async function readMetrics(
  tx: Tx,
  instances: number[],
): Promise<Map<number, Record<string, Scalar>>> {
  const metrics = new Map<number, Record<string, Scalar>>();
  if (instances.length === 0) return metrics;
  const rows = await executePrepared<{ id: number; values: string }>(
    tx,
    sql`
    select instance::float8 as id, jsonb_object_agg(name, value)::text as values
    from instance_metrics where instance = any(${sql.param(instances)}::bigint[]) group by instance`,
  );
  for (const row of rows) metrics.set(row.id, JSON.parse(row.values) as Record<string, Scalar>);
  return metrics;
}

export interface MetricChange {
  instance: number;
  at: Time;
  upserts: Record<string, Scalar>;
  removals: string[];
}

/** Brings the current metrics up to what was reported last. Begins all it has to do at once. */
export async function saveMetrics(tx: Tx, changes: MetricChange[]): Promise<void> {
  const begun: Promise<unknown>[] = [];
  const removed = changes.flatMap((change) =>
    change.removals.map((name) => ({ instance: change.instance, name })),
  );
  if (removed.length > 0) {
    const statement = sql`
      delete from instance_metrics as m
      using jsonb_to_recordset(${JSON.stringify(removed)}::jsonb) as b(instance bigint, name text)
      where m.instance = b.instance and m.name = b.name`;
    begun.push(executePrepared(tx, statement));
  }
  const set = changes.flatMap((change) =>
    Object.entries(change.upserts).map(([name, value]) => ({
      instance: change.instance,
      name,
      value,
      at: toInstant(change.at),
    })),
  );
  if (set.length > 0) {
    const statement = sql`
      insert into instance_metrics (instance, name, value, updated_at)
      select b.instance, b.name, b.value, b.at
      from jsonb_to_recordset(${JSON.stringify(set)}::jsonb)
        as b(instance bigint, name text, value jsonb, at timestamptz)
      on conflict (instance, name) do update set value = excluded.value, updated_at = excluded.updated_at`;
    begun.push(executePrepared(tx, statement));
  }
  await Promise.all(begun);
}

/** Puts the current metrics of one instance in place of whatever was current. Begins all it has to do at once. */
export async function replaceMetrics(
  tx: Tx,
  instance: number,
  metrics: { name: string; value: Scalar; updatedAt: Time }[],
): Promise<void> {
  const emptied = tx.execute(sql`delete from instance_metrics where instance = ${instance}`);
  const rows = metrics.map(({ name, value, updatedAt }) => ({
    name,
    value,
    at: toInstant(updatedAt),
  }));
  const filled = tx.execute(sql`
    insert into instance_metrics (instance, name, value, updated_at)
    select ${instance}, b.name, b.value, b.at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as b(name text, value jsonb, at timestamptz)`);
  await Promise.all([emptied, filled]);
}

export interface KeptReport {
  reportedAt: Time;
  digest: string;
  receivedAt: Time;
  checkIn: CheckIn;
}

/** Keeps air gap reports that are not kept yet. @returns how many of them were new */
export async function keepAirGapReports(
  tx: Tx,
  instance: number,
  reports: KeptReport[],
): Promise<number> {
  const rows = reports.map((report) => ({
    at: toInstant(report.reportedAt),
    digest: report.digest,
    received: toInstant(report.receivedAt),
    said: report.checkIn,
  }));
  const fresh = await tx.execute(sql`
    insert into air_gap_reports (instance, reported_at, digest, received_at, check_in)
    select ${instance}, b.at, b.digest, b.received, b.said
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as b(at timestamptz, digest text, received timestamptz, said jsonb)
    on conflict do nothing returning 1`);
  return fresh.length;
}

/** Every air gap report of one instance, oldest first. */
export async function readAirGapReports(tx: Tx, instance: number): Promise<KeptReport[]> {
  const rows = await tx.execute<{ at: number; digest: string; received: number; said: string }>(sql`
    select (extract(epoch from reported_at) * 1000)::float8 as at, digest,
      (extract(epoch from received_at) * 1000)::float8 as received, check_in::text as said
    from air_gap_reports where instance = ${instance} order by reported_at, digest`);
  return rows.map((row) => ({
    reportedAt: Math.round(row.at),
    digest: row.digest,
    receivedAt: Math.round(row.received),
    checkIn: JSON.parse(row.said) as CheckIn,
  }));
}
