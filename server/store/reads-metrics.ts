import { sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { toInstant } from '#domain/instant.ts';
import type { Scalar } from '#contract/instance.ts';
import type { Time } from '#domain/model.ts';
import { scalar } from './events.ts';

export interface Metric {
  name: string;
  value: Scalar;
  updatedAt: Time;
  /** False: left out of the last report. */
  current: boolean;
}

/** Every custom metric that an instance reports or once reported, by name; of removed ones the last value. */
export async function readMetricSummaries(db: Db, instance: number): Promise<Metric[]> {
  const rows = await db.execute<Row & { name: string; current: boolean }>(sql`
    select m.name, m.value::text as value, (extract(epoch from m.updated_at) * 1000)::float8 as at, true as current
    from instance_metrics m where m.instance = ${instance}
    union all
    select last.field, last.after::text, (extract(epoch from last.at) * 1000)::float8, false
    from (select e.field, max(e.at) as at from instance_events e
        where e.instance = ${instance} and e.category = 'custom metrics' and e.before is distinct from e.after
          and not exists (select from instance_metrics m where m.instance = ${instance} and m.name = e.field)
        group by e.field) removed
      cross join lateral (select e.field, e.at, e.after from instance_events e
        where e.instance = ${instance} and e.at = removed.at and e.field = removed.field
          and e.category = 'custom metrics' and e.before is distinct from e.after
        order by e.id desc limit 1) last
    order by 1`);
  return rows.map(({ name, value, at, current }) => ({
    name,
    value: scalar(value),
    updatedAt: Math.round(at),
    current,
  }));
}

export interface MetricPoints {
  /** Oldest first; the first is what held at `from`, if anything did. */
  points: [at: Time, value: Scalar][];
  /** Before thinning. */
  recorded: number;
}

/** The finest that a screen can tell apart. */
const columns = 500;
/** So many points need no thinning. */
const fewPoints = 2_000;

/**
 * What a metric's value was from `from` on. Of very many points those stay that make the drawn line: in each of 500 equal
 * columns the first, the last, the least and the greatest.
 */
export async function readMetricPoints(
  db: Db,
  instance: number,
  name: string,
  { from, to }: { from: Time; to: Time },
): Promise<MetricPoints> {
  const start = sql`${toInstant(from)}::timestamptz`;
  const mine = sql`e.instance = ${instance} and e.category = 'custom metrics' and e.field = ${name}
    and e.before is distinct from e.after`;
  const rows = await db.execute<Row & { recorded: number }>(sql`
    with points as materialized (
      (select e.at, e.id, e.after from instance_events e where ${mine} and e.at < ${start}
        order by e.at desc, e.id desc limit 1)
      union all
      select e.at, e.id, e.after from instance_events e where ${mine} and e.at >= ${start}),
    counted as (select count(*) as recorded from points),
    placed as (
      select id::float8 as id, moment, case when jsonb_typeof(after) = 'number' then after::float8 end as number,
        floor((moment - ${from}::float8) * ${columns}::float8 / ${Math.max(1, to - from)}::float8) as part
      from (select *, round(date_part('epoch', at) * 1000) as moment from points
        where (select recorded from counted) > ${fewPoints}) p),
    kept as (
      select unnest(array[(min(array[moment, id]))[2], (max(array[moment, id]))[2],
        (min(array[number, moment, id]) filter (where number is not null))[3],
        (max(array[number, -moment, -id]) filter (where number is not null))[3] * -1]) as id
      from placed group by part)
    select (extract(epoch from p.at) * 1000)::float8 as at, p.after::text as value, c.recorded::float8 as recorded
    from points p cross join counted c
    where c.recorded <= ${fewPoints} or p.id in (select k.id from kept k)
    order by p.at, p.id`);
  if (rows.length === 0) return readUnchanged(db, instance, name);
  return {
    points: rows.map(({ at, value }) => [Math.round(at), scalar(value)]),
    recorded: rows[0]!.recorded,
  };
}

/** A metric that was null from the first report on has no event. */
async function readUnchanged(db: Db, instance: number, name: string): Promise<MetricPoints> {
  const rows = await db.execute<Row>(sql`
    select (extract(epoch from m.updated_at) * 1000)::float8 as at, m.value::text as value
    from instance_metrics m where m.instance = ${instance} and m.name = ${name}`);
  const points = rows.map(({ at, value }): [Time, Scalar] => [Math.round(at), scalar(value)]);
  return { points, recorded: points.length };
}

type Row = { at: number; value: string | null };
