import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import { connect } from './connect.ts';

const migrationsFolder = fileURLToPath(new URL('migrations', import.meta.url));
/** Any number, as long as everybody who migrates takes the same. */
const lock = 1_378_041_617;

/** Brings the schema up to date. Several processes may do so at once: they take turns under one lock. */
export async function migrateDatabase(url: string): Promise<void> {
  const client = connect(url, 'rollcall migrations', { max_lifetime: null });
  try {
    const db = drizzle({ client });
    await db.execute(sql`select pg_advisory_lock(${lock})`);
    await migrate(db, { migrationsFolder });
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** Whether the database has every migration of this build; it may have later ones too, of a newer build. */
export async function isMigrated(
  db: Pick<PostgresJsDatabase<Record<string, unknown>>, 'execute'>,
): Promise<boolean> {
  const journal = JSON.parse(
    await readFile(join(migrationsFolder, 'meta/_journal.json'), 'utf8'),
  ) as { entries: { when: number }[] };
  const wanted = Math.max(...journal.entries.map(({ when }) => when));
  const [row] = await db.execute<{ newest: number | null }>(
    sql`select max(created_at)::float8 as newest from drizzle.__drizzle_migrations`,
  );
  return (row?.newest ?? 0) >= wanted;
}
