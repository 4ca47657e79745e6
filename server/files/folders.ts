import { chmod, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '#server/config.ts';

/** Below DATA_DIR, and for the server's user alone. */
export interface Folders {
  /** Contents that are still coming in, each `<uuid>` with what is said of it in `<uuid>.json`. */
  uploads: string;
  /** Contents of files, each `<uuid>`. On the same disk, so that one step moves an upload here. */
  files: string;
}

/** @throws ConfigError when DATA_DIR is not to be written to */
export async function makeFolders(dataDir: string): Promise<Folders> {
  const folders = { uploads: join(dataDir, 'uploads'), files: join(dataDir, 'files') };
  try {
    // PostgreSQL's account passes through it, and may not look into it.
    await mkdir(dataDir, { recursive: true, mode: 0o711 });
    for (const folder of Object.values(folders)) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
    }
  } catch {
    throw new ConfigError('DATA_DIR', 'a folder that Rollcall may write to', dataDir);
  }
  return folders;
}

/** Has what stands in a file or a folder outlast a loss of power. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
