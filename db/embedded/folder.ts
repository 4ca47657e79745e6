import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseError } from '../errors.ts';
import { canEnter, chooseAccount, type Account } from './account.ts';
import { findBinaries, makeSharedHome, runBinary, type Binaries } from './binaries.ts';

/** A data folder that exists, with all that is needed to run a server on it. Paths are absolute and real. */
export interface Place {
  /** `data/` (PostgreSQL's own), `password` and `server.log`. */
  folder: string;
  data: string;
  log: string;
  password: string;
  account: Account | null;
  binaries: Binaries;
}

export const superuser = 'rollcall';
const majorVersion = '18';

/** What a new data folder is given: sizes for a small machine. `postgresql.conf` in it may be edited afterwards. */
const settings = {
  shared_buffers: '128MB',
  max_connections: '100',
  work_mem: '8MB',
  effective_cache_size: '512MB',
  random_page_cost: '1.1',
  wal_compression: 'on',
  max_wal_size: '1GB',
  jit: 'off',
  autovacuum_naptime: '15s',
  log_checkpoints: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Makes DATA_DIR itself, and lets PostgreSQL's account pass through it (not look into it). */
export function makeDataDir(dataDir: string): string {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o711 });
    const { uid, mode } = statSync(dataDir);
    if (process.getuid?.() === 0 && uid === 0 && !(mode & 0o001)) chmodSync(dataDir, mode | 0o011);
    return realpathSync(dataDir);
  } catch (error) {
    throw new DatabaseError(
      `DATA_DIR ${dataDir} cannot be created or entered (${(error as Error).message}): give Rollcall a folder that it may write to.`,
      error,
    );
  }
}

/** The database's folder in DATA_DIR, created on first use. The caller holds the lock. */
export async function openPlace(dataDir: string): Promise<Place> {
  const link = join(dataDir, 'postgres');
  const account = chooseAccount(join(link, 'data'));
  const binaries = await findBinaries(account);
  try {
    if (!existsSync(link)) await createFolder(dataDir, link, account, binaries);
    const folder = realpathSync(link);
    const data = join(folder, 'data');
    checkVersion(dataDir, readFileSync(join(data, 'PG_VERSION'), 'utf8').trim());
    const password = readFileSync(join(folder, 'password'), 'utf8').trim();
    return { folder, data, log: join(folder, 'server.log'), password, account, binaries };
  } catch (error) {
    throw explain(error, link);
  }
}

function checkVersion(dataDir: string, found: string) {
  if (found === majorVersion) return;
  throw new DatabaseError(
    `${dataDir} holds a PostgreSQL ${found} database, but this Rollcall brings PostgreSQL ${majorVersion}: start the Rollcall that made it, copy the data with pg_dump into a new one, or name another DATA_DIR.`,
  );
}

function explain(error: unknown, folder: string): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') {
    return new DatabaseError(
      `${folder} belongs to another user: start Rollcall as the user who made it, or name another DATA_DIR.`,
      error,
    );
  }
  if (code === 'ENOENT') {
    return new DatabaseError(
      `${folder} is not a whole database (${path} is missing): restore it from a backup, or move it away for an empty one.`,
      error,
    );
  }
  return error;
}

/** Everything is made aside and then put in place in one step, so that a crash leaves nothing half made. */
async function createFolder(
  dataDir: string,
  link: string,
  account: Account | null,
  binaries: Binaries,
) {
  for (const name of readdirSync(dataDir)) {
    if (name.startsWith('postgres-new-')) rmSync(join(dataDir, name), { recursive: true });
  }
  const reachable = canEnter(account, dataDir);
  const folder = mkdtempSync(
    reachable ? join(dataDir, 'postgres-new-') : join(makeSharedHome(), 'data-'),
  );
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  if (account) for (const path of [folder, passwordFile]) chownSync(path, account.uid, account.gid);

  const { code, output } = await runBinary(
    binaries.initdb,
    initdbArguments(folder, passwordFile),
    account,
  );
  if (code !== 0) {
    rmSync(folder, { recursive: true });
    const reason =
      output
        .trim()
        .split('\n')
        .findLast((line) => line.includes('error:')) ?? output.trim();
    throw new DatabaseError(`PostgreSQL could not create its data in ${dataDir}: ${reason}`);
  }
  if (reachable) renameSync(folder, link);
  else symlinkSync(folder, link);
}

function initdbArguments(folder: string, passwordFile: string): string[] {
  return [
    ...[
      '-D',
      join(folder, 'data'),
      '-U',
      superuser,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
    ],
    ...[
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--data-checksums',
    ],
    ...Object.entries(settings).map(([name, value]) => `--set=${name}=${value}`),
  ];
}
