import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, openDatabase } from '#db/client.ts';
import { parseFleet } from '#server/catalog/parse-fleet.ts';
import { applyFleet } from '#server/catalog/apply-fleet.ts';
import { postmasterPid } from '../../tests/support/postgres.ts';
import { startServer } from '../../tests/support/server.ts';
import { fleetDocument } from './fleet.ts';
import { layHistory, registerInstances, rememberHearing } from './history.ts';

/** A server with the whole fleet, and a look into its database and its processes. */
export interface Stage {
  url: string;
  host: string;
  db: Db;
  pid: number;
  postmaster: number;
  stop(): Promise<void>;
}

/** What one machine's worth of load would trip over by intent. */
const withoutLimits = {
  NEW_INSTANCES_PER_HOUR: '1000000',
  NEW_INSTANCES_BURST: '1000000',
  REPORTS_PER_INSTANCE: '100000',
  REPORTS_PER_LICENSE: '1000000',
  LOG_LEVEL: 'warn',
};

/** Starts a server of its own on an empty data folder and fills it: catalog, instances, fourteen days of history. */
export async function setStage(tell: (line: string) => void): Promise<Stage> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rollcall-bench-'));
  const database = await openDatabase({ databaseUrl: null, dataDir }, { max: 2 });
  const now = Date.now();
  await applyFleet(database.db, parseFleet(fleetDocument(now)));
  await rememberHearing(database.db, now);
  const server = await startServer({ dataDir, env: { ...process.env, ...withoutLimits } });
  const stop = async () => {
    await database.close();
    await server.stop();
    if (server.output()) tell(`The server wrote:\n${server.output()}`);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await registerInstances(server.url);
    await layHistory(database.db, now);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: server.url,
    host: new URL(server.url).host,
    db: database.db,
    pid: server.pid,
    postmaster: postmasterPid(dataDir) ?? 0,
    stop,
  };
}

/** Seconds of processor time that the server and all of its PostgreSQL have used so far. */
export function processorTime({ pid, postmaster }: Stage): { node: number; postgres: number } {
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
