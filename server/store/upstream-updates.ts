import { sql } from 'drizzle-orm';
import type { InstanceKey, Tx } from './instances.ts';

/** A promotion whose instances have yet to be told. */
export interface UpstreamUpdate {
  id: number;
  channelId: string;
  /** Internal id of the last instance that was looked at. */
  doneThrough: number;
}

/** Notes, in the transaction that changes what these channels offer, that their instances have to be told. */
export async function insertUpstreamUpdates(tx: Tx, channelIds: string[]): Promise<void> {
  if (channelIds.length === 0) return;
  await tx.execute(sql`
    insert into upstream_updates (channel_id) select unnest(${sql.param(channelIds)}::text[])`);
}

/** Takes the oldest unfinished job that nobody else has in hand, until the end of the transaction. */
export async function lockUpstreamUpdate(tx: Tx): Promise<UpstreamUpdate | null> {
  const [row] = await tx.execute<Record<string, unknown>>(sql`
    select id::float8 as id, channel_id, done_through::float8 as done_through
    from upstream_updates where finished_at is null
    order by id limit 1 for no key update skip locked`);
  if (!row) return null;
  return {
    id: row.id as number,
    channelId: row.channel_id as string,
    doneThrough: row.done_through as number,
  };
}

/** Moves a job on, or ends it. */
export async function moveUpstreamUpdate(
  tx: Tx,
  id: number,
  to: { doneThrough: number } | 'finished',
): Promise<void> {
  await tx.execute(
    to === 'finished'
      ? sql`update upstream_updates set finished_at = clock_timestamp() where id = ${id}`
      : sql`update upstream_updates set done_through = ${to.doneThrough} where id = ${id}`,
  );
}

/**
 * The next instances that count the releases of this channel: those that report it, and those that report none and whose
 * customer is assigned it. In the order of their internal ids.
 */
export async function findOnChannel(
  tx: Tx,
  channelId: string,
  afterId: number,
  limit: number,
): Promise<(InstanceKey & { id: number })[]> {
  const rows = await tx.execute<Record<string, unknown>>(sql`
    select i.id::float8 as id, i.customer_id, i.instance_id
    from instances i join customers c on c.id = i.customer_id
    where i.id > ${afterId} and coalesce(i.channel_id, c.channel_id) = ${channelId}
    order by i.id limit ${limit}`);
  return rows.map((row) => ({
    id: row.id as number,
    customerId: row.customer_id as string,
    instanceId: row.instance_id as string,
  }));
}

/** The app and the channel that each of these customers is assigned. */
export async function readAssignments(
  tx: Tx,
  customerIds: string[],
): Promise<Map<string, { appSlug: string; channelId: string }>> {
  const rows = await tx.execute<Record<string, string>>(sql`
    select id, app_slug, channel_id from customers
    where id = any(${sql.param(customerIds)}::text[])`);
  return new Map(
    rows.map((row) => [row.id!, { appSlug: row.app_slug!, channelId: row.channel_id! }]),
  );
}

/** Waits no longer than this for a lock, in milliseconds, for the rest of the transaction. */
export async function limitLockWait(tx: Tx, milliseconds: number): Promise<void> {
  await tx.execute(sql`select set_config('lock_timeout', ${String(milliseconds)}, true)`);
}

/** The transactions of this database that write and are under way. */
export async function listWriters(db: Tx): Promise<string[]> {
  const rows = await db.execute<{ writer: string }>(sql`
    select l.virtualtransaction as writer from pg_locks l join pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'transactionid' and l.mode = 'ExclusiveLock' and l.granted
      and a.datname = current_database()`);
  return rows.map(({ writer }) => writer);
}
