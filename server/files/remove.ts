import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Db } from '#db/client.ts';
import { audit, type By } from '#server/audit/index.ts';
import { AppError } from '#server/errors.ts';
import { announceCatalog } from '#server/store/announce.ts';
import { lockCatalogEdits } from '#server/store/catalog-edits.ts';
import { deleteFile, listStored } from '#server/store/files.ts';
import type { Folders } from './folders.ts';
import { uploadId } from './uploads.ts';

/** Milliseconds for which content without a file is left alone: it may be on its way in. */
const orphanAge = 24 * 3_600_000;

/**
 * Takes a file from its release; who is downloading it gets the rest of it.
 * @throws AppError not_found
 */
export async function removeFile(
  { db, folders, log }: { db: Db; folders: Folders; log: Pick<Logger, 'error'> },
  by: By,
  id: number,
): Promise<void> {
  const file = await db.transaction(async (tx) => {
    await lockCatalogEdits(tx);
    const gone = await deleteFile(tx, id);
    if (gone === null) throw new AppError('not_found', 'There is no such file.');
    const { name, appSlug, releaseSequence, size } = gone;
    const target = { kind: 'file', id: String(id), name };
    const details = { appSlug, releaseSequence, size };
    await audit(tx, by, { action: 'file.removed', target, details });
    await announceCatalog(tx);
    return gone;
  });
  // Should this fail, the next start does it.
  await rm(join(folders.files, file.storedAs), { force: true }).catch((error: unknown) =>
    log.error({ err: error }, 'cannot delete the content of a removed file'),
  );
}

/** Deletes contents that belong to no file: left by a crash, or by a file whose content could not be deleted. */
export async function removeOrphans(
  { db, folders, log }: { db: Db; folders: Folders; log: Pick<Logger, 'warn'> },
  now: number,
): Promise<void> {
  const lying = (await readdir(folders.files)).filter((name) => uploadId.test(name));
  if (lying.length === 0) return;
  const known = await listStored(db);
  const orphans = lying.filter((name) => !known.has(name));
  if (orphans.length > 0 && known.size === 0) {
    // More likely another database's folder than so many crashes.
    log.warn({ files: orphans.length }, 'DATA_DIR holds files of which the database knows none');
    return;
  }
  for (const name of orphans) {
    const path = join(folders.files, name);
    const found = await stat(path).catch(() => null);
    if (found && found.ctimeMs < now - orphanAge) await rm(path, { force: true });
  }
}
