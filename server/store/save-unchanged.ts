import { sql } from 'drizzle-orm';
import type { Instance, Time } from '#domain/model.ts';
import { type EventOf, insertionOf, type StoredEvent, withIds } from './events.ts';
import { type Tx, updateInstances, updateSeen } from './instances.ts';
import { licenseeTables, licenseeWrittenBy, type LockedLicensee } from './licensees.ts';
import { type Inventory, upsertionOf } from './parts.ts';
import { executePrepared } from './prepared.ts';

/** What the writing is founded on: it is only done if all of it still holds. */
export interface Foundation {
  /** What the database's clock was thought to show. */
  now: Time;
  catalogVersion: number;
  licensees: Pick<LockedLicensee, 'licenseId' | 'writtenBy'>[];
  /** All that are written, each once. */
  instances: { id: number; writtenBy: string }[];
}

export interface Writing {
  events: EventOf[];
  /** Of which only the times of the last reports changed. */
  seen: Instance[];
  changed: Instance[];
  inventories: Inventory[];
}

/** Milliseconds. Further off, the clock was set, or somebody slept in between. */
const clockTolerance = 1000;

/**
 * Writes what was made of instances without asking for them before, in one statement that is a transaction by itself.
 * It holds them, in id order as everybody does, and writes only if neither they nor what else it is founded on were
 * written by anybody since they were read.
 * @returns the database's clock, and the name of the transaction, which each of the rows now bears; null: nothing was
 * written, something is no longer so
 */
export async function saveIfUnchanged(
  tx: Tx,
  on: Foundation,
  { events, seen, changed, inventories }: Writing,
): Promise<{ now: Time; transaction: string; events: StoredEvent[] } | null> {
  const ids = sql`${sql.param(on.instances.map(({ id }) => id))}::bigint[]`;
  const writtenBy = sql`${sql.param(on.instances.map((one) => one.writtenBy))}::text[]`;
  const licenses = sql`${sql.param(on.licensees.map(({ licenseId }) => licenseId))}::text[]`;
  const licensesBy = sql`${sql.param(on.licensees.map((one) => one.writtenBy))}::text[]`;
  const isUnchanged = sql`(select yes from unchanged)`;
  // The transaction has its name before it holds anything: whoever waits for those under way has to see it.
  const [row] = await executePrepared<{
    unchanged: boolean;
    now: number;
    transaction: string;
    events: string | null;
  }>(
    tx,
    sql`
    with held as (
      select i.xmin::text = known.written_by as is_same
      from unnest(${ids}, ${writtenBy}) as known(id, written_by) join instances i on i.id = known.id
      where pg_current_xact_id() is not null
      order by i.id for no key update of i
    ), unchanged as materialized (
      select (select version from catalog_versions) = ${on.catalogVersion}::integer
        and abs(extract(epoch from statement_timestamp()) * 1000 - ${on.now}::float8)
          < ${clockTolerance}::float8
        and ${on.licensees.length}::bigint = (
          select count(*) from ${licenseeTables}
            join unnest(${licenses}, ${licensesBy}) as known(license_id, written_by)
              on known.license_id = l.license_id
          where ${licenseeWrittenBy} = known.written_by)
        and ${on.instances.length}::bigint = (
          select count(*) from held where is_same)
        as yes
    ), event as (${insertionOf(events, isUnchanged)}
    ), just_seen as (${updateSeen(seen, isUnchanged)}
    ), instance as (${updateInstances(changed, isUnchanged)}
    ), inventory as (${upsertionOf(inventories, isUnchanged)}
    )
    select yes as unchanged, (extract(epoch from clock_timestamp()) * 1000)::float8 as now,
      pg_current_xact_id()::xid::text as transaction,
      (select json_agg(id order by id) from event)::text as events
    from unchanged`,
  );
  if (!row?.unchanged) return null;
  const eventIds = row.events === null ? [] : (JSON.parse(row.events) as number[]);
  return {
    now: Math.floor(row.now),
    transaction: row.transaction,
    events: withIds(events, eventIds),
  };
}
