import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import type { ActivityQuery } from '#contract/activity.ts';
import type { Instant } from '#contract/instance.ts';
import { findFields, squash } from '#domain/find-fields.ts';
import { scalar, type StoredEvent } from './events.ts';
import { textSearch } from './text-search.ts';

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
  limit: number;
}

/** So many instances are read one by one. */
const few = 50;

/** Those that changed nothing are kept as observations, and are no events to a reader. */
const changed = sql`e.before is distinct from e.after`;

/** Of an event `e`, as `toEvent` takes it. */
export const eventColumns = sql.raw(`e.id::float8 as id, e.instance::float8 as instance,
  (extract(epoch from e.at) * 1000)::float8 as at, e.category, e.field, e.before::text as before,
  e.after::text as after, e.reporter, (extract(epoch from e.received_at) * 1000)::float8 as received_at`);

/** The one way in which events are read, for a page and for the API. */
export async function readEvents(db: Db, asked: EventsAsked): Promise<StoredEvent[]> {
  const { instances, filter, side, position, limit } = asked;
  const order = side === 'older' ? sql`desc` : sql`asc`;
  const beyond = side === 'older' ? sql`<` : sql`>`;
  const conditions = [changed, ...writeFilter(filter)];
  if (position !== null)
    conditions.push(
      sql`(e.at, e.id) ${beyond} (${position.at}::timestamptz, ${position.id}::bigint)`,
    );
  const select = (of: SQL[]) => sql`select e.* from instance_events e
    where ${sql.join([...of, ...conditions], sql` and `)} order by e.at ${order}, e.id ${order} limit ${limit}`;
  // Each of few instances is read in its own order, and no more of it than is asked for; many are picked out of all.
  const found =
    instances === null
      ? select([])
      : instances.length === 1
        ? select([sql`e.instance = ${instances[0]}`])
        : instances.length > few
          ? select([sql`e.instance = any(${sql.param(instances)}::bigint[])`])
          : sql`select e.* from unnest(${sql.param(instances)}::bigint[]) i(id)
            cross join lateral (${select([sql`e.instance = i.id`])}) e
            order by e.at ${order}, e.id ${order} limit ${limit}`;
  const rows = await db.execute<Record<string, unknown>>(sql`
    select ${eventColumns} from (${found}) e order by e.at ${order}, e.id ${order}`);
  return rows.map(toEvent);
}

/** Where an instance's event stands; null: it has no such event. */
export async function findEvent(
  db: Db,
  instance: number,
  id: number,
): Promise<EventPosition | null> {
  const [row] = await db.execute<{ at: number }>(sql`
    select (extract(epoch from e.at) * 1000)::float8 as at from instance_events e
    where e.instance = ${instance} and e.id = ${id} and ${changed}`);
  return row === undefined ? null : { at: new Date(Math.round(row.at)).toISOString(), id };
}

function writeFilter({ types, text, after, before }: ActivityQuery): SQL[] {
  const conditions: SQL[] = [];
  if (after !== undefined) conditions.push(sql`e.at >= ${after}::timestamptz`);
  if (before !== undefined) conditions.push(sql`e.at < ${before}::timestamptz`);
  if (types.length > 0) conditions.push(sql`e.category = any(${sql.param(types)}::text[])`);
  if (text !== '') conditions.push(findText(text));
  return conditions;
}

function findText(text: string): SQL {
  const find = textSearch(text);
  const places = [
    find(sql`e.field`),
    find(sql`e.after #>> '{}'`),
    find(sql`e.before #>> '{}'`),
    // A metric may bear the name of a field, and means something else.
    sql`(e.category <> 'custom metrics' and e.field = any(${sql.param(findFields(text))}::text[]))`,
  ];
  // "Num projects" is what people read for `numProjects` and `num_projects`.
  const name = squash(text);
  if (name !== '' && name !== text.toLowerCase())
    places.push(find(sql`translate(e.field, ' _:-', '')`, name));
  return sql`(${sql.join(places, sql` or `)})`;
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
