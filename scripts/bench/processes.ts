import { readdirSync, readFileSync } from 'node:fs';

/** Process ids of a server and of its PostgreSQL's first process. */
export interface Processes {
  pid: number;
  postmaster: number;
}

/** Seconds of processor time that the server and all of its PostgreSQL have used so far. */
export function processorTime({ pid, postmaster }: Processes): { node: number; postgres: number } {
  const ended = timesOf(postmaster, 'with ended children');
  const running = childrenOf(postmaster).map((child) => timesOf(child));
  return { node: timesOf(pid), postgres: running.reduce((sum, time) => sum + time, ended) };
}

/** Clock ticks of `/proc` per second, on every Linux there is. */
const ticks = 100;

function timesOf(pid: number, scope?: 'with ended children'): number {
  const fields = statOf(pid);
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15).map(Number);
  return (user + system + (scope ? endedUser + endedSystem : 0)) / ticks;
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => Number(statOf(pid)[1]) === parent);
}

/** The fields of `/proc/<pid>/stat` after the name, which may hold spaces; none once the process is gone. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** Megabytes that a process holds in memory now, and at most so far. */
export function memoryOf(pid: number): { now: number; most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return { now: read('VmRSS'), most: read('VmHWM') };
}
