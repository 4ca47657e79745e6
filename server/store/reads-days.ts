import { sql } from 'drizzle-orm';
import { toInstant } from '#domain/instant.ts';
import type { Db } from '#db/client.ts';
import { instances } from '#db/schema.ts';
import type { Instance, Time } from '#domain/model.ts';
import type { Tx } from './instances.ts';
import {
  type ClosedDay,
  eventsJson,
  type HistoryEvent,
  movesUptime,
  parseEvents,
  toInstance,
} from './reads-rows.ts';

/** Held shared by whoever writes closed days, alone by whoever changes the zone they are cut by. */
const zoneLock = sql`hashtext('rollcall closed days')`;

/**
 * Makes `zone` the one that closed days are cut by. After a change all of them are forgotten:
 * they are cut again, and until then read from the events.
 */
export async function adoptZone(db: Db, zone: string): Promise<void> {
  if ((await zoneOf(db)) === zone) return;
  await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${zoneLock})`);
    if ((await zoneOf(tx)) === zone) return;
    await tx.execute(sql`
      select id from instances where days_closed_through is not null order by id for no key update`);
    await tx.execute(sql`truncate instance_days`);
    await tx.execute(sql`
      update instances set days_closed_through = null where days_closed_through is not null`);
    await tx.execute(sql`
      insert into workspaces (id, zone) values (1, ${zone})
      on conflict (id) do update set zone = excluded.zone`);
  });
}

async function zoneOf(db: Tx): Promise<string | null> {
  const [row] = await db.execute<{ zone: string }>(sql`select zone from workspaces`);
  return row?.zone ?? null;
}

/** Holds off a change of zone until the transaction ends. @returns whether `zone` is the one in force */
export async function holdZone(tx: Tx, zone: string): Promise<boolean> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(${zoneLock})`);
  return (await zoneOf(tx)) === zone;
}

/** A local day in which Rollcall was deaf for a while: open for an instance that has named no status since. */
export interface DeafDay {
  day: string;
  start: Time;
  end: Time;
  /** End of the day's last deaf stretch. */
  deafUntil: Time;
}

export interface Unclosed {
  instance: Instance;
  closedThrough: string | null;
}

/** No later report decides on deaf stretches: archives have no ears, and absence has ended what held. */
const settled = sql`(${instances.airGap} or ${instances.inactiveSince} is not null
  or ${instances.refusal} is not null)`;

export const isSettled = (instance: Instance): boolean =>
  instance.airGap || instance.inactiveSince !== null || instance.refusal !== null;

/** The next day to close is one of the deaf days, and no report has named a status since. */
function awaitsReport(deaf: DeafDay[]) {
  const moments = (pick: (day: DeafDay) => Time) =>
    sql`${sql.param(deaf.map((day) => toInstant(pick(day))))}::text[]::timestamptz[]`;
  return sql`exists (
    select from unnest(${sql.param(deaf.map(({ day }) => day))}::text[]::date[],
      ${moments(({ start }) => start)}, ${moments(({ end }) => end)}, ${moments(({ deafUntil }) => deafUntil)}
    ) as deaf(day, day_start, day_end, deaf_until)
    where deaf.deaf_until > ${instances.statusReportedAt} and case
      when ${instances.daysClosedThrough} is null
      then ${instances.firstSeenAt} >= deaf.day_start and ${instances.firstSeenAt} < deaf.day_end
      else deaf.day = ${instances.daysClosedThrough} + 1 end)`;
}

/**
 * Locks instances that have a day to close, in id order, leaving out those that another transaction holds
 * and those whose next day stays open because a deaf stretch in it is undecided.
 */
export async function lockUnclosed(
  tx: Tx,
  options: { yesterday: string; today: Time; deaf: DeafDay[]; limit: number },
): Promise<Unclosed[]> {
  const rows = await tx
    .select()
    .from(instances)
    .where(
      sql`coalesce(${instances.daysClosedThrough} < ${options.yesterday}::date, true)
        and ${instances.firstSeenAt} < ${toInstant(options.today)}::timestamptz
        and (${settled} or not ${awaitsReport(options.deaf)})`,
    )
    .orderBy(instances.id)
    .limit(options.limit)
    .for('no key update', { skipLocked: true });
  return rows.map((row) => ({
    instance: toInstance(row),
    closedThrough: row.daysClosedThrough,
  }));
}

/** The events that move uptime, of each instance from a moment of its own on, oldest first. */
export async function readHistories(
  tx: Tx,
  wanted: { id: number; from: Time }[],
): Promise<Map<number, HistoryEvent[]>> {
  const rows = await tx.execute<{ id: number; events: string }>(sql`
    select wanted.id::float8 as id, ${eventsJson} as events
    from unnest(${sql.param(wanted.map(({ id }) => id))}::bigint[],
        ${sql.param(wanted.map(({ from }) => toInstant(from)))}::text[]::timestamptz[]) as wanted(id, since)
      join instance_events e on e.instance = wanted.id and e.at >= wanted.since and ${movesUptime}
    group by wanted.id`);
  return new Map(rows.map((row) => [row.id, parseEvents(row.events)]));
}

export interface Closing {
  instance: number;
  through: string;
  days: ClosedDay[];
}

/** Writes closed days and how far they reach. The revision stays: nothing that a viewer holds has changed. */
export async function writeClosedDays(tx: Tx, closings: Closing[]): Promise<void> {
  const rows = closings.flatMap(({ instance, days }) => days.map((day) => ({ instance, ...day })));
  const integers = (pick: (row: (typeof rows)[number]) => number) => sql.param(rows.map(pick));
  if (rows.length > 0) {
    await tx.execute(sql`
      insert into instance_days (instance, day, up, degraded, down)
      select * from unnest(${integers((row) => row.instance)}::bigint[],
        ${sql.param(rows.map(({ day }) => day))}::text[]::date[], ${integers((row) => row.up)}::int[],
        ${integers((row) => row.degraded)}::int[], ${integers((row) => row.down)}::int[])
      on conflict (instance, day) do update
        set up = excluded.up, degraded = excluded.degraded, down = excluded.down`);
  }
  await tx.execute(sql`
    update instances set days_closed_through = closing.through
    from unnest(${sql.param(closings.map(({ instance }) => instance))}::bigint[],
      ${sql.param(closings.map(({ through }) => through))}::text[]::date[]) as closing(id, through)
    where instances.id = closing.id`);
}
