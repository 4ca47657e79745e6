import type { z } from 'zod';
import type { AppDetails, channelChange, channelRequest } from '#contract/catalog.ts';
import { audit, type By } from '#server/audit/index.ts';
import { AppError } from '#server/errors.ts';
import { announceCatalog } from '#server/store/announce.ts';
import {
  insertChannel,
  lockCustomersOnChannel,
  readChannels,
  renameChannel,
} from '#server/store/catalog-edits.ts';
import { raiseLicenseSequences } from '#server/store/catalog-import.ts';
import type { Tx } from '#server/store/instances.ts';
import type { CatalogDeps } from './desk.ts';
import { channelTarget, holdApp, holdChannel } from './hold.ts';
import { idsFor } from './make-ids.ts';
import { readAppDetails } from './read-apps.ts';

/**
 * A new channel; its id, unless one is asked for, is made of the app's slug and its name.
 * @throws AppError not_found; conflict when its name or id is taken
 */
export async function addChannel(
  { db }: CatalogDeps,
  by: By,
  appSlug: string,
  { id: asked, name }: z.output<typeof channelRequest>,
): Promise<AppDetails> {
  return db.transaction(async (tx) => {
    await holdApp(tx, appSlug);
    await refuseNamesake(tx, appSlug, name);
    const channel = { id: '', appSlug, name, revision: 0 };
    if (asked !== undefined) {
      channel.id = asked;
      if (!(await insertChannel(tx, channel))) {
        throw new AppError('conflict', `id: another channel has the id ${asked} already.`);
      }
    } else {
      const ids = idsFor(appSlug, name);
      do channel.id = ids.next().value;
      while (!(await insertChannel(tx, channel)));
    }
    const details = { app: appSlug };
    await audit(tx, by, { action: 'channel.added', target: channelTarget(channel), details });
    await announceCatalog(tx);
    return readAppDetails(tx, appSlug);
  });
}

/**
 * Gives a channel another name, which the license documents of its customers name from now on.
 * @throws AppError not_found; conflict when the name is taken or the revision is an old one
 */
export async function changeChannel(
  { db }: CatalogDeps,
  by: By,
  id: string,
  { revision, name }: z.output<typeof channelChange>,
): Promise<AppDetails> {
  return db.transaction(async (tx) => {
    const channel = await holdChannel(tx, id, revision);
    if (channel.name !== name) {
      await refuseNamesake(tx, channel.appSlug, name);
      await raiseLicenseSequences(tx, await lockCustomersOnChannel(tx, id));
      await renameChannel(tx, id, name);
      const details = { before: channel.name, after: name };
      await audit(tx, by, { action: 'channel.changed', target: channelTarget(channel), details });
      await announceCatalog(tx);
    }
    return readAppDetails(tx, channel.appSlug);
  });
}

async function refuseNamesake(tx: Tx, appSlug: string, name: string): Promise<void> {
  const namesake = (await readChannels(tx, { appSlug })).find((one) => one.name === name);
  if (!namesake) return;
  const message = `name: the channel ${namesake.id} of this app has this name already.`;
  throw new AppError('conflict', message);
}
