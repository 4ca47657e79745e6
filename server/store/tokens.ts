import { eq, sql } from 'drizzle-orm';
import { apiTokens } from '#db/schema.ts';
import type { TokenScope } from '#contract/accounts.ts';
import type { Time } from '#domain/model.ts';
import type { Tx } from './instances.ts';

export interface TokenRecord {
  id: number;
  name: string;
  scope: TokenScope;
  hint: string;
  createdBy: string | null;
  createdAt: Time;
  lastUsedAt: Time | null;
}

/** By the hash of its secret; notes the use, once a minute. */
export async function useToken(
  db: Tx,
  secretHash: string,
): Promise<{ id: number; name: string; scope: TokenScope } | null> {
  const [row] = await db.execute<Record<string, unknown>>(sql`
    select id::float8 as id, name, scope,
      coalesce(last_used_at < now() - interval '1 minute', true) as note
    from api_tokens where secret_hash = ${secretHash}`);
  if (!row) return null;
  const id = row.id as number;
  if (row.note) await db.execute(sql`update api_tokens set last_used_at = now() where id = ${id}`);
  return { id, name: row.name as string, scope: row.scope as TokenScope };
}

/** All of them, the newest first. */
export async function readTokens(db: Tx): Promise<TokenRecord[]> {
  const rows = await db
    .select()
    .from(apiTokens)
    .orderBy(sql`id desc`);
  return rows.map(({ secretHash: _, ...row }) => ({
    ...row,
    createdAt: row.createdAt.getTime(),
    lastUsedAt: row.lastUsedAt?.getTime() ?? null,
  }));
}

export async function insertToken(
  tx: Tx,
  token: Omit<typeof apiTokens.$inferInsert, 'createdAt' | 'lastUsedAt'>,
): Promise<TokenRecord> {
  const [row] = await tx.insert(apiTokens).values(token).returning();
  const { secretHash: _, createdAt, ...rest } = row!;
  return { ...rest, createdAt: createdAt.getTime(), lastUsedAt: null };
}

/** @returns what it was called; null: there is no such token */
export async function deleteToken(tx: Tx, id: number): Promise<string | null> {
  const [gone] = await tx
    .delete(apiTokens)
    .where(eq(apiTokens.id, id))
    .returning({ name: apiTokens.name });
  return gone?.name ?? null;
}
