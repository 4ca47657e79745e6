import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export type Environment = Record<string, string | undefined>;

const isGone = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null;

/**
 * Runs one of the project's own programs. It gets a process group of its own, out of reach of the terminal's Ctrl-C:
 * who started it decides when it stops.
 */
export function runProgram(args: string[], env: Environment): ChildProcess {
  return spawn(process.execPath, args, {
    cwd: root,
    env,
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** @throws Error when the program ends with anything but success */
export async function runToEnd(args: string[], env: Environment): Promise<void> {
  const child = runProgram(args, env);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Error(`${args[0]} failed.`);
}

/** Waits for `GET /healthz` to answer 200. @throws Error when the server ends first, or takes longer than a minute */
export async function untilHealthy(child: ChildProcess, url: string): Promise<'healthy'> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(100)) {
    if (isGone(child)) throw new Error('The server did not start.');
    const response = await fetch(`${url}/healthz`).catch(() => null);
    await response?.body?.cancel();
    if (response?.status === 200) return 'healthy';
  }
  throw new Error('The server did not become healthy within a minute.');
}

/** Asks it to stop in good order, and insists after a while. */
export async function endProgram(child: ChildProcess): Promise<void> {
  if (isGone(child)) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(insist);
}

/** The port itself when nobody listens on it, else one that is free. */
export async function chooseFreePort(host: string, port: number): Promise<number> {
  return (await probePort(host, port)) ?? (await probePort(host, 0)) ?? port;
}

function probePort(host: string, port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen(port, host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : null));
    });
  });
}
