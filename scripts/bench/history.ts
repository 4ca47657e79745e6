import { sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { readConfig } from '#server/config.ts';
import { closeDays } from '#server/reports/index.ts';
import { type FleetSize, licenseNamed, plainCheckIn } from './fleet.ts';

const day = 86_400_000;
const days = 14;

/** Lets the fleet's history lie in a time in which Rollcall could hear. */
export async function rememberHearing(db: Db, now: number): Promise<void> {
  const from = new Date(now - (days + 2) * day).toISOString();
  await db.execute(sql`insert into hearing_spans (from_at, to_at) values (${from}, now())`);
}

/** Brings every instance in through the plain door, a customer's at a time. */
export async function registerInstances(url: string, size: FleetSize): Promise<void> {
  for (let customer = 0; customer < size.customers; customer += 1) {
    const mine = [];
    for (let n = customer; n < size.instances; n += size.customers)
      mine.push(plainCheckIn(n, 'ready'));
    const answer = await fetch(`${url}/api/check-ins`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${licenseNamed(customer)}` },
      body: JSON.stringify(mine),
    });
    if (answer.status !== 200) {
      throw new Error(`Registering was answered ${answer.status}: ${await answer.text()}`);
    }
  }
}

/** Gives every instance fourteen days of status changes, some two a day, and closes the days. */
export async function layHistory(db: Db, now: number): Promise<void> {
  const before = new Date(now - days * day).toISOString();
  await db.execute(sql`delete from instance_events where field = 'status'`);
  await db.execute(sql`
    insert into instance_events (instance, at, category, field, before, after, reporter)
    select i.id, ${before}::timestamptz + (n + random()) * interval '12 hours', 'app status', 'status',
      case when n = 0 then null when n % 2 = 1 then '"ready"'::jsonb else '"degraded"'::jsonb end,
      case when n % 2 = 0 then '"ready"'::jsonb else '"degraded"'::jsonb end, 'api'
    from instances i, generate_series(0, ${2 * days - 2}) n`);
  await db.execute(sql`
    update instances i set first_seen_at = h.first, first_ready_at = h.first, status_since = h.last
    from (
      select instance, min(at) as first, max(at) as last
      from instance_events where field = 'status' group by instance
    ) h where h.instance = i.id`);
  await db.execute(sql`vacuum analyze`);
  const config = readConfig({});
  const ears = () => [{ from: now - (days + 2) * day, to: Date.now() }];
  while ((await closeDays({ db, config, ears }, 500)) > 0);
  await db.execute(sql`vacuum analyze`);
}
