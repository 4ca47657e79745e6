import { spawn } from 'node:child_process';
import type { Environment } from '#server/config.ts';
import type { Ended } from './judge.ts';

const running = new Set<number>();

/** Runs one test file in a process of its own. After `limit` milliseconds it is killed with everything it started. */
export function runFile(file: string, limit: number, env: Environment): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, NO_COLOR: '1', FORCE_COLOR: undefined },
      detached: true,
    });
    const group = child.pid ?? 0;
    running.add(group);
    let output = '';
    let overdue = false;
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const timer = setTimeout(() => {
      overdue = true;
      killGroup(group);
    }, limit);
    child.once('error', reject);
    child.once('exit', () => {
      // Whatever it left behind must not hold the pipes, nor disturb the next file.
      killGroup(group);
      running.delete(group);
      clearTimeout(timer);
    });
    child.once('close', (code) => resolve({ code, overdue, output }));
  });
}

export function killRunning(): void {
  for (const group of running) killGroup(group);
}

function killGroup(group: number) {
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
