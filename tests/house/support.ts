import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stopOrphan } from '../support/postgres.ts';

/** Runs `work` on a new data folder; nothing of it remains, whatever happens. */
export async function inDataDir(work: (dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rollcall-house-'));
  try {
    await work(dataDir);
  } finally {
    await stopOrphan(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  }
}

export interface Holder {
  /** The port of its PostgreSQL. */
  port: number;
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Another process that opens the database of the folder and holds it. */
export async function holdDatabase(dataDir: string): Promise<Holder> {
  const script = fileURLToPath(new URL('fixtures/hold-database.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const port = await new Promise<number>((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const match = /^open (\d+)$/m.exec(said);
      if (match) resolve(Number(match[1]));
    });
    child.once('exit', (code) => reject(new Error(`The other process ended with ${code}.`)));
  });
  return {
    port,
    kill: async (signal) => {
      child.kill(signal);
      await gone;
    },
  };
}

/** What `work` was refused with. */
export async function refusal(work: Promise<unknown>): Promise<Error> {
  const outcome = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome instanceof Error) return outcome;
  throw new Error('It was not refused.');
}
