import { and, asc, desc, eq, gt, isNull } from 'drizzle-orm';
import { channels, releases } from '#db/schema.ts';
import type { Tx } from './instances.ts';

export type Release = typeof releases.$inferSelect;

/** Releases that a channel offers after a sequence (null: all of them), in order of their sequence. */
export async function readOfferedReleases(
  db: Tx,
  channelId: string,
  after: number | null,
  order: 'asc' | 'desc',
): Promise<Release[]> {
  return db
    .select()
    .from(releases)
    .where(
      and(
        eq(releases.channelId, channelId),
        isNull(releases.demotedAt),
        after === null ? undefined : gt(releases.channelSequence, after),
      ),
    )
    .orderBy(order === 'asc' ? asc(releases.channelSequence) : desc(releases.channelSequence));
}

/** Whether the channel is one of the app's. */
export async function hasChannel(db: Tx, appSlug: string, channelId: string): Promise<boolean> {
  const found = await db
    .select({ id: channels.id })
    .from(channels)
    .where(and(eq(channels.id, channelId), eq(channels.appSlug, appSlug)));
  return found.length > 0;
}
