import { type SQL, sql } from 'drizzle-orm';
import { toInstant } from '#domain/instant.ts';
import type { Db } from '#db/client.ts';
import { attentionOrder } from '#contract/status.ts';
import { attentionOf } from '#domain/status.ts';
import type { Facts, Instance, StoredRefusal, Tags, Time } from '#domain/model.ts';
import { executePrepared } from './prepared.ts';

/** A transaction, or the database itself where one statement is enough. */
export type Tx = Db | Parameters<Parameters<Db['transaction']>[0]>[0];

/** One installation as (customer, instance id): the only identity an instance has outside. */
export interface InstanceKey {
  customerId: string;
  instanceId: string;
}

// `date_part` reckons in floating point, exactly enough for milliseconds, and much faster than `extract` in numeric.
const millis = (column: string) => sql.raw(`date_part('epoch', i.${column}) * 1000`);

const columns = sql`
  i.id::float8 as id, i.customer_id, i.instance_id, i.revision, i.name, i.tags, i.facts, i.reports,
  ${millis('kots_reported_at')} as kots_reported_at, ${millis('sdk_reported_at')} as sdk_reported_at,
  ${millis('status_since')} as status_since, ${millis('status_reported_at')} as status_reported_at,
  ${millis('first_ready_at')} as first_ready_at, ${millis('first_seen_at')} as first_seen_at,
  ${millis('last_check_in_at')} as last_check_in_at, ${millis('last_event_at')} as last_event_at,
  i.next_within, ${millis('late_since')} as late_since, ${millis('inactive_since')} as inactive_since,
  i.refusal, i.air_gap, ${millis('archived_at')} as archived_at, i.versions_behind`;

type InstanceRecord = Record<string, unknown> & {
  id: number;
  customer_id: string;
  instance_id: string;
  revision: number;
  name: string | null;
  tags: unknown;
  facts: unknown;
  reports: unknown;
  next_within: number | null;
  refusal: unknown;
  air_gap: boolean;
  versions_behind: number | null;
};

/** drizzle leaves jsonb of raw statements as text; a later version may not. */
const json = <T>(value: unknown): T => (typeof value === 'string' ? JSON.parse(value) : value) as T;

const time = (value: unknown): Time => Math.round(value as number);
const timeOrNull = (value: unknown): Time | null => (value === null ? null : time(value));

function toInstance(row: InstanceRecord): Instance {
  return {
    id: row.id,
    customerId: row.customer_id,
    instanceId: row.instance_id,
    revision: row.revision,
    name: row.name,
    tags: json<Tags>(row.tags),
    facts: json<Facts>(row.facts),
    reports: json<Instance['reports']>(row.reports),
    kotsReportedAt: timeOrNull(row.kots_reported_at),
    sdkReportedAt: timeOrNull(row.sdk_reported_at),
    statusSince: timeOrNull(row.status_since),
    statusReportedAt: timeOrNull(row.status_reported_at),
    firstReadyAt: timeOrNull(row.first_ready_at),
    firstSeenAt: time(row.first_seen_at),
    lastCheckInAt: time(row.last_check_in_at),
    lastEventAt: time(row.last_event_at),
    nextWithin: row.next_within,
    lateSince: timeOrNull(row.late_since),
    inactiveSince: timeOrNull(row.inactive_since),
    refusal: json<StoredRefusal | null>(row.refusal),
    airGap: row.air_gap,
    archivedAt: timeOrNull(row.archived_at),
    versionsBehind: row.versions_behind,
  };
}

/** Locks the known instances among `keys`, in id order, and reads them. */
export async function lockInstances(tx: Tx, keys: InstanceKey[]): Promise<Instance[]> {
  const rows = await executePrepared<InstanceRecord>(
    tx,
    sql`
    select ${columns} from instances i
    where (i.customer_id, i.instance_id) in (
      select * from unnest(
        ${sql.param(keys.map((key) => key.customerId))}::text[],
        ${sql.param(keys.map((key) => key.instanceId))}::text[]))
    order by i.id for no key update`,
  );
  return rows.map(toInstance);
}

export interface LockedInstance extends InstanceKey {
  id: number;
  /** The transaction that wrote the row last: as long as it is the same, the row is the same. */
  writtenBy: string;
}

/** Locks the known instances among those named, of the customers that hold the licenses, in id order. */
export async function lockInstancesOfLicenses(
  tx: Tx,
  named: { licenseId: string; instanceId: string }[],
): Promise<LockedInstance[]> {
  return executePrepared<LockedInstance & Record<string, unknown>>(
    tx,
    sql`
    select i.id::float8 as id, i.customer_id as "customerId", i.instance_id as "instanceId",
      i.xmin::text as "writtenBy"
    from instances i
    where (i.customer_id, i.instance_id) in (
      select l.customer_id, b.instance
      from unnest(
        ${sql.param(named.map((one) => one.licenseId))}::text[],
        ${sql.param(named.map((one) => one.instanceId))}::text[]) as b(license, instance)
      join licenses l on l.license_id = b.license)
    order by i.id for no key update`,
  );
}

/** Reads instances by internal id. */
export async function readInstances(tx: Tx, ids: number[]): Promise<Instance[]> {
  if (ids.length === 0) return [];
  const rows = await executePrepared<InstanceRecord>(
    tx,
    sql`select ${columns} from instances i where i.id = any(${sql.param(ids)}::bigint[])`,
  );
  return rows.map(toInstance);
}

/** Whether an instance of the customer says that it was restored from a snapshot of this one. */
export async function wasRestored(
  tx: Tx,
  { customerId, instanceId }: InstanceKey,
): Promise<boolean> {
  const [row] = await tx.execute<{ restored: boolean }>(sql`
    select exists (
      select from instances where customer_id = ${customerId}
        and facts ->> 'restoredFromInstanceId' = ${instanceId}) as restored`);
  return row!.restored;
}

/** Locks instances by internal id, in id order, leaving out those that another transaction holds. */
export async function lockFreeInstances(tx: Tx, ids: number[]): Promise<Instance[]> {
  const rows = await tx.execute<InstanceRecord>(sql`
    select ${columns} from instances i where i.id = any(${sql.param(ids)}::bigint[])
    order by i.id for no key update skip locked`);
  return rows.map(toInstance);
}

/** Stores instances seen for the first time; one that another process stored meanwhile is left as it is. */
export async function insertInstances(tx: Tx, fresh: Instance[]): Promise<void> {
  const rows = fresh.map((one) => ({
    customer: one.customerId,
    instance: one.instanceId,
    at: toInstant(one.firstSeenAt),
    air: one.airGap,
    attention: attentionIndex(one),
  }));
  await executePrepared(
    tx,
    sql`
    insert into instances (customer_id, instance_id, first_seen_at, last_check_in_at, last_event_at, air_gap, attention)
    select b.customer, b.instance, b.at, b.at, b.at, b.air, b.attention
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as b(customer text, instance text, at timestamptz, air boolean, attention smallint)
    order by b.customer, b.instance
    on conflict (customer_id, instance_id) do nothing`,
  );
}

const attentionIndex = (instance: Instance) => attentionOrder.indexOf(attentionOf(instance));

/** Writes what a plain check-in moves: times only, and no index. */
export async function saveSeen(tx: Tx, seen: Instance[]): Promise<void> {
  if (seen.length > 0) await executePrepared(tx, updateSeen(seen, sql`true`));
}

/** The statement of `saveSeen`, which does nothing unless `when` holds. */
export function updateSeen(seen: Instance[], when: SQL): SQL {
  const times = (pick: (one: Instance) => Time | null) =>
    sql`${sql.param(seen.map(pick))}::float8[]`;
  return sql`
    update instances as i set last_check_in_at = to_timestamp(b.seen / 1000),
      kots_reported_at = to_timestamp(b.kots / 1000), sdk_reported_at = to_timestamp(b.sdk / 1000),
      status_reported_at = to_timestamp(b.status / 1000)
    from unnest(${sql.param(seen.map((one) => one.id))}::bigint[],
      ${times((one) => one.lastCheckInAt)}, ${times((one) => one.kotsReportedAt)},
      ${times((one) => one.sdkReportedAt)}, ${times((one) => one.statusReportedAt)}
    ) as b(id, seen, kots, sdk, status) where i.id = b.id and ${when}`;
}

/** Writes instances whose state changed, whole. */
export async function saveInstances(tx: Tx, changed: Instance[]): Promise<void> {
  if (changed.length > 0) await executePrepared(tx, updateInstances(changed, sql`true`));
}

/** The statement of `saveInstances`, which does nothing unless `when` holds. */
export function updateInstances(changed: Instance[], when: SQL): SQL {
  const rows = changed.map((one) => ({
    id: one.id,
    revision: one.revision,
    name: one.name,
    tags: one.tags,
    facts: one.facts,
    reports: one.reports,
    kots_reported_at: toInstant(one.kotsReportedAt),
    sdk_reported_at: toInstant(one.sdkReportedAt),
    status_since: toInstant(one.statusSince),
    status_reported_at: toInstant(one.statusReportedAt),
    first_ready_at: toInstant(one.firstReadyAt),
    first_seen_at: toInstant(one.firstSeenAt),
    last_check_in_at: toInstant(one.lastCheckInAt),
    last_event_at: toInstant(one.lastEventAt),
    next_within: one.nextWithin,
    late_since: toInstant(one.lateSince),
    inactive_since: toInstant(one.inactiveSince),
    refusal: one.refusal,
    air_gap: one.airGap,
    archived_at: toInstant(one.archivedAt),
    versions_behind: one.versionsBehind,
    attention: attentionIndex(one),
  }));
  return sql`
    update instances as i set revision = b.revision, name = b.name, tags = b.tags, facts = b.facts,
      reports = b.reports, kots_reported_at = b.kots_reported_at, sdk_reported_at = b.sdk_reported_at,
      status_since = b.status_since, status_reported_at = b.status_reported_at,
      first_ready_at = b.first_ready_at, first_seen_at = b.first_seen_at,
      last_check_in_at = b.last_check_in_at, last_event_at = b.last_event_at,
      next_within = b.next_within, late_since = b.late_since, inactive_since = b.inactive_since,
      refusal = b.refusal, air_gap = b.air_gap, archived_at = b.archived_at,
      versions_behind = b.versions_behind, attention = b.attention,
      status = b.facts ->> 'status', channel_id = b.facts ->> 'channelId',
      version_label = b.facts ->> 'versionLabel', k8s_distribution = b.facts ->> 'k8sDistribution',
      kots_install_id = b.facts ->> 'kotsInstallId'
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as b(
      id bigint, revision integer, name text, tags jsonb, facts jsonb, reports jsonb,
      kots_reported_at timestamptz, sdk_reported_at timestamptz, status_since timestamptz,
      status_reported_at timestamptz, first_ready_at timestamptz, first_seen_at timestamptz,
      last_check_in_at timestamptz, last_event_at timestamptz, next_within integer,
      late_since timestamptz, inactive_since timestamptz, refusal jsonb, air_gap boolean,
      archived_at timestamptz, versions_behind integer, attention smallint)
    where i.id = b.id and ${when}`;
}

/**
 * History before `from` stands; the closed days from the day of `from` on are forgotten and cut again.
 * Begins all it has to do at once.
 * @param day local day ('YYYY-MM-DD') of the earliest rewritten moment
 */
export async function reopenDays(tx: Tx, instance: number, day: string): Promise<void> {
  await Promise.all([
    tx.execute(sql`
      update instances set days_closed_through = (${day}::date - 1)
      where id = ${instance} and days_closed_through >= ${day}::date`),
    tx.execute(sql`
      delete from instance_days where instance = ${instance} and day >= ${day}::date`),
  ]);
}

/**
 * Instances that may have crossed a line by silence, or whose louder reporter may have fallen silent:
 * a superset, to be rechecked under the lock.
 * @param limit most ids to return, beginning after `afterId`
 */
export async function findSilent(
  db: Tx,
  options: { inactiveAfterSeconds: number; afterId: number; limit: number },
): Promise<number[]> {
  const rows = await db.execute<{ id: number }>(sql`
    select i.id::float8 as id from instances i
    where i.id > ${options.afterId} and i.archived_at is null and not i.air_gap and i.refusal is null
      and i.inactive_since is null
      and (
        i.late_since is null and i.last_check_in_at < now()
          - make_interval(secs => greatest(60, 1.125 * coalesce(i.next_within, 14400)))
        or i.last_check_in_at < now()
          - make_interval(secs => least(${options.inactiveAfterSeconds}, greatest(900, 10 * i.next_within)))
        or i.reports is not null and i.kots_reported_at
          between now() - interval '1 day' and now() - interval '4.5 hours'
      )
    order by i.id limit ${options.limit}`);
  return rows.map((row) => row.id);
}
