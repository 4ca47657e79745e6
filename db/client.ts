import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type { Config } from '#server/config.ts';
import { connect, type Sql } from './connect.ts';
import { startEmbedded } from './embedded.ts';
import { migrateDatabase } from './migrate.ts';
import { refuseUnsafe } from './safety.ts';
import * as schema from './schema.ts';

export { DatabaseError } from './errors.ts';

export type Db = PostgresJsDatabase<typeof schema>;

/** Milliseconds. Nobody waits for ever: a lock that is held too long, or a lost statement, fails and is tried again. */
const patience = {
  lock_timeout: 5_000,
  statement_timeout: 30_000,
  idle_in_transaction_session_timeout: 30_000,
};

export interface OpenDatabase {
  db: Db;
  /**
   * One connection of its own: statements are sent at once and run one after the other, so that the database finds the
   * next when it is done with one, and no two of them stand in each other's way. For statements that are transactions by
   * themselves.
   */
  line: Db;
  /**
   * Hears a channel's notifications, also after the connection broke. Those sent while it was broken are lost:
   * `onReturn` is called once it stands again.
   */
  listen(channel: string, on: (payload: string) => void, onReturn?: () => void): Promise<void>;
  notify(channel: string, payload: string): Promise<void>;
  url: string;
  embedded: boolean;
  close(): Promise<void>;
}

/**
 * The database, safe and migrated: the one at `databaseUrl`, else the embedded one in `dataDir`.
 * `max` is the size of the pool. Throws DatabaseError.
 */
export async function openDatabase(
  config: Pick<Config, 'databaseUrl' | 'dataDir'>,
  options: { max?: number } = {},
): Promise<OpenDatabase> {
  const server = config.databaseUrl ? null : await startEmbedded(config.dataDir);
  const url = config.databaseUrl ?? server?.url ?? '';
  try {
    await refuseUnsafe(url);
    await migrateDatabase(url);
  } catch (error) {
    await server?.close();
    throw error;
  }
  // drizzle rewrites the parsers of the client it is given, so nobody else uses that one.
  const pool = connect(url, 'rollcall', { max: options.max ?? 10, connection: patience });
  const line = connect(url, 'rollcall line', { connection: patience });
  const bus = connect(url, 'rollcall bus');
  const over = (client: Sql) => drizzle({ client, schema, casing: 'snake_case' });
  return {
    db: over(pool),
    line: over(line),
    listen: (channel, on, onReturn) => listen(bus, channel, on, onReturn),
    notify: async (channel, payload) => void (await bus.notify(channel, payload)),
    url,
    embedded: server !== null,
    close: async () => {
      await Promise.all([pool, line, bus].map((client) => client.end({ timeout: 5 })));
      await server?.close();
    },
  };
}

async function listen(
  bus: Sql,
  channel: string,
  on: (payload: string) => void,
  onReturn?: () => void,
): Promise<void> {
  let isReturn = false;
  await bus.listen(channel, on, () => {
    if (isReturn) onReturn?.();
    isReturn = true;
  });
}
