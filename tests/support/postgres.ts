import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readPidFile } from '#db/embedded/postmaster.ts';

/** The process id of the PostgreSQL that runs (or ran) on this data folder; null: none. */
export function postmasterPid(dataDir: string): number | null {
  const data = join(dataDir, 'postgres', 'data');
  return existsSync(data) ? (readPidFile({ data: realpathSync(data) })?.pid ?? null) : null;
}

/** Ends a PostgreSQL whose process was killed. Only for folders that a test made. */
export async function stopOrphan(dataDir: string): Promise<void> {
  const pid = postmasterPid(dataDir);
  if (pid === null) return;
  signal(pid, 'SIGINT');
  for (let tries = 0; tries < 100 && postmasterPid(dataDir) !== null; tries += 1) await sleep(50);
}

/** Takes the power from PostgreSQL: no farewell, nothing flushed. */
export function killPostgres(dataDir: string): void {
  const pid = postmasterPid(dataDir);
  if (pid !== null) signal(pid, 'SIGKILL');
}

function signal(pid: number, name: NodeJS.Signals) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
