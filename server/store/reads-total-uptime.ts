import { eq, sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { instances } from '#db/schema.ts';
import type { Instance, Time } from '#domain/model.ts';
import type { Totals } from '#domain/uptime.ts';
import {
  type Days,
  type HistoryEvent,
  eventsJson,
  movesUptime,
  parseEvents,
  splitDays,
  toInstance,
} from './reads-rows.ts';

/** An instance's known time over its whole history as stored, as of one moment. */
export interface TotalUptimeRecord {
  now: Time;
  instance: Instance;
  /** The last closed day; null: none, or it is none of `days`, so all follows from the events. */
  closedThrough: string | null;
  /** Sum of all closed days, in milliseconds. */
  closed: Totals;
  /** Events from the first day on that is not closed, oldest first. */
  events: HistoryEvent[];
}

/**
 * One statement, so that the closed days and the events meet. Null: there is no such instance.
 * @param days the latest ones, among which the first open day is looked for
 */
export async function readTotalUptime(
  db: Db,
  instance: number,
  days: Days,
): Promise<TotalUptimeRecord | null> {
  const { closedThrough, openFrom } = splitDays(days);
  const [row] = await db
    .select({
      now: sql<number>`floor(extract(epoch from now()) * 1000)::float8`,
      instance: instances,
      closedThrough: sql<string | null>`(${closedThrough})::text`,
      closed: sql<string>`(
        select json_build_array(coalesce(sum(d.up), 0), coalesce(sum(d.degraded), 0), coalesce(sum(d.down), 0))::text
        from instance_days d where d.instance = ${instance} and d.day <= ${closedThrough})`,
      events: sql<string | null>`(
        select ${eventsJson} from instance_events e
        where e.instance = ${instance} and ${movesUptime}
          and e.at >= case when ${closedThrough} is null then '-infinity' else ${openFrom} end)`,
    })
    .from(instances)
    .where(eq(instances.id, instance));
  if (!row) return null;
  const [up, degraded, down] = JSON.parse(row.closed) as [number, number, number];
  return {
    now: row.now,
    instance: toInstance(row.instance),
    closedThrough: row.closedThrough,
    closed: { up, degraded, down },
    events: parseEvents(row.events),
  };
}
