import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
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
