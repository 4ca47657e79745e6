import { Hono } from 'hono';
import type { Logger } from 'pino';
import type { Db } from '#db/client.ts';
import { type AccountEnv, byOf, readNumber, requires } from '#server/accounts/index.ts';
import type { Config } from '#server/config.ts';
import { AppError } from '#server/errors.ts';
import { type FileRecord, readFile } from '#server/store/files.ts';
import { createFinisher } from './finish.ts';
import { makeFolders } from './folders.ts';
import { removeFile, removeOrphans } from './remove.ts';
import { serveFile } from './serve-file.ts';
import { uploadRoutes } from './upload-routes.ts';
import { UploadStore } from './upload-store.ts';

export { presentFile } from './present.ts';
export type { Part } from './plan-answer.ts';
export { attachmentHeaders, serveFile, type Witness } from './serve-file.ts';

/** Milliseconds between two looks for uploads that were given up. */
const cleaning = 3_600_000;

export interface FileDeps {
  db: Db;
  config: Pick<Config, 'dataDir'>;
  log: Pick<Logger, 'error' | 'warn'>;
}

/** Files of releases: how they come in, lie on disk, and go out. */
export interface Files {
  routes: Hono<AccountEnv>;
  /** The folder in which contents lie, each by its `storedAs`. */
  folder: string;
  close(): void;
}

/** @throws ConfigError when DATA_DIR is not to be written to */
export async function openFiles(deps: FileDeps): Promise<Files> {
  const { db, config, log } = deps;
  const folders = await makeFolders(config.dataDir);
  const store = new UploadStore(folders.uploads);
  const finisher = createFinisher({ db, store, folders });
  const clean = () => store.forgetExpired(Date.now(), finisher.isFinishing);
  const failed = (error: unknown) => log.error({ err: error }, 'cannot clean up the uploads');
  await removeOrphans({ db, folders, log }, Date.now());
  await clean();
  const timer = setInterval(() => void clean().catch(failed), cleaning);
  timer.unref();

  const routes = new Hono<AccountEnv>();
  routes.route('/', uploadRoutes({ db, store, folders }, finisher));
  routes.get('/api/files/:id/content', requires('read'), async (c) =>
    serveFile(c, folders.files, await find(db, readNumber(c, 'file'))),
  );
  routes.delete('/api/files/:id', requires('manage'), async (c) => {
    await removeFile({ db, folders, log }, byOf(c), readNumber(c, 'file'));
    return c.body(null, 204);
  });
  return { routes, folder: folders.files, close: () => clearInterval(timer) };
}

async function find(db: Db, id: number): Promise<FileRecord> {
  const file = await readFile(db, id);
  if (file === null) throw new AppError('not_found', 'There is no such file.');
  return file;
}
