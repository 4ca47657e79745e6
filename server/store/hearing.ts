import { sql } from 'drizzle-orm';
import { toInstant } from '#domain/instant.ts';
import type { Span, Time } from '#domain/model.ts';
import type { Tx } from './instances.ts';

/** Two stretches closer than this are one: the resolution at which hearing is recorded. */
export const hearingResolution = 20_000;

/** Records that Rollcall can hear now: carries the latest span on, or begins one after a silence of its own. */
export async function recordHearing(db: Tx): Promise<void> {
  const carried = await db.execute(sql`
    update hearing_spans set to_at = greatest(to_at, now())
    where id = (
      select id from hearing_spans
      where to_at > now() - make_interval(secs => ${hearingResolution / 1000})
      order by to_at desc, id limit 1)
    returning id`);
  if (carried.length > 0) return;
  await db.execute(sql`insert into hearing_spans (from_at, to_at) values (now(), now())`);
}

/** The stretches in which some process could hear, oldest first, that end after `since`; they may overlap. */
export async function readHearing(db: Tx, since: Time): Promise<Span[]> {
  const rows = await db.execute<{ from: number; to: number }>(sql`
    select (extract(epoch from from_at) * 1000)::float8 as "from",
      (extract(epoch from to_at) * 1000)::float8 as "to"
    from hearing_spans where to_at >= ${toInstant(since)}::timestamptz order by from_at`);
  return rows.map((row) => ({ from: Math.floor(row.from), to: Math.floor(row.to) }));
}
