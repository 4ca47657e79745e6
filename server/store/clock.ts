import { sql } from 'drizzle-orm';
import type { Time } from '#domain/model.ts';
import type { Tx } from './instances.ts';

/** The database's clock, which dates all that is written; also within a transaction it does not stand still. */
export async function readClock(db: Tx): Promise<Time> {
  const [clock] = await db.execute<{ now: number }>(
    sql`select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as now`,
  );
  return clock!.now;
}
