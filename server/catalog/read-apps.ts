import type { AppDetails, AppSummary, ChannelDetails } from '#contract/catalog.ts';
import { defaultTemplates } from '#domain/default-templates.ts';
import { toInstant } from '#domain/instant.ts';
import { findApp } from '#server/store/catalog-edits.ts';
import type { Tx } from '#server/store/instances.ts';
import {
  type ChannelSummaryRecord,
  readApps,
  readChannelSummaries,
  readLogoDigest,
} from '#server/store/reads-catalog.ts';
import { missing } from './hold.ts';

const promoted = <T extends { promotedAt: Date }>(latest: T | null) =>
  latest && { ...latest, promotedAt: toInstant(latest.promotedAt.getTime()) };

export async function listApps(db: Tx): Promise<AppSummary[]> {
  return (await readApps(db)).map((app) => ({ ...app, latest: promoted(app.latest) }));
}

/** @throws AppError not_found */
export async function readAppDetails(db: Tx, slug: string): Promise<AppDetails> {
  const [app, logo, channels] = await Promise.all([
    findApp(db, slug),
    readLogoDigest(db, slug),
    readChannelSummaries(db, slug),
  ]);
  if (!app) return missing('app');
  const { install, airGap } = defaultTemplates;
  return {
    ...app,
    defaultTemplates: { install, airGap },
    logo,
    channels: channels.map(presentChannel),
  };
}

function presentChannel({ told, latest, ...channel }: ChannelSummaryRecord): ChannelDetails {
  return {
    ...channel,
    latest: promoted(latest),
    spreading: told === null ? null : { done: told, total: channel.instances },
  };
}
