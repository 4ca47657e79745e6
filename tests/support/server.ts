import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Environment } from '#server/config.ts';
import { freePort } from './port.ts';
import { stopOrphan } from './postgres.ts';
import { firstOwner } from './session.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface ServerOptions {
  /** A database of one's own, such as `freshDatabase().open.url`. Without it the embedded one in `dataDir` is used. */
  databaseUrl?: string;
  /** Default: a new folder, removed at the end. */
  dataDir?: string;
  port?: number;
  /** Of Node itself. */
  flags?: string[];
  /** Further settings, such as INACTIVE_AFTER. */
  env?: Environment;
}

export interface TestServer {
  url: string;
  port: number;
  pid: number;
  dataDir: string;
  /** All that it wrote so far, both streams. */
  output(): string;
  /** Sends the signal and waits until the process is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** The same, for what ends by itself: its exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Ends it in good order, and a PostgreSQL that it left behind, and removes what was made for it. */
  stop(): Promise<void>;
}

/** Runs the real server in a process of its own; returns once `GET /healthz` answers 200. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'rollcall-server-')));
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [...(options.flags ?? []), 'server/index.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: url,
      DATA_DIR: dataDir,
      DATABASE_URL: options.databaseUrl ?? '',
      // `signIn(url)` of session.ts; without them it prints a set-up link.
      ADMIN_EMAIL: firstOwner.email,
      ADMIN_PASSWORD: firstOwner.password,
      ...options.env,
    },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const gone = once(child, 'exit');
  const isGone = () => child.exitCode !== null || child.signalCode !== null;

  const kill = async (signal: NodeJS.Signals) => {
    if (!isGone()) child.kill(signal);
    await gone;
  };
  const end = async (signal: NodeJS.Signals) => {
    await kill(signal);
    return child.exitCode;
  };
  const stop = async () => {
    await Promise.race([kill('SIGTERM'), sleep(15_000, null, { ref: false })]);
    await kill('SIGKILL');
    if (!options.databaseUrl) await stopOrphan(dataDir);
    if (!options.dataDir) await rm(dataDir, { recursive: true, force: true });
  };

  for (const deadline = Date.now() + 60_000; !(await isHealthy(url)); await sleep(50)) {
    if (!isGone() && Date.now() < deadline) continue;
    await stop();
    throw new Error(`The server did not become healthy. It wrote:\n${output}`);
  }
  return { url, port, pid: child.pid ?? 0, dataDir, output: () => output, kill, end, stop };
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`)).status === 200;
  } catch {
    return false;
  }
}
