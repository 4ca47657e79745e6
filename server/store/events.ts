import { type SQL, sql } from 'drizzle-orm';
import { toInstant } from '#domain/instant.ts';
import type { InstanceEventView, Scalar } from '#contract/instance.ts';
import type { EventCategory } from '#contract/status.ts';
import type { InstanceEvent, Teller } from '#domain/model.ts';
import type { Tx } from './instances.ts';
import { executePrepared } from './prepared.ts';

/** An event with the internal id of its instance. */
export interface EventOf extends InstanceEvent {
  instance: number;
}
export interface StoredEvent extends EventOf {
  id: number;
}

/** Appends events in the order given and answers them with their ids. */
export async function insertEvents(tx: Tx, events: EventOf[]): Promise<StoredEvent[]> {
  if (events.length === 0) return [];
  const ids = await executePrepared<{ id: number }>(tx, insertionOf(events, sql`true`));
  return withIds(
    events,
    ids.map(({ id }) => id),
  );
}

export const withIds = (events: EventOf[], ids: number[]): StoredEvent[] =>
  events.map((event, index) => ({ ...event, id: ids[index]! }));

/** The statement of `insertEvents`, which does nothing unless `when` holds; it answers the ids, ascending. */
export function insertionOf(events: EventOf[], when: SQL): SQL {
  const rows = events.map((event) => ({
    ...event,
    at: toInstant(event.at),
    receivedAt: toInstant(event.receivedAt),
    unheardSince: toInstant(event.unheardSince),
  }));
  return sql`
    insert into instance_events
      (instance, at, category, field, before, after, reporter, received_at, unheard_since)
    select (b.row ->> 'instance')::bigint, (b.row ->> 'at')::timestamptz, b.row ->> 'category',
      b.row ->> 'field', nullif(b.row -> 'before', 'null'), nullif(b.row -> 'after', 'null'),
      b.row ->> 'reporter', (b.row ->> 'receivedAt')::timestamptz, (b.row ->> 'unheardSince')::timestamptz
    from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) with ordinality as b(row, n)
    where ${when} order by b.n returning id::float8 as id`;
}

/** The whole history of one instance, oldest first. */
export async function readHistory(tx: Tx, instance: number): Promise<StoredEvent[]> {
  const rows = await tx.execute<Record<string, unknown>>(sql`
    select id::float8 as id, (extract(epoch from at) * 1000)::float8 as at, category, field,
      before::text as before, after::text as after, reporter,
      (extract(epoch from received_at) * 1000)::float8 as received_at,
      (extract(epoch from unheard_since) * 1000)::float8 as unheard_since
    from instance_events where instance = ${instance} order by instance, instance_events.at, instance_events.id`);
  return rows.map((row) => ({
    id: row.id as number,
    instance,
    at: Math.round(row.at as number),
    category: row.category as EventCategory,
    field: row.field as string,
    before: scalar(row.before),
    after: scalar(row.after),
    reporter: row.reporter as Teller | null,
    receivedAt: row.received_at === null ? null : Math.round(row.received_at as number),
    unheardSince: row.unheard_since === null ? null : Math.round(row.unheard_since as number),
  }));
}

/** jsonb comes as text: the driver would read the string "15" as the number. */
export const scalar = (text: unknown): Scalar =>
  text === null ? null : (JSON.parse(text as string) as Scalar);

/** Replaces what one history says: some events go, some change what was before, some are new. */
export async function rewriteHistory(
  tx: Tx,
  change: { gone: StoredEvent[]; amended: StoredEvent[]; fresh: EventOf[] },
): Promise<StoredEvent[]> {
  for (const event of change.gone) {
    await tx.execute(sql`delete from instance_events
      where instance = ${event.instance} and at = ${toInstant(event.at)}::timestamptz and id = ${event.id}`);
  }
  for (const event of change.amended) {
    await tx.execute(sql`update instance_events
      set before = nullif(${JSON.stringify(event.before)}::jsonb, 'null'), unheard_since = ${toInstant(event.unheardSince)}::timestamptz
      where instance = ${event.instance} and at = ${toInstant(event.at)}::timestamptz and id = ${event.id}`);
  }
  return insertEvents(tx, change.fresh);
}

/** An event as viewers get it. */
export function presentEvent(event: StoredEvent): InstanceEventView {
  return {
    id: event.id,
    instance: event.instance,
    at: toInstant(event.at),
    category: event.category,
    field: event.field,
    before: event.before,
    after: event.after,
    reporter: event.reporter,
    receivedAt: toInstant(event.receivedAt),
  };
}
