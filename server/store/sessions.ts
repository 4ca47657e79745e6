import { and, eq, sql } from 'drizzle-orm';
import { sessions } from '#db/schema.ts';
import type { Role } from '#contract/accounts.ts';
import type { Time } from '#domain/model.ts';
import type { Tx } from './instances.ts';

/** Who sits behind a session that has not expired. */
export interface SessionRecord {
  id: string;
  expiresAt: Time;
  /** Null: so recently that it need not be noted again. */
  seenBefore: Time | null;
  person: { id: string; name: string; email: string; role: Role };
}

/** Being seen is noted once in this while. */
const seenEvery = sql`interval '1 minute'`;

/** By the secret in the cookie, whose signature the caller has checked. */
export async function findSession(db: Tx, token: string): Promise<SessionRecord | null> {
  const [row] = await db.execute<Record<string, unknown>>(sql`
    select s.id, (extract(epoch from s.expires_at) * 1000)::float8 as expires_at,
      case when s.last_seen_at < now() - ${seenEvery}
        then (extract(epoch from s.last_seen_at) * 1000)::float8 end as seen_before,
      u.id as person_id, u.name, u.email, u.role
    from sessions s join users u on u.id = s.user_id
    where s.token = ${token} and s.expires_at > now()`);
  if (!row) return null;
  return {
    id: row.id as string,
    expiresAt: row.expires_at as number,
    seenBefore: row.seen_before as number | null,
    person: {
      id: row.person_id as string,
      name: row.name as string,
      email: row.email as string,
      role: row.role as Role,
    },
  };
}

/** Of these sessions those that still hold, and the role that the person behind each has now. */
export async function readRoles(db: Tx, ids: string[]): Promise<Map<string, Role>> {
  if (ids.length === 0) return new Map();
  const rows = await db.execute<{ id: string; role: Role }>(sql`
    select s.id, u.role from sessions s join users u on u.id = s.user_id
    where s.id = any(${sql.param(ids)}::text[]) and s.expires_at > now()`);
  return new Map(rows.map(({ id, role }) => [id, role]));
}

/** Notes that the people behind these sessions were seen. Rows that somebody else is writing are left to them. */
export async function noteSeen(db: Tx, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  const seen = await db.execute<{ user_id: string }>(sql`
    update sessions set last_seen_at = now() where id in (
      select id from sessions
      where id = any(${sql.param(ids)}::text[]) and last_seen_at < now() - ${seenEvery}
      order by id for no key update skip locked)
    returning user_id`);
  const people = [...new Set(seen.map(({ user_id }) => user_id))];
  if (people.length === 0) return;
  await db.execute(sql`
    update users set last_seen_at = now() where id in (
      select id from users where id = any(${sql.param(people)}::text[])
      order by id for no key update skip locked)`);
}

/** A person's sessions that have not expired, the one seen last first. */
export async function readSessions(db: Tx, personId: string) {
  const rows = await db.execute<Record<string, unknown>>(sql`
    select id, ip_address, user_agent,
      (extract(epoch from created_at) * 1000)::float8 as created_at,
      (extract(epoch from last_seen_at) * 1000)::float8 as last_seen_at,
      (extract(epoch from expires_at) * 1000)::float8 as expires_at
    from sessions where user_id = ${personId} and expires_at > now()
    order by sessions.last_seen_at desc, id`);
  return rows.map((row) => ({
    id: row.id as string,
    address: row.ip_address as string | null,
    userAgent: row.user_agent as string | null,
    createdAt: row.created_at as number,
    lastSeenAt: row.last_seen_at as number,
    expiresAt: row.expires_at as number,
  }));
}

/** Of one person. @returns whether there was such a session */
export async function deleteSession(tx: Tx, personId: string, id: string): Promise<boolean> {
  const gone = await tx
    .delete(sessions)
    .where(and(eq(sessions.id, id), eq(sessions.userId, personId)))
    .returning({ id: sessions.id });
  return gone.length > 0;
}

/** All of a person's. @returns how many there were */
export async function deleteSessions(tx: Tx, personId: string): Promise<number> {
  const gone = await tx
    .delete(sessions)
    .where(eq(sessions.userId, personId))
    .returning({ id: sessions.id });
  return gone.length;
}

/** A person's that have expired: they are of no use to anybody. */
export async function deleteExpiredSessions(tx: Tx, personId: string): Promise<void> {
  await tx.execute(sql`delete from sessions where user_id = ${personId} and expires_at < now()`);
}
