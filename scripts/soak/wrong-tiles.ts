import { sql } from 'drizzle-orm';
import type { Stage } from '../bench/stage.ts';
import type { Television } from './television.ts';

/** Tiles that show another status than the database holds, and instances that have no tile. */
export async function countWrongTiles(
  screen: Pick<Television, 'shown'>,
  { db }: Pick<Stage, 'db'>,
): Promise<number> {
  const rows = await db.execute<{ id: string | number; status: string | null }>(
    sql`select id, facts ->> 'status' as status from instances where archived_at is null`,
  );
  const shown = new Map(await screen.shown());
  return [...rows].filter(({ id, status }) => shown.get(`i${id}`) !== status).length;
}
