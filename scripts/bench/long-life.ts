import { sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { readConfig } from '#server/config.ts';
import { closeDays } from '#server/reports/index.ts';

export const lifeEvents = 100_000;
const day = 86_400_000;
const days = 400;
const metrics = 20;

/**
 * Gives one instance of the fleet a life of 400 days and 100,000 events, and closes the days. Of every ten events three
 * are of its status, five of custom metrics; a pod of its cluster and its version change too, and rarely its region.
 */
export async function layLongLife(db: Db, instanceId: string, now: number): Promise<void> {
  const first = now - days * day;
  const step = (days * day - 60_000) / lifeEvents;
  const [row] = await db.execute<{ id: string }>(
    sql`select id from instances where instance_id = ${instanceId}`,
  );
  const id = Number(row!.id);
  await db.execute(sql`delete from instance_days where instance = ${id}`);
  await db.execute(sql`delete from instance_events where instance = ${id}`);
  // Statuses go round, two ready ones between the others; `k` counts them.
  const statusAt = (k: ReturnType<typeof sql>) => sql`to_jsonb((array['ready', 'updating', 'ready',
    'degraded', 'ready', 'unavailable'])[1 + (${k}) % 6])`;
  const k = sql`(n / 10 * 3 + n % 10 / 3)`;
  await db.execute(sql`
    insert into instance_events (instance, at, category, field, before, after, reporter)
    select ${id}::bigint, ${new Date(first).toISOString()}::timestamptz + n * ${step}::float8 * interval '1 millisecond',
      case kind when 's' then 'app status' when 'm' then 'custom metrics' when 'c' then 'cluster status'
        when 'v' then 'app install/upgrade' else 'infrastructure' end,
      case kind when 's' then 'status' when 'm' then 'metric_' || n % ${metrics}::int when 'c' then 'nodesReady'
        when 'v' then 'versionLabel' else 'cloudRegion' end,
      case kind when 's' then case when n > 0 then ${statusAt(sql`${k} - 1`)} end
        when 'v' then to_jsonb('1.' || n) when 'r' then to_jsonb('region-' || n) else to_jsonb(n) end,
      case kind when 's' then ${statusAt(k)}
        when 'v' then to_jsonb('1.' || n + 1) when 'r' then to_jsonb('region-' || n + 1) else to_jsonb(n + 1) end,
      'api'
    from generate_series(0, ${lifeEvents - 1}::int) n,
      lateral (select case when n % 10 in (0, 3, 6) then 's' when n % 10 = 1 then 'c' when n % 1000 = 2 then 'r'
        when n % 10 = 2 then 'v' else 'm' end as kind) what`);
  const current = sql`(select after from instance_events where instance = ${id} and field = 'status' order by at desc limit 1)`;
  await db.execute(sql`
    update instances set days_closed_through = null, facts = facts || jsonb_build_object('status', ${current}),
      status = ${current} #>> '{}',
      status_since = (select max(at) from instance_events where instance = ${id} and field = 'status'),
      first_seen_at = (select min(at) from instance_events where instance = ${id}),
      first_ready_at = (select min(at) from instance_events where instance = ${id}),
      last_event_at = (select max(at) from instance_events where instance = ${id})
    where id = ${id}`);
  await db.execute(sql`
    insert into instance_metrics (instance, name, value, updated_at)
    select distinct on (e.field) e.instance, e.field, e.after, e.at from instance_events e
    where e.instance = ${id} and e.category = 'custom metrics' order by e.field, e.at desc
    on conflict do nothing`);
  await db.execute(sql`vacuum analyze`);
  const ears = () => [{ from: first - day, to: Date.now() }];
  while ((await closeDays({ db, config: readConfig({}), ears }, 10)) > 0);
  await db.execute(sql`vacuum analyze`);
}
