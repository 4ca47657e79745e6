import { createHash } from 'node:crypto';
import type { AppDetails } from '#contract/catalog.ts';
import { audit, type By } from '#server/audit/index.ts';
import { announceCatalog } from '#server/store/announce.ts';
import { deleteLogo, readLogo, saveLogo } from '#server/store/catalog-edits.ts';
import type { CatalogDeps } from './desk.ts';
import { encodeLogo } from './encode-logo.ts';
import { appTarget, holdApp, missing } from './hold.ts';
import { readAppDetails } from './read-apps.ts';

/**
 * Sets the picture of an app's download portals. It is a thing of its own: who edits the app at this moment goes on.
 * @throws AppError not_found; invalid for what is no picture that we take
 */
export async function setLogo(
  { db }: CatalogDeps,
  by: By,
  slug: string,
  picture: Uint8Array,
): Promise<AppDetails> {
  const content = await encodeLogo(picture);
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 32);
  return db.transaction(async (tx) => {
    const app = await holdApp(tx, slug);
    await saveLogo(tx, { appSlug: slug, digest, content });
    const details = { digest, bytes: content.length };
    await audit(tx, by, { action: 'app.logo-changed', target: appTarget(app), details });
    await announceCatalog(tx);
    return readAppDetails(tx, slug);
  });
}

/** @throws AppError not_found */
export async function removeLogo({ db }: CatalogDeps, by: By, slug: string): Promise<AppDetails> {
  return db.transaction(async (tx) => {
    const app = await holdApp(tx, slug);
    if (await deleteLogo(tx, slug)) {
      const details = { digest: null };
      await audit(tx, by, { action: 'app.logo-changed', target: appTarget(app), details });
      await announceCatalog(tx);
    }
    return readAppDetails(tx, slug);
  });
}

/** The PNG of that digest. @throws AppError not_found */
export async function findLogo({ db }: CatalogDeps, slug: string, digest: string): Promise<Buffer> {
  return (await readLogo(db, slug, digest)) ?? missing('logo');
}
