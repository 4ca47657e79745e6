import { sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { toInstant } from '#domain/instant.ts';
import type { Time } from '#domain/model.ts';
import type { StoredEvent } from './events.ts';
import { eventColumns, toEvent } from './reads-events.ts';

export interface BucketEvents {
  bucket: number;
  count: number;
  /** The first ones, oldest first. */
  events: StoredEvent[];
}

/** Events named in each marker. */
const named = 2;

/** What changed in each bucket between two neighbouring edges; buckets in which nothing did are left out. */
export async function readMarkers(
  db: Db,
  instance: number,
  edges: readonly Time[],
): Promise<BucketEvents[]> {
  const moments = (at: readonly Time[]) =>
    sql`${sql.param(at.map(toInstant))}::text[]::timestamptz[]`;
  const inBucket = sql`e.instance = ${instance} and e.at >= b.since and e.at < b.until
    and e.before is distinct from e.after`;
  const rows = await db.execute<Record<string, unknown> & { bucket: number; count: number }>(sql`
    select b.bucket::int - 1 as bucket, counted.count, first.*
    from unnest(${moments(edges.slice(0, -1))}, ${moments(edges.slice(1))})
        with ordinality as b(since, until, bucket)
      cross join lateral (select count(*)::int as count from instance_events e where ${inBucket}) counted
      cross join lateral (
        select ${eventColumns} from instance_events e where ${inBucket}
        order by e.at, e.id limit ${named}) first
    order by b.bucket, first.at, first.id`);
  const markers: BucketEvents[] = [];
  for (const { bucket, count, ...row } of rows) {
    const last = markers.at(-1);
    const event = toEvent(row);
    if (last?.bucket === bucket) last.events.push(event);
    else markers.push({ bucket, count, events: [event] });
  }
  return markers;
}
