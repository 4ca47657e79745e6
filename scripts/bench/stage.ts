import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, openDatabase } from '#db/client.ts';
import { parseFleet } from '#server/catalog/parse-fleet.ts';
import { applyFleet } from '#server/catalog/apply-fleet.ts';
import { postmasterPid } from '../../tests/support/postgres.ts';
import { startServer } from '../../tests/support/server.ts';
import { visitorOf } from '../../tests/support/session.ts';
import { type FleetSize, fleetDocument, size } from './fleet.ts';
import { layHistory, registerInstances, rememberHearing } from './history.ts';

/** A server with the whole fleet, and a look into its database and its processes. */
export interface Stage {
  url: string;
  host: string;
  db: Db;
  pid: number;
  postmaster: number;
  /** The session of a person who may read. */
  cookie: string;
  stop(): Promise<void>;
}

/** The flags that `npm start` gives Node. */
function startFlags(): string[] {
  const file = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { scripts } = JSON.parse(file) as { scripts: { start: string } };
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
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
export async function setStage(
  tell: (line: string) => void,
  fleet: FleetSize = size,
): Promise<Stage> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rollcall-bench-'));
  const database = await openDatabase({ databaseUrl: null, dataDir }, { max: 2 });
  const now = Date.now();
  await applyFleet(database.db, parseFleet(fleetDocument(now, fleet)));
  await rememberHearing(database.db, now);
  const server = await startServer({
    dataDir,
    flags: startFlags(),
    env: withoutLimits,
  });
  const stop = async () => {
    await database.close();
    await server.stop();
    if (server.output()) tell(`The server wrote:\n${server.output()}`);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await registerInstances(server.url, fleet);
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
    cookie: (await visitorOf(database.db, 'viewer', { url: server.url })).cookie,
    stop,
  };
}
