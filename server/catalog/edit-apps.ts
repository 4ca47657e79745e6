import type { z } from 'zod';
import type { AppDetails, appChange, appRequest } from '#contract/catalog.ts';
import { findTemplateFault } from '#domain/install-template.ts';
import { audit, type By } from '#server/audit/index.ts';
import { AppError } from '#server/errors.ts';
import { announceCatalog } from '#server/store/announce.ts';
import { insertApp, lockCatalogEdits, writeApp } from '#server/store/catalog-edits.ts';
import type { CatalogDeps } from './desk.ts';
import { differencesOf } from './differences.ts';
import { appTarget, holdApp } from './hold.ts';
import { readAppDetails } from './read-apps.ts';

/** A new app, as yet without channels. @throws AppError conflict when its slug is taken */
export async function addApp(
  { db }: CatalogDeps,
  by: By,
  app: z.output<typeof appRequest>,
): Promise<AppDetails> {
  return db.transaction(async (tx) => {
    await lockCatalogEdits(tx);
    if (!(await insertApp(tx, app))) {
      throw new AppError('conflict', `slug: another app has the slug ${app.slug} already.`);
    }
    const target = { kind: 'app', id: app.slug, name: app.name };
    await audit(tx, by, { action: 'app.added', target });
    await announceCatalog(tx);
    return readAppDetails(tx, app.slug);
  });
}

/**
 * What the change leaves out stays as it is; one that changes nothing leaves no trace.
 * @throws AppError not_found; invalid for a faulty template; conflict when the revision is an old one
 */
export async function changeApp(
  { db }: CatalogDeps,
  by: By,
  slug: string,
  { revision, ...change }: z.output<typeof appChange>,
): Promise<AppDetails> {
  for (const field of ['installTemplate', 'airGapTemplate'] as const) {
    const template = change[field];
    const fault = typeof template === 'string' ? findTemplateFault(template) : null;
    if (fault !== null) throw new AppError('invalid', `${field}: ${fault}.`);
  }
  return db.transaction(async (tx) => {
    const app = await holdApp(tx, slug, revision);
    const others = differencesOf(app, change);
    if (others) {
      await writeApp(tx, slug, others);
      const details = { fields: Object.keys(others) };
      await audit(tx, by, { action: 'app.changed', target: appTarget(app), details });
      await announceCatalog(tx);
    }
    return readAppDetails(tx, slug);
  });
}
