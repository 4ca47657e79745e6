import { and, eq, sql } from 'drizzle-orm';
import { toInstant } from '#domain/instant.ts';
import type { Db } from '#db/client.ts';
import { customers, instances } from '#db/schema.ts';
import type { StatusValue } from '#contract/status.ts';
import type { HistorySubject } from '#domain/history.ts';
import type { Instance, Time } from '#domain/model.ts';
import type { Totals } from '#domain/uptime.ts';
import {
  type Days,
  eventsJson,
  type HistoryEvent,
  movesUptime,
  parseEvents,
  splitDays,
  time,
} from './reads-rows.ts';

/** What uptime depends on in an instance itself. */
export type UptimeSubject = HistorySubject & Pick<Instance, 'nextWithin' | 'archivedAt'>;

/** An instance's known time as stored, as of one moment. */
export interface UptimeRecord {
  now: Time;
  customerId: string;
  instance: UptimeSubject;
  /** The last of the asked days that is closed; later ones follow from the events. */
  closedThrough: string | null;
  /** Sum of the closed days, in milliseconds. */
  closed: Totals;
  /** Events from the first day on that is not closed, oldest first. */
  events: HistoryEvent[];
}

export const subject = {
  status: sql<StatusValue | null>`${instances.status}`,
  statusSince: instances.statusSince,
  statusReportedAt: instances.statusReportedAt,
  airGap: instances.airGap,
  inactiveSince: instances.inactiveSince,
  refusal: instances.refusal,
  lastCheckInAt: instances.lastCheckInAt,
  nextWithin: instances.nextWithin,
  archivedAt: instances.archivedAt,
};
type SubjectRow = Pick<typeof instances.$inferSelect, Exclude<keyof typeof subject, 'status'>> & {
  status: StatusValue | null;
};

export function toSubject({ status, ...row }: SubjectRow): UptimeSubject {
  return {
    ...row,
    facts: status === null ? {} : { status },
    statusSince: time(row.statusSince),
    statusReportedAt: time(row.statusReportedAt),
    inactiveSince: time(row.inactiveSince),
    lastCheckInAt: row.lastCheckInAt.getTime(),
    archivedAt: time(row.archivedAt),
  };
}

/** One instance with the events that its uptime from a moment on follows from. */
export interface UptimeHistory {
  now: Time;
  instance: UptimeSubject;
  events: HistoryEvent[];
}

/** One statement, so that the instance and its events are of the same moment; null: it is no more. */
export async function readUptimeHistory(
  db: Db,
  instance: number,
  from: Time,
): Promise<UptimeHistory | null> {
  const [row] = await db
    .select({
      now: sql<number>`floor(extract(epoch from now()) * 1000)::float8`,
      subject,
      events: sql<string | null>`(
        select ${eventsJson} from instance_events e
        where e.instance = ${instance} and ${movesUptime}
          and e.at >= ${toInstant(from)}::timestamptz)`,
    })
    .from(instances)
    .where(eq(instances.id, instance));
  if (!row) return null;
  return { now: row.now, instance: toSubject(row.subject), events: parseEvents(row.events) };
}

/** When an instance was heard of first; null: there is none of that name. */
export async function readFirstSeen(
  db: Db,
  customerId: string,
  instanceId: string,
): Promise<{ id: number; firstSeenAt: Time; now: Time } | null> {
  const [row] = await db
    .select({
      id: instances.id,
      firstSeenAt: instances.firstSeenAt,
      now: sql<number>`floor(extract(epoch from now()) * 1000)::float8`,
    })
    .from(instances)
    .where(and(eq(instances.customerId, customerId), eq(instances.instanceId, instanceId)));
  return row ? { ...row, firstSeenAt: row.firstSeenAt.getTime() } : null;
}

/** The not archived instances of these customers, with what their uptime over `days` follows from. One statement. */
export async function readUptimeRecords(
  db: Db,
  customerIds: string[],
  days: Days,
): Promise<UptimeRecord[]> {
  if (customerIds.length === 0) return [];
  const { firstDay, closedThrough, events } = splitDays(days);
  const rows = await db
    .select({
      now: sql<number>`floor(extract(epoch from now()) * 1000)::float8`,
      customerId: instances.customerId,
      subject,
      closedThrough: sql<string | null>`(${closedThrough})::text`,
      closed: sql<string>`(
        select json_build_array(coalesce(sum(d.up), 0), coalesce(sum(d.degraded), 0), coalesce(sum(d.down), 0))::text
        from instance_days d
        where d.instance = ${instances.id} and d.day between ${firstDay} and ${closedThrough})`,
      events,
    })
    .from(customers)
    // A join also has every column written with its table's name, without which the subqueries would take it for theirs.
    .innerJoin(instances, eq(instances.customerId, customers.id))
    .where(
      sql`${customers.id} = any(${sql.param(customerIds)}::text[]) and ${instances.archivedAt} is null`,
    );
  return rows.map(({ now, customerId, closedThrough, closed, events, subject }) => {
    const [up, degraded, down] = JSON.parse(closed) as [number, number, number];
    return {
      now,
      customerId,
      closedThrough,
      closed: { up, degraded, down },
      events: parseEvents(events),
      instance: toSubject(subject),
    };
  });
}
