import { sql } from 'drizzle-orm';
import { toInstant } from '#domain/instant.ts';
import type { Time } from '#domain/model.ts';
import { announceScreen } from './announce.ts';
import type { Tx } from './instances.ts';

/** A process that has not noted its connections for this long is gone, and they with it. */
const goneAfter = sql`interval '45 seconds'`;

export interface NewConnection {
  id: string;
  screenId: string;
  connectedAt: Time;
  build: string | null;
  userAgent: string | null;
  address: string | null;
}

export interface ConnectionRecord extends NewConnection {
  seenAt: Time;
}

/** Notes connections that began and ended, all in one transaction, and tells whoever looks at the list. */
export async function noteConnections(
  db: Tx,
  begun: NewConnection[],
  ended: string[],
): Promise<void> {
  const rows = begun.map((one) => ({ ...one, connectedAt: toInstant(one.connectedAt) }));
  await db.execute(sql`
    with begun as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as b(
        id text, "screenId" text, "connectedAt" timestamptz, build text, "userAgent" text, address text)
      where exists (select from screens s where s.id = b."screenId")),
    kept as (
      insert into screen_connections (id, screen_id, connected_at, build, user_agent, address)
      select id, "screenId", "connectedAt", build, "userAgent", address from begun
      where not id = any(${sql.param(ended)}::text[])
      on conflict (id) do nothing),
    newest as (
      select distinct on ("screenId") "screenId", build, "userAgent" from begun order by "screenId", "connectedAt" desc)
    update screens set last_seen_at = now(), last_build = build, last_user_agent = "userAgent"
    from newest where screens.id = "screenId"`);
  await db.execute(sql`
    with gone as (
      delete from screen_connections where id = any(${sql.param(ended)}::text[]) returning screen_id)
    update screens set last_seen_at = now() where id in (select screen_id from gone)`);
  await announceScreen(db, { kind: 'screens' });
}

/** Notes that these connections are there still, and forgets those of processes that are gone. */
export async function noteConnectionsSeen(db: Tx, ids: string[]): Promise<void> {
  await db.execute(sql`
    with seen as (
      update screen_connections set seen_at = now() where id = any(${sql.param(ids)}::text[])
      returning screen_id),
    there as (select distinct screen_id from seen)
    update screens set last_seen_at = now() where id in (select screen_id from there)`);
  await db.execute(sql`delete from screen_connections where seen_at < now() - ${goneAfter}`);
}

/** Those that are there now, the newest first. */
export async function readConnections(
  db: Tx,
  screenId: string | null = null,
): Promise<ConnectionRecord[]> {
  const rows = await db.execute<Record<string, unknown>>(sql`
    select id, screen_id, (extract(epoch from connected_at) * 1000)::float8 as connected_at,
      (extract(epoch from seen_at) * 1000)::float8 as seen_at, build, user_agent, address
    from screen_connections
    where seen_at >= now() - ${goneAfter} and (${screenId}::text is null or screen_id = ${screenId})
    order by connected_at desc, id`);
  return rows.map((row) => ({
    id: row.id as string,
    screenId: row.screen_id as string,
    connectedAt: Math.round(row.connected_at as number),
    seenAt: Math.round(row.seen_at as number),
    build: row.build as string | null,
    userAgent: row.user_agent as string | null,
    address: row.address as string | null,
  }));
}
