import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Sql } from './connect.ts';
import { makeDataDir, openPlace, type Place } from './embedded/folder.ts';
import { withLock } from './embedded/lock.ts';
import { ensureRunning, serverUrl, stopServer } from './embedded/postmaster.ts';

/** Every process that uses the server holds one idle connection of this name: while one is there, nobody stops it. */
const keeperName = 'rollcall keeper';
const databaseName = 'rollcall';

export interface EmbeddedServer {
  /** The database, password included; stays the same for as long as this process uses it. */
  url: string;
  /** Lets go of the server, and stops it unless another process still uses it. */
  close(): Promise<void>;
}

/**
 * Starts the PostgreSQL in `dataDir`, or takes part in the one that already runs there: another process's, or one that
 * outlived its process. Should it die, it is started again. Throws DatabaseError.
 */
export async function startEmbedded(dataDir: string): Promise<EmbeddedServer> {
  const home = makeDataDir(dataDir);
  const { place, port, keeper } = await withLock(home, async () => {
    const place = await openPlace(home);
    const port = await ensureRunning(place, null);
    await createDatabase(serverUrl(place, port));
    return { place, port, keeper: await keep(home, place, port) };
  });
  return {
    url: serverUrl(place, port, databaseName),
    close: () => withLock(home, () => letGo(place, keeper)),
  };
}

interface Keeper {
  sql: Sql;
  closed: boolean;
}

/** Holds the connection, and revives the server when it breaks. The first connection stands on return. */
async function keep(home: string, place: Place, port: number): Promise<Keeper> {
  let reviving = false;
  const revive = async () => {
    if (reviving || keeper.closed) return;
    reviving = true;
    for (let held = false; !held && !keeper.closed;) {
      await sleep(250);
      held = await withLock(home, async () => {
        if (keeper.closed) return true;
        await ensureRunning(place, port);
        await keeper.sql`select 1`;
        return true;
      }).catch(() => false);
    }
    reviving = false;
  };
  const keeper: Keeper = {
    sql: connect(serverUrl(place, port), keeperName, {
      max_lifetime: null,
      onclose: () => void revive(),
    }),
    closed: false,
  };
  await keeper.sql`select 1`;
  return keeper;
}

async function letGo(place: Place, keeper: Keeper) {
  keeper.closed = true;
  const others = await countOthers(keeper.sql).catch(() => 0);
  await keeper.sql.end({ timeout: 1 });
  if (others === 0) await stopServer(place);
}

async function countOthers(sql: Sql): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity where application_name = ${keeperName} and pid <> pg_backend_pid()`;
  return row?.count ?? 0;
}

async function createDatabase(url: string) {
  const sql = connect(url, 'rollcall start');
  try {
    const found = await sql`select 1 from pg_database where datname = ${databaseName}`;
    if (found.length === 0) await sql.unsafe(`create database ${databaseName}`);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
