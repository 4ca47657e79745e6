import { and, eq, sql } from 'drizzle-orm';
import { appReleases, channels, releases } from '#db/schema.ts';
import type { AppReleaseRecord, PromotionRecord } from './catalog-edits.ts';
import type { Tx } from './instances.ts';

const ofRelease = (appSlug: string, releaseSequence: number) =>
  and(eq(appReleases.appSlug, appSlug), eq(appReleases.releaseSequence, releaseSequence));
const promotionsOf = (appSlug: string, releaseSequence: number) =>
  and(
    eq(releases.releaseSequence, releaseSequence),
    sql`${releases.channelId} in (select ${channels.id} from ${channels} where ${channels.appSlug} = ${appSlug})`,
  );

export async function findRelease(
  tx: Tx,
  appSlug: string,
  releaseSequence: number,
): Promise<AppReleaseRecord | null> {
  const [release] = await tx.select().from(appReleases).where(ofRelease(appSlug, releaseSequence));
  return release ?? null;
}

/** Gives it the app's next sequence: the caller holds the catalog. @returns the sequence */
export async function insertRelease(
  tx: Tx,
  release: Pick<AppReleaseRecord, 'appSlug' | 'versionLabel' | 'releaseNotes'>,
): Promise<number> {
  const next = sql<number>`(select coalesce(max(release_sequence), 0) + 1 from app_releases
    where app_slug = ${release.appSlug})`;
  const [made] = await tx
    .insert(appReleases)
    .values({ ...release, releaseSequence: next })
    .returning({ releaseSequence: appReleases.releaseSequence });
  return made!.releaseSequence;
}

/** Writes what is given, and raises the revision; the notes of its promotions are the same. */
export async function writeRelease(
  tx: Tx,
  { appSlug, releaseSequence }: Pick<AppReleaseRecord, 'appSlug' | 'releaseSequence'>,
  change: Partial<Pick<AppReleaseRecord, 'versionLabel' | 'releaseNotes'>>,
): Promise<void> {
  await tx
    .update(appReleases)
    .set({ ...change, revision: sql`${appReleases.revision} + 1` })
    .where(ofRelease(appSlug, releaseSequence));
  const { releaseNotes } = change;
  if (releaseNotes === undefined) return;
  await tx.update(releases).set({ releaseNotes }).where(promotionsOf(appSlug, releaseSequence));
}

export async function isPromoted(
  tx: Tx,
  appSlug: string,
  releaseSequence: number,
): Promise<boolean> {
  const found = await tx
    .select({ channelId: releases.channelId })
    .from(releases)
    .where(promotionsOf(appSlug, releaseSequence))
    .limit(1);
  return found.length > 0;
}

/** The release of the highest sequence that the channel offers; null: none. */
export async function findLatest(tx: Tx, channelId: string): Promise<PromotionRecord | null> {
  const [latest] = await tx
    .select()
    .from(releases)
    .where(and(eq(releases.channelId, channelId), sql`${releases.demotedAt} is null`))
    .orderBy(sql`${releases.channelSequence} desc`)
    .limit(1);
  return latest ?? null;
}

/**
 * Promotes a release under the channel's next sequence, now, but not before the channel's last promotion: the caller
 * holds the catalog. @returns the sequence
 */
export async function insertPromotion(
  tx: Tx,
  channelId: string,
  release: AppReleaseRecord,
  isRequired: boolean,
): Promise<number> {
  const { releaseSequence, versionLabel, releaseNotes } = release;
  const own = sql`from releases where channel_id = ${channelId}`;
  const [made] = await tx
    .insert(releases)
    .values({
      channelId,
      channelSequence: sql<number>`(select coalesce(max(channel_sequence), 0) + 1 ${own})`,
      releaseSequence,
      versionLabel,
      releaseNotes,
      promotedAt: sql`(select greatest(clock_timestamp(), max(promoted_at)) ${own})`,
      isRequired,
    })
    .returning({ channelSequence: releases.channelSequence });
  return made!.channelSequence;
}

const thePromotion = (channelId: string, channelSequence: number) =>
  and(eq(releases.channelId, channelId), eq(releases.channelSequence, channelSequence));

export async function findPromotion(
  tx: Tx,
  channelId: string,
  channelSequence: number,
): Promise<PromotionRecord | null> {
  const [promotion] = await tx
    .select()
    .from(releases)
    .where(thePromotion(channelId, channelSequence));
  return promotion ?? null;
}

/** Writes what is given, and raises the revision. */
export async function writePromotion(
  tx: Tx,
  { channelId, channelSequence }: Pick<PromotionRecord, 'channelId' | 'channelSequence'>,
  change: Partial<Pick<PromotionRecord, 'isRequired' | 'demotedAt'>>,
): Promise<void> {
  await tx
    .update(releases)
    .set({ ...change, revision: sql`${releases.revision} + 1` })
    .where(thePromotion(channelId, channelSequence));
}
