import type { Deed } from '#server/audit/index.ts';
import { AppError } from '#server/errors.ts';
import {
  type AppRecord,
  type AppReleaseRecord,
  type ChannelRecord,
  findApp,
  lockCatalogEdits,
  type PromotionRecord,
  readChannels,
} from '#server/store/catalog-edits.ts';
import type { Tx } from '#server/store/instances.ts';
import { findPromotion, findRelease } from '#server/store/release-edits.ts';

/** Waits for whoever else edits or imports, and reads the app. @throws AppError not_found, conflict */
export async function holdApp(tx: Tx, slug: string, revision?: number): Promise<AppRecord> {
  await lockCatalogEdits(tx);
  const app = (await findApp(tx, slug)) ?? missing('app');
  refuseStale(app.revision, revision, `the app ${app.name}`);
  return app;
}

/** As `holdApp`, of a channel. */
export async function holdChannel(tx: Tx, id: string, revision?: number): Promise<ChannelRecord> {
  await lockCatalogEdits(tx);
  const [channel] = await readChannels(tx, { id });
  if (!channel) return missing('channel');
  refuseStale(channel.revision, revision, `the channel ${channel.name}`);
  return channel;
}

/** As `holdApp`, of a release. */
export async function holdRelease(
  tx: Tx,
  slug: string,
  releaseSequence: number,
  revision?: number,
): Promise<AppReleaseRecord> {
  await holdApp(tx, slug);
  const release = (await findRelease(tx, slug, releaseSequence)) ?? missing('release');
  refuseStale(release.revision, revision, `the release ${release.versionLabel}`);
  return release;
}

/** As `holdApp`, of a release in a channel. */
export async function holdPromotion(
  tx: Tx,
  channelId: string,
  channelSequence: number,
  revision: number,
): Promise<{ channel: ChannelRecord; promotion: PromotionRecord }> {
  const channel = await holdChannel(tx, channelId);
  const promotion =
    (await findPromotion(tx, channelId, channelSequence)) ?? missing('release in this channel');
  const what = `the release ${promotion.versionLabel} in ${channel.name}`;
  refuseStale(promotion.revision, revision, what);
  return { channel, promotion };
}

export function missing(what: string): never {
  throw new AppError('not_found', `There is no such ${what}.`);
}

function refuseStale(present: number, edited: number | undefined, what: string): void {
  if (edited === undefined || edited === present) return;
  throw new AppError(
    'conflict',
    `Somebody else changed ${what} meanwhile: look at it as it is now, and save again.`,
  );
}

export const appTarget = ({ slug, name }: AppRecord): Deed['target'] => ({
  kind: 'app',
  id: slug,
  name,
});
export const channelTarget = ({ id, name }: ChannelRecord): Deed['target'] => ({
  kind: 'channel',
  id,
  name,
});
export const releaseTarget = (release: AppReleaseRecord): Deed['target'] => ({
  kind: 'release',
  id: `${release.appSlug}/${release.releaseSequence}`,
  name: release.versionLabel,
});
