import { eq, sql } from 'drizzle-orm';
import { toInstant } from '#domain/instant.ts';
import type { Db } from '#db/client.ts';
import { instances } from '#db/schema.ts';
import type { Span } from '#domain/model.ts';
import { type ClosedDay, eventsJson, movesUptime, parseDays, parseEvents } from './reads-rows.ts';
import { subject, toSubject, type UptimeHistory } from './reads-uptime.ts';

/** An instance's closed days, and only those events that they do not speak for. */
export interface WholeHistory extends UptimeHistory {
  /** The last closed day; null: none is closed, and `events` are all. */
  closedThrough: string | null;
  closedDays: ClosedDay[];
}

/**
 * One statement, so that days and events are of the same moment; null: the instance is no more. Its events are those
 * inside the windows and since the last closed day, and from each window's end on the first one of a status and of presence.
 * @param windows oldest first, without overlap or contact
 */
export async function readWholeHistory(
  db: Db,
  instance: number,
  zone: string,
  windows: Span[],
): Promise<WholeHistory | null> {
  const moments = (pick: (window: Span) => number) =>
    sql`${sql.param(windows.map((window) => toInstant(pick(window))))}::text[]::timestamptz[]`;
  const until = moments(({ to }) => to);
  const closedThrough = sql`case when (select zone from workspaces) = ${zone}
    then ${instances.daysClosedThrough} end`;
  // In no zone does the day after a day begin before that day's own beginning in UTC.
  const openFrom = sql`coalesce((${closedThrough})::timestamp at time zone 'UTC', '-infinity')`;
  // As a query of its own it is reckoned once, and not again for every event.
  const untilOnce = sql`(select ${until})`;
  const mine = sql`e.instance = ${instance} and ${movesUptime}`;
  const [row] = await db
    .select({
      now: sql<number>`floor(extract(epoch from now()) * 1000)::float8`,
      subject,
      closedThrough: sql<string | null>`(${closedThrough})::text`,
      closedDays: sql<string | null>`(
        select json_agg(json_build_array(d.day, d.up, d.degraded, d.down) order by d.day)::text
        from instance_days d where d.instance = ${instance} and d.day <= ${closedThrough})`,
      events: sql<string | null>`(
        select ${eventsJson} from (
          select e.* from unnest(${moments(({ from }) => from)}, ${until}) as w(since, until)
            join instance_events e on ${mine} and e.at >= w.since and e.at < w.until
          union
          select e.* from (
            select e.category, min(e.at) as at from instance_events e
            where ${mine} and e.at < ${openFrom}
            group by width_bucket(e.at, ${untilOnce}), e.category
          ) as next cross join lateral (
            select e.* from instance_events e where ${mine} and e.at = next.at and e.category = next.category
            order by e.id limit 1
          ) as e
          union
          select e.* from instance_events e where ${mine} and e.at >= ${openFrom}
        ) as e)`,
    })
    .from(instances)
    .where(eq(instances.id, instance));
  if (!row) return null;
  return {
    now: row.now,
    instance: toSubject(row.subject),
    closedThrough: row.closedThrough,
    closedDays: parseDays(row.closedDays),
    events: parseEvents(row.events),
  };
}
