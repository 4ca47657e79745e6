import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { accounts, users } from '#db/schema.ts';
import type { Role } from '#contract/accounts.ts';
import type { Time } from '#domain/model.ts';
import type { Tx } from './instances.ts';

/** Any number that nobody else takes: who makes the first account holds it. */
const firstAccountLock = 1_378_041_619;

export interface PersonRecord {
  id: string;
  name: string;
  email: string;
  role: Role;
  createdAt: Time;
  lastSeenAt: Time | null;
  /** Those that have not expired. */
  sessions: number;
}

export interface NewPerson {
  name: string;
  email: string;
  role: Role;
  /** Null: signs in by no password. */
  passwordHash: string | null;
}

export async function hasPeople(db: Tx): Promise<boolean> {
  const [row] = await db.execute<{ found: boolean }>(
    sql`select exists (select 1 from users) as found`,
  );
  return row!.found;
}

/** Whether anybody can sign in by a password. */
export async function hasPasswords(db: Tx): Promise<boolean> {
  const [row] = await db.execute<{ found: boolean }>(
    sql`select exists (select 1 from accounts) as found`,
  );
  return row!.found;
}

/** Until the transaction ends nobody else makes a first account. */
export async function lockFirstAccount(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${firstAccountLock})`);
}

/** @returns the new person's id; null: somebody has this address */
export async function insertPerson(tx: Tx, person: NewPerson): Promise<string | null> {
  const { name, email, role, passwordHash } = person;
  const id = randomUUID();
  const made = await tx
    .insert(users)
    .values({ id, name, email, role })
    .onConflictDoNothing({ target: users.email })
    .returning({ id: users.id });
  if (made.length === 0) return null;
  if (passwordHash !== null) {
    // As better-auth keeps it.
    const account = { id: randomUUID(), userId: id, accountId: id, providerId: 'credential' };
    await tx.insert(accounts).values({ ...account, password: passwordHash });
  }
  return id;
}

/** Everybody, or the one with this id, by name. */
export async function readPeople(db: Tx, id: string | null = null): Promise<PersonRecord[]> {
  const rows = await db.execute<Record<string, unknown>>(sql`
    select u.id, u.name, u.email, u.role,
      (extract(epoch from u.created_at) * 1000)::float8 as created_at,
      (extract(epoch from u.last_seen_at) * 1000)::float8 as last_seen_at,
      (select count(*) from sessions s where s.user_id = u.id and s.expires_at > now())::int as sessions
    from users u where ${id}::text is null or u.id = ${id}
    order by lower(u.name), u.id`);
  return rows.map((row) => ({
    id: row.id as string,
    name: row.name as string,
    email: row.email as string,
    role: row.role as Role,
    createdAt: row.created_at as number,
    lastSeenAt: row.last_seen_at as number | null,
    sessions: row.sessions as number,
  }));
}

/**
 * Holds all owners, in id order, until the transaction ends. Whoever changes roles or removes people begins with it, so
 * that they take turns and each sees what the one before left.
 */
export async function lockOwners(tx: Tx): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(
    sql`select id from users where role = 'owner' order by id for update`,
  );
  return rows.map(({ id }) => id);
}

/** Holds the person until the transaction ends; null: there is none. */
export async function lockPerson(
  tx: Tx,
  id: string,
): Promise<{ id: string; name: string; role: Role } | null> {
  const [found] = await tx
    .select({ id: users.id, name: users.name, role: users.role })
    .from(users)
    .where(eq(users.id, id))
    .for('update');
  return found ?? null;
}

export async function writeRole(tx: Tx, id: string, role: Role): Promise<void> {
  await tx.update(users).set({ role, updatedAt: new Date() }).where(eq(users.id, id));
}

/** With their sessions and whatever they signed in by. */
export async function deletePerson(tx: Tx, id: string): Promise<void> {
  await tx.delete(users).where(eq(users.id, id));
}

/** The oldest owner who signs in by no password, as the demo's does. */
export async function findOwnerWithoutPassword(
  db: Tx,
): Promise<{ id: string; name: string } | null> {
  const [row] = await db.execute<{ id: string; name: string }>(sql`
    select id, name from users u where role = 'owner'
      and not exists (select 1 from accounts a where a.user_id = u.id)
    order by created_at, id limit 1`);
  return row ?? null;
}
