import type { z } from 'zod';
import type { ReleaseDetails, releaseChange, releaseRequest } from '#contract/catalog.ts';
import { audit, type By } from '#server/audit/index.ts';
import { AppError } from '#server/errors.ts';
import { announceCatalog } from '#server/store/announce.ts';
import { insertRelease, isPromoted, writeRelease } from '#server/store/release-edits.ts';
import type { CatalogDeps } from './desk.ts';
import { differencesOf } from './differences.ts';
import { holdApp, holdRelease, releaseTarget } from './hold.ts';
import { readRelease } from './read-releases.ts';

/** A new release, as yet promoted to no channel. @throws AppError not_found */
export async function addRelease(
  { db }: CatalogDeps,
  by: By,
  appSlug: string,
  wanted: z.output<typeof releaseRequest>,
): Promise<ReleaseDetails> {
  return db.transaction(async (tx) => {
    await holdApp(tx, appSlug);
    const releaseSequence = await insertRelease(tx, { appSlug, ...wanted });
    const id = `${appSlug}/${releaseSequence}`;
    const target = { kind: 'release', id, name: wanted.versionLabel };
    await audit(tx, by, { action: 'release.added', target });
    await announceCatalog(tx);
    return readRelease(tx, appSlug, releaseSequence);
  });
}

/**
 * New notes also hold for where the release is promoted already.
 * @throws AppError not_found; invalid for another label of a promoted release; conflict when the revision is an old one
 */
export async function changeRelease(
  { db }: CatalogDeps,
  by: By,
  appSlug: string,
  releaseSequence: number,
  { revision, ...change }: z.output<typeof releaseChange>,
): Promise<ReleaseDetails> {
  return db.transaction(async (tx) => {
    const release = await holdRelease(tx, appSlug, releaseSequence, revision);
    const others = differencesOf(release, change);
    if (others) {
      if (others.versionLabel && (await isPromoted(tx, appSlug, releaseSequence))) {
        const why = 'stays once the release is promoted: instances report it by that name';
        throw new AppError('invalid', `versionLabel: ${why}.`);
      }
      await writeRelease(tx, release, others);
      const details = { fields: Object.keys(others) };
      await audit(tx, by, { action: 'release.changed', target: releaseTarget(release), details });
      await announceCatalog(tx);
    }
    return readRelease(tx, appSlug, releaseSequence);
  });
}
