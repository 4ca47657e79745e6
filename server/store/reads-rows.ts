import { asc, eq, sql } from 'drizzle-orm';
import { toInstant } from '#domain/instant.ts';
import type { Db } from '#db/client.ts';
import { apps, channels, customers, instances, releases } from '#db/schema.ts';
import type { Scalar } from '#contract/instance.ts';
import type { EventCategory } from '#contract/status.ts';
import type { Instance, Time } from '#domain/model.ts';

/** Consecutive local days, oldest first, the last one today. */
export interface Days {
  zone: string;
  days: string[];
  /** When each of `days` began. */
  starts: Time[];
}

export interface ClosedDay {
  day: string;
  /** Milliseconds. */
  up: number;
  degraded: number;
  down: number;
}

/** What moves uptime: an event of the field `status` or `presence`. */
export interface HistoryEvent {
  at: Time;
  category: EventCategory;
  field: string;
  before: Scalar;
  after: Scalar;
  unheardSince: Time | null;
}

/** An instance as stored, with all that a list shows of it, as of one moment. */
export interface InstanceRecord {
  now: Time;
  instance: Instance;
  /** Index into `attentionOrder`. */
  attention: number;
  customer: { id: string; name: string };
  app: { slug: string; name: string };
  channel: { id: string; name: string };
  /** Releases promoted after the running one; null: the running release is unknown. */
  versionsBehind: number | null;
  /** The last of the asked days that is closed; later ones follow from the events. */
  closedThrough: string | null;
  closedDays: ClosedDay[];
  /** Events from the first day on that is not closed, oldest first. */
  events: HistoryEvent[];
}

/** `instances` holds more than the domain's noun: what only lists and sweeps need. */
type InstanceRow = typeof instances.$inferSelect;

export const time = (date: Date | null): Time | null => (date === null ? null : date.getTime());

export function toInstance(row: InstanceRow): Instance {
  return {
    id: row.id,
    customerId: row.customerId,
    instanceId: row.instanceId,
    revision: row.revision,
    name: row.name,
    tags: row.tags,
    facts: row.facts,
    reports: row.reports,
    kotsReportedAt: time(row.kotsReportedAt),
    sdkReportedAt: time(row.sdkReportedAt),
    statusSince: time(row.statusSince),
    statusReportedAt: time(row.statusReportedAt),
    firstReadyAt: time(row.firstReadyAt),
    firstSeenAt: row.firstSeenAt.getTime(),
    lastCheckInAt: row.lastCheckInAt.getTime(),
    lastEventAt: row.lastEventAt.getTime(),
    nextWithin: row.nextWithin,
    lateSince: time(row.lateSince),
    inactiveSince: time(row.inactiveSince),
    refusal: row.refusal,
    airGap: row.airGap,
    archivedAt: time(row.archivedAt),
    versionsBehind: row.versionsBehind,
  };
}

const channelReported = sql`coalesce(${instances.channelId}, ${instances.facts} ->> 'channelName')`;
const channelShown = sql<string>`coalesce(${channelReported}, ${customers.channelId})`;

/** Where the days that are closed for an instance end among `days`, when the next one began, and its events from there on, as JSON text. */
export function splitDays(days: Days) {
  const firstDay = sql`${days.days[0]}::date`;
  const today = sql`${days.days.at(-1)}::date`;
  const sameZone = sql`(select zone from workspaces) = ${days.zone}`;
  const closedThrough = sql<string | null>`
    case when ${sameZone} and ${instances.daysClosedThrough} >= ${firstDay}
      then least(${instances.daysClosedThrough}, ${today} - 1) end`;
  const openFrom = sql`(
    select min(asked.start) from unnest(${sql.param(days.days)}::text[]::date[],
      ${sql.param(days.starts.map(toInstant))}::text[]::timestamptz[]) as asked(day, start)
    where coalesce(asked.day > ${closedThrough}, true))`;
  const events = sql<string | null>`(
    select ${eventsJson} from instance_events e
    where e.instance = ${instances.id} and ${movesUptime} and e.at >= ${openFrom})`;
  return { firstDay, closedThrough, openFrom, events };
}

/** One statement, so that an instance, its events and its closed days are of the same moment. */
export async function readInstances(db: Db, ids: number[], days: Days): Promise<InstanceRecord[]> {
  if (ids.length === 0) return [];
  const { firstDay, closedThrough, events } = splitDays(days);
  const rows = await db
    .select({
      now: sql<number>`floor(extract(epoch from now()) * 1000)::float8`,
      instance: instances,
      customer: { id: customers.id, name: customers.name },
      app: { slug: apps.slug, name: apps.name },
      channelId: channelShown,
      channelName: channels.name,
      reportedChannelName: sql<string | null>`${instances.facts} ->> 'channelName'`,
      versionsBehind: sql<number | null>`case when ${releases.channelId} is not null then (
        select count(*)::int from releases later
        where later.channel_id = ${releases.channelId}
          and later.channel_sequence > ${releases.channelSequence} and later.demoted_at is null) end`,
      closedThrough: sql<string | null>`(${closedThrough})::text`,
      closedDays: sql<string | null>`(
        select json_agg(json_build_array(d.day, d.up, d.degraded, d.down))::text
        from instance_days d
        where d.instance = ${instances.id} and d.day between ${firstDay} and ${closedThrough})`,
      events,
    })
    .from(instances)
    .innerJoin(customers, eq(customers.id, instances.customerId))
    .innerJoin(apps, eq(apps.slug, customers.appSlug))
    .leftJoin(
      channels,
      sql`${channels.id} = ${channelShown} and ${channels.appSlug} = ${customers.appSlug}`,
    )
    .leftJoin(
      releases,
      sql`${releases.channelId} = ${channels.id}
        and ${releases.channelSequence} = (${instances.facts} ->> 'channelSequence')::bigint`,
    )
    .where(sql`${instances.id} = any(${sql.param(ids)}::bigint[])`);
  const found = new Map(
    rows.map((row) => [
      row.instance.id,
      {
        now: row.now,
        instance: toInstance(row.instance),
        attention: row.instance.attention,
        customer: row.customer,
        app: row.app,
        channel: {
          id: row.channelId,
          name: row.channelName ?? row.reportedChannelName ?? row.channelId,
        },
        versionsBehind: row.versionsBehind,
        closedThrough: row.closedThrough,
        closedDays: parseDays(row.closedDays),
        events: parseEvents(row.events),
      },
    ]),
  );
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** Whether event `e` moves uptime. Rows that change nothing are kept as observations only. */
export const movesUptime = sql.raw(`e.field in ('status', 'presence')
  and e.category in ('app status', 'presence') and e.before is distinct from e.after`);

/** Events `e` as JSON text: a string in jsonb would not survive the driver. */
export const eventsJson = sql.raw(`json_agg(json_build_array(
  extract(epoch from e.at) * 1000, e.category, e.field, e.before, e.after,
  extract(epoch from e.unheard_since) * 1000) order by e.at, e.id)::text`);

type EventTuple = [number, EventCategory, string, Scalar, Scalar, number | null];

export function parseEvents(json: string | null): HistoryEvent[] {
  if (json === null) return [];
  return (JSON.parse(json) as EventTuple[]).map(
    ([at, category, field, before, after, unheardSince]) => ({
      at: Math.round(at),
      category,
      field,
      before,
      after,
      unheardSince: unheardSince === null ? null : Math.round(unheardSince),
    }),
  );
}

export function parseDays(json: string | null): ClosedDay[] {
  if (json === null) return [];
  return (JSON.parse(json) as [string, number, number, number][]).map(
    ([day, up, degraded, down]) => ({ day, up, degraded, down }),
  );
}

/** Internal ids of all of a customer's instances, in attention order. */
export async function idsOfCustomer(db: Db, customerId: string): Promise<number[]> {
  const rows = await db
    .select({ id: instances.id })
    .from(instances)
    .where(eq(instances.customerId, customerId))
    .orderBy(
      asc(instances.attention),
      sql`${instances.statusSince} desc nulls last`,
      asc(instances.id),
    );
  return rows.map((row) => row.id);
}
