import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import type { ActivityQuery } from '#contract/activity.ts';
import type { Instant } from '#contract/instance.ts';
import { toInstant } from '#domain/instant.ts';
import { writeFilter, writeSpan } from './event-filter.ts';
import { scalar, type StoredEvent } from './events.ts';

/** Events have no order but (time, id). */
export interface EventPosition {
  at: Instant;
  id: number;
}

export interface EventsAsked {
  /** Internal ids of instances; null: all of them. */
  instances: number[] | null;
  filter: ActivityQuery;
  /** Events on this side of the position only, nearest first: the older ones newest first, the newer ones oldest first. */
  side: 'older' | 'newer';
  position: EventPosition | null;
  /** Of older ones: the last that is looked at; null: the first of all. */
  end?: EventPosition | null;
  limit: number;
}

/** So few instances are read one by one, each in its own order. */
export const areFew = (instances: number[]): boolean => instances.length <= 50;

/** Those that changed nothing are kept as observations, and are no events to a reader. */
const changed = sql`e.before is distinct from e.after`;

/** Of an event `e`, as `toEvent` takes it. */
export const eventColumns = sql.raw(`e.id::float8 as id, e.instance::float8 as instance,
  (extract(epoch from e.at) * 1000)::float8 as at, e.category, e.field, e.before::text as before,
  e.after::text as after, e.reporter, (extract(epoch from e.received_at) * 1000)::float8 as received_at`);

/** The one way in which events are read, for a page and for the API. */
export async function readEvents(db: Db, asked: EventsAsked): Promise<StoredEvent[]> {
  const { instances, filter, side, position, end = null, limit } = asked;
  const order = side === 'older' ? sql`desc` : sql`asc`;
  const beyond = side === 'older' ? sql`<` : sql`>`;
  const conditions = [changed, ...writeSpan(filter), ...writeFilter(filter)];
  if (position !== null) conditions.push(sql`(e.at, e.id) ${beyond} ${place(position)}`);
  if (end !== null) conditions.push(sql`(e.at, e.id) >= ${place(end)}`);
  const select = (of: SQL[]) => sql`select e.* from instance_events e
    where ${sql.join([...of, ...conditions], sql` and `)} order by e.at ${order}, e.id ${order} limit ${limit}`;
  // Each of few instances is read in its own order, and no more of it than is asked for; many are picked out of all.
  const found =
    instances === null
      ? select([])
      : instances.length === 1
        ? select([sql`e.instance = ${instances[0]}`])
        : !areFew(instances)
          ? select([sql`e.instance = any(${sql.param(instances)}::bigint[])`])
          : sql`select e.* from unnest(${sql.param(instances)}::bigint[]) i(id)
            cross join lateral (${select([sql`e.instance = i.id`])}) e
            order by e.at ${order}, e.id ${order} limit ${limit}`;
  const rows = await db.execute<Record<string, unknown>>(sql`
    select ${eventColumns} from (${found}) e order by e.at ${order}, e.id ${order}`);
  return rows.map(toEvent);
}

/**
 * Where a slice of the events before a position ends, whatever they are: by an index alone. Of few instances it holds no
 * more of each than its share of `size`; else it holds `size` events, whosever. Null: no slice is full before the first.
 */
export async function findSliceEnd(
  db: Db,
  { instances, filter, position }: Pick<EventsAsked, 'instances' | 'filter' | 'position'>,
  size: number,
): Promise<EventPosition | null> {
  const conditions = writeSpan(filter);
  if (position !== null) conditions.push(sql`(e.at, e.id) < ${place(position)}`);
  const select = (of: SQL, nth: number) => sql`select e.at, e.id from instance_events e
    where ${sql.join([of, ...conditions], sql` and `)} order by e.at desc, e.id desc offset ${nth - 1} limit 1`;
  const found =
    instances === null || !areFew(instances)
      ? select(sql`true`, size)
      : sql`select e.* from unnest(${sql.param(instances)}::bigint[]) i(id)
        cross join lateral (${select(sql`e.instance = i.id`, Math.ceil(size / Math.max(1, instances.length)))}) e
        order by e.at desc, e.id desc limit 1`;
  const [row] = await db.execute<{ at: number; id: number }>(sql`
    select (extract(epoch from e.at) * 1000)::float8 as at, e.id::float8 as id from (${found}) e`);
  return row === undefined ? null : { at: toInstant(Math.round(row.at)), id: row.id };
}

const place = ({ at, id }: EventPosition): SQL => sql`(${at}::timestamptz, ${id}::bigint)`;

/** Where an instance's event stands; null: it has no such event. */
export async function findEvent(
  db: Db,
  instance: number,
  id: number,
): Promise<EventPosition | null> {
  const [row] = await db.execute<{ at: number }>(sql`
    select (extract(epoch from e.at) * 1000)::float8 as at from instance_events e
    where e.instance = ${instance} and e.id = ${id} and ${changed}`);
  return row === undefined ? null : { at: toInstant(Math.round(row.at)), id };
}

export function toEvent(row: Record<string, unknown>): StoredEvent {
  return {
    id: row.id as number,
    instance: row.instance as number,
    at: Math.round(row.at as number),
    category: row.category as StoredEvent['category'],
    field: row.field as string,
    before: scalar(row.before),
    after: scalar(row.after),
    reporter: row.reporter as StoredEvent['reporter'],
    receivedAt: row.received_at === null ? null : Math.round(row.received_at as number),
    unheardSince: null,
  };
}
