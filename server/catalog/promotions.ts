import type { z } from 'zod';
import type { promotionChange, promotionRequest, ReleaseDetails } from '#contract/catalog.ts';
import { audit, type By } from '#server/audit/index.ts';
import { AppError } from '#server/errors.ts';
import { announceCatalog } from '#server/store/announce.ts';
import { type ChannelRecord, readChannels } from '#server/store/catalog-edits.ts';
import { readClock } from '#server/store/clock.ts';
import type { Tx } from '#server/store/instances.ts';
import { findLatest, insertPromotion, writePromotion } from '#server/store/release-edits.ts';
import { insertUpstreamUpdates } from '#server/store/upstream-updates.ts';
import type { CatalogDeps } from './desk.ts';
import { differencesOf } from './differences.ts';
import { channelTarget, holdPromotion, holdRelease, releaseTarget } from './hold.ts';
import { readRelease } from './read-releases.ts';

/**
 * Offers a release in these channels, all or none, as the latest of each.
 * @throws AppError not_found; invalid for what is no channel of the app; conflict where it is the latest already
 */
export async function promoteRelease(
  { db }: CatalogDeps,
  by: By,
  appSlug: string,
  releaseSequence: number,
  { channels: ids, isRequired }: z.output<typeof promotionRequest>,
): Promise<ReleaseDetails> {
  return db.transaction(async (tx) => {
    const release = await holdRelease(tx, appSlug, releaseSequence);
    const channels = await findChannels(tx, appSlug, [...new Set(ids)]);
    for (const channel of channels) {
      const latest = await findLatest(tx, channel.id);
      if (latest?.releaseSequence === releaseSequence) {
        const message = `${release.versionLabel} is the latest release of ${channel.name} already.`;
        throw new AppError('conflict', message);
      }
      const channelSequence = await insertPromotion(tx, channel.id, release, isRequired);
      const details = {
        channel: channel.id,
        channelName: channel.name,
        channelSequence,
        isRequired,
      };
      await audit(tx, by, { action: 'release.promoted', target: releaseTarget(release), details });
    }
    await insertUpstreamUpdates(
      tx,
      channels.map(({ id }) => id),
    );
    await announceCatalog(tx);
    return readRelease(tx, appSlug, releaseSequence);
  });
}

async function findChannels(tx: Tx, appSlug: string, ids: string[]): Promise<ChannelRecord[]> {
  const known = new Map((await readChannels(tx, { appSlug })).map((one) => [one.id, one]));
  return ids.map((id) => {
    const channel = known.get(id);
    if (channel) return channel;
    throw new AppError('invalid', `channels: the app has no channel ${id}.`);
  });
}

/**
 * Demotes a release of a channel (it is no longer offered there; who runs it keeps its label), restores it, or says
 * whether it may be skipped.
 * @throws AppError not_found; conflict when the revision is an old one
 */
export async function changePromotion(
  { db }: CatalogDeps,
  by: By,
  channelId: string,
  channelSequence: number,
  { revision, isRequired, demoted }: z.output<typeof promotionChange>,
): Promise<ReleaseDetails> {
  return db.transaction(async (tx) => {
    const { channel, promotion } = await holdPromotion(tx, channelId, channelSequence, revision);
    const isOther = demoted !== undefined && demoted !== (promotion.demotedAt !== null);
    const demotedAt = demoted ? new Date(await readClock(tx)) : null;
    const others = differencesOf(promotion, isOther ? { isRequired, demotedAt } : { isRequired });
    if (others) {
      await writePromotion(tx, promotion, others);
      if (isOther) await insertUpstreamUpdates(tx, [channelId]);
      const details = {
        ...{ channelSequence, versionLabel: promotion.versionLabel },
        ...(isOther ? { demoted } : {}),
        ...(isRequired === undefined ? {} : { isRequired }),
      };
      const target = channelTarget(channel);
      await audit(tx, by, { action: 'promotion.changed', target, details });
      await announceCatalog(tx);
    }
    return readRelease(tx, channel.appSlug, promotion.releaseSequence);
  });
}
