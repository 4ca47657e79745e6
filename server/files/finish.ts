import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from '#db/client.ts';
import { audit, type By } from '#server/audit/index.ts';
import { announceCatalog } from '#server/store/announce.ts';
import { lockCatalogEdits } from '#server/store/catalog-edits.ts';
import { type FileRecord, findStoredFile, insertFile } from '#server/store/files.ts';
import { nameTaken } from './admit.ts';
import { type Folders, sync } from './folders.ts';
import type { Upload, UploadStore } from './upload-store.ts';

export interface FinishDeps {
  db: Db;
  store: UploadStore;
  folders: Folders;
}

export interface Finisher {
  /**
   * Makes a whole upload a file of its release. The same for everybody who asks for it at once, and once more for who
   * asks again: an answer may have been lost, or the server have died half way.
   * @throws AppError conflict when another upload of that name was finished before
   */
  finish(upload: Upload, by: By): Promise<FileRecord>;
  isFinishing(id: string): boolean;
}

export function createFinisher(deps: FinishDeps): Finisher {
  const running = new Map<string, Promise<FileRecord>>();
  return {
    finish(upload, by) {
      const work =
        running.get(upload.id) ??
        finishOne(deps, upload, by).finally(() => running.delete(upload.id));
      running.set(upload.id, work);
      return work;
    },
    isFinishing: (id) => running.has(id),
  };
}

async function finishOne(deps: FinishDeps, upload: Upload, by: By): Promise<FileRecord> {
  const { db, store, folders } = deps;
  const known = await findStoredFile(db, upload.id);
  if (known) {
    await store.forget(upload.id);
    return known;
  }
  const sha256 = await moveIn(deps, upload);
  const file = await enter(db, upload, sha256, by);
  if (file === null) await rm(join(folders.files, upload.id), { force: true });
  await store.forget(upload.id);
  if (file === null) throw nameTaken();
  return file;
}

/** Has the content on disk for good where files lie. @returns its SHA-256, as it reads there */
async function moveIn({ store, folders }: FinishDeps, { id, size }: Upload): Promise<string> {
  const to = join(folders.files, id);
  const from = (await stat(store.path(id)).catch(() => null)) ? store.path(id) : to;
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(from, { highWaterMark: 1024 ** 2 })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  if (bytes !== size) throw new Error(`The upload ${id} has ${bytes} bytes, and not ${size}.`);
  await sync(from);
  if (from !== to) await rename(from, to);
  await sync(folders.files);
  await sync(folders.uploads);
  return hash.digest('hex');
}

/** @returns null: the release has a file of that name */
function enter(db: Db, upload: Upload, sha256: string, by: By): Promise<FileRecord | null> {
  const { id, appSlug, releaseSequence, name, kind, size } = upload;
  const uploadedBy = typeof by.actor === 'object' ? (by.actor?.name ?? null) : null;
  return db.transaction(async (tx) => {
    await lockCatalogEdits(tx);
    const of = { appSlug, releaseSequence, name, kind, size, sha256 };
    const file = await insertFile(tx, { ...of, storedAs: id, uploadedBy });
    if (file === null) return null;
    const target = { kind: 'file', id: String(file.id), name };
    await audit(tx, by, { action: 'file.uploaded', target, details: of });
    await announceCatalog(tx);
    return file;
  });
}
