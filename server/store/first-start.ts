import { sql } from 'drizzle-orm';
import type { Tx } from './instances.ts';

/** The secret that signs cookies: the database's, or `candidate` where it has none yet. */
export async function adoptAuthSecret(db: Tx, zone: string, candidate: string): Promise<string> {
  const [row] = await db.execute<{ secret: string }>(sql`
    insert into workspaces (id, zone, auth_secret) values (1, ${zone}, ${candidate})
    on conflict (id) do update set auth_secret = coalesce(workspaces.auth_secret, excluded.auth_secret)
    returning auth_secret as secret`);
  return row!.secret;
}

/** Whether the database may hold a demo's fleet: it does already, or it holds no customer at all. */
export async function markDemo(tx: Tx): Promise<boolean> {
  const marked = await tx.execute(sql`
    update workspaces set demo = true
    where demo or not exists (select 1 from customers) and not exists (select 1 from users)
    returning id`);
  return marked.length > 0;
}

export async function isDemo(db: Tx): Promise<boolean> {
  const [row] = await db.execute<{ demo: boolean }>(sql`select demo from workspaces`);
  return row?.demo ?? false;
}

/** `lasts` in milliseconds. Links that are over are forgotten. */
export async function insertSetupLink(tx: Tx, secretHash: string, lasts: number): Promise<void> {
  await tx.execute(sql`delete from setup_links where expires_at < now()`);
  await tx.execute(sql`
    insert into setup_links (secret_hash, expires_at)
    values (${secretHash}, now() + ${lasts}::float8 * interval '1 millisecond')`);
}

export async function isSetupLink(tx: Tx, secretHash: string): Promise<boolean> {
  const found = await tx.execute(sql`
    select 1 from setup_links where secret_hash = ${secretHash} and expires_at > now()`);
  return found.length > 0;
}

export async function deleteSetupLinks(tx: Tx): Promise<void> {
  await tx.execute(sql`delete from setup_links`);
}
