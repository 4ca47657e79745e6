import { sql } from 'drizzle-orm';
import { toInstant } from '#domain/instant.ts';
import type { Time } from '#domain/model.ts';
import type { Db } from '#db/client.ts';
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

/**
 * Notes that these connections are there and those have ended, forgets those of processes that are gone, and, if it is
 * news, tells whoever looks at the list.
 */
export async function noteConnections(
  db: Db,
  there: NewConnection[],
  ended: string[],
  isNews: boolean,
): Promise<void> {
  const rows = there.map((one) => ({ ...one, connectedAt: toInstant(one.connectedAt) }));
  await db.transaction(async (tx) => {
    // In id order, so that processes that note at once do not wait for one another in a circle.
    const touched = [...new Set(there.map(({ screenId }) => screenId))].sort();
    await tx.execute(sql`
      select from screens where id = any(${sql.param(touched)}::text[])
        or id in (select screen_id from screen_connections where id = any(${sql.param(ended)}::text[]))
      order by id for no key update`);
    await tx.execute(sql`
      with there as (
        select b.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as b(
          id text, "screenId" text, "connectedAt" timestamptz, build text, "userAgent" text, address text)
        join screens s on s.id = b."screenId"),
      noted as (
        insert into screen_connections (id, screen_id, connected_at, build, user_agent, address)
        select id, "screenId", "connectedAt", build, "userAgent", address from there
        on conflict (id) do update set seen_at = now()),
      newest as (
        select distinct on ("screenId") "screenId", build, "userAgent" from there
        order by "screenId", "connectedAt" desc)
      update screens set last_seen_at = now(), last_build = newest.build,
        last_user_agent = newest."userAgent"
      from newest where screens.id = newest."screenId"`);
    await tx.execute(sql`
      with gone as (
        delete from screen_connections where id = any(${sql.param(ended)}::text[]) returning screen_id)
      update screens set last_seen_at = now() where id in (select screen_id from gone)`);
    await tx.execute(sql`delete from screen_connections where seen_at < now() - ${goneAfter}`);
    if (isNews) await announceScreen(tx, { kind: 'screens' });
  });
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
