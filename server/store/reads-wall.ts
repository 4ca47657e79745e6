import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import type { ScreenCustomer, ScreenScope } from '#contract/screens.ts';
import type { Scalar } from '#contract/instance.ts';
import type { LicenseType } from '#contract/status.ts';
import type { Time } from '#domain/model.ts';
import { splitTag } from '#domain/wall-scope.ts';
import type { Tx } from './instances.ts';
import { channelKey } from './reads-fleet.ts';

const sources = sql`instances i join customers c on c.id = i.customer_id
  join licenses l on l.customer_id = i.customer_id`;

/** The rule of `isInScope` (domain/wall-scope.ts), but for archived ones. */
function inScope(scope: ScreenScope): SQL {
  const conditions: SQL[] = [sql`true`];
  const among = (expression: SQL, values: string[]) => {
    if (values.length > 0) conditions.push(sql`${expression} = any(${sql.param(values)}::text[])`);
  };
  among(sql`c.app_slug`, scope.apps);
  among(channelKey, scope.channels);
  among(sql`i.customer_id`, scope.customers);
  among(sql`l.type`, scope.licenseTypes);
  if (scope.tags.length > 0) {
    const tags = scope.tags.map(splitTag);
    const keys = sql.param(tags.map(({ key }) => key));
    const values = sql.param(tags.map(({ value }) => value));
    conditions.push(sql`exists (
      select from unnest(${keys}::text[], ${values}::text[]) as wanted(key, value)
      where jsonb_exists(i.tags, wanted.key)
        and coalesce(i.tags -> wanted.key ->> 0 = wanted.value, wanted.value is null))`);
  }
  return sql.join(conditions, sql` and `);
}

const present = (scope: ScreenScope) => sql`i.archived_at is null and ${inScope(scope)}`;

/** Internal ids of all that is in scope, in attention order, and how many archived ones would be. */
export async function findInScope(
  db: Db,
  scope: ScreenScope,
): Promise<{ now: Time; ids: number[]; archived: number }> {
  const [row] = await db.execute<{ now: number; ids: string; archived: number }>(sql`
    select floor(extract(epoch from now()) * 1000)::float8 as now,
      (select coalesce(json_agg(i.id order by i.attention, i.status_since desc nulls last, i.id), '[]')
        from ${sources} where ${present(scope)})::text as ids,
      (select count(*) from ${sources}
        where i.archived_at is not null and ${inScope(scope)})::float8 as archived`);
  return { now: row!.now, ids: JSON.parse(row!.ids) as number[], archived: row!.archived };
}

/** Every customer that a screen can show, by name: an archived one only while something of it is still shown. */
export async function readScreenCustomers(db: Db): Promise<ScreenCustomer[]> {
  const rows = await db.execute<{ id: string; name: string; instances: number }>(sql`
    select c.id, c.name, count(i.id)::float8 as instances
    from customers c left join instances i on i.customer_id = c.id and i.archived_at is null
    group by c.id having c.archived_at is null or count(i.id) > 0
    order by lower(c.name), c.id`);
  return rows.map(({ id, name, instances }) => ({ id, name, instances }));
}

/** Count, sum of the revisions and newest check-in of what is in scope. */
export async function readWallDigest(
  db: Tx,
  scope: ScreenScope,
): Promise<{ count: number; revisions: number; newestCheckInAt: Time | null }> {
  const [row] = await db.execute<{ count: number; revisions: number; newest: number | null }>(sql`
    select count(*)::float8 as count, coalesce(sum(i.revision), 0)::float8 as revisions,
      (extract(epoch from max(i.last_check_in_at)) * 1000)::float8 as newest
    from ${sources} where ${present(scope)}`);
  const { count, revisions, newest } = row!;
  return { count, revisions, newestCheckInAt: newest === null ? null : Math.round(newest) };
}

/** What walls need of instances beyond their rows: the customer's number, and of which type its license is. */
export async function readWallFacts(
  db: Db,
  ids: number[],
): Promise<Map<number, { customerNumber: number; licenseType: LicenseType }>> {
  const rows = await db.execute<{ id: number; number: number; type: LicenseType }>(sql`
    select i.id::float8 as id, c.number, l.type from ${sources}
    where i.id = any(${sql.param(ids)}::bigint[])`);
  return new Map(
    rows.map(({ id, number, type }) => [id, { customerNumber: number, licenseType: type }]),
  );
}

export interface TransitionRecord {
  id: number;
  at: Time;
  instance: number;
  before: Scalar;
  after: Scalar;
}

/** With few instances each one's own last events are looked up; with many, the last of all. */
const few = 200;
const lately = sql`now() - interval '7 days'`;

/** The last changes of status or presence of these instances within a week, the newest first. */
export async function readTransitions(
  db: Db,
  ids: number[],
  most: number,
): Promise<TransitionRecord[]> {
  if (ids.length === 0) return [];
  const given = sql`unnest(${sql.param(ids)}::bigint[]) as given(instance)`;
  const isTransition = sql.raw(`e.field in ('status', 'presence')
    and e.category in ('app status', 'presence') and e.before is distinct from e.after`);
  const columns = sql.raw('e.id, e.at, e.instance, e.before, e.after');
  const found =
    ids.length <= few
      ? sql`select last.* from ${given} cross join lateral (
          select ${columns} from instance_events e
          where e.instance = given.instance and e.at > ${lately} and ${isTransition}
          order by e.at desc, e.id desc limit ${most}) as last`
      : sql`select ${columns} from instance_events e
          where e.at > ${lately} and ${isTransition} and e.instance in (select instance from ${given})`;
  const rows = await db.execute<Record<string, unknown>>(sql`
    select id::float8 as id, (extract(epoch from at) * 1000)::float8 as at,
      instance::float8 as instance, before::text as before, after::text as after
    from (${found}) as found order by found.at desc, found.id desc limit ${most}`);
  return rows.map((row) => ({
    id: row.id as number,
    at: Math.round(row.at as number),
    instance: row.instance as number,
    before: scalar(row.before),
    after: scalar(row.after),
  }));
}

const scalar = (text: unknown): Scalar =>
  text === null ? null : (JSON.parse(text as string) as Scalar);
