import { and, eq, isNull, sql } from 'drizzle-orm';
import { screens, screenTokens } from '#db/schema.ts';
import type { ScreenScope } from '#contract/screens.ts';
import type { Redaction, WallOptions } from '#contract/wall.ts';
import type { Time } from '#domain/model.ts';
import type { Tx } from './instances.ts';

export interface ScreenSettings {
  name: string;
  scope: ScreenScope;
  redaction: Redaction;
  options: WallOptions;
}

export interface ScreenRecord extends ScreenSettings {
  id: string;
  revision: number;
  createdAt: Time;
  createdBy: string | null;
  revokedAt: Time | null;
  lastSeenAt: Time | null;
  lastBuild: string | null;
  lastUserAgent: string | null;
  plain: boolean;
  hint: string;
}

/** Revoked ones are listed for a while, and replaced tokens known. */
const rememberedFor = sql`interval '30 days'`;
/** Any number that nobody else takes: who makes a screen holds it, so that their number stays bounded. */
const screensLock = 1_378_041_622;

const columns = {
  id: screens.id,
  name: screens.name,
  revision: screens.revision,
  scope: screens.scope,
  redaction: screens.redaction,
  options: screens.options,
  createdAt: screens.createdAt,
  createdBy: screens.createdBy,
  revokedAt: screens.revokedAt,
  lastSeenAt: screens.lastSeenAt,
  lastBuild: screens.lastBuild,
  lastUserAgent: screens.lastUserAgent,
  plain: sql<boolean>`exists (select from screen_tokens t
    where t.screen_id = ${screens.id} and t.plain and t.revoked_at is null)`,
  hint: sql<string>`coalesce((select t.hint from screen_tokens t
    where t.screen_id = ${screens.id} and not t.plain order by t.created_at desc limit 1), '')`,
};

type Dated = 'createdAt' | 'revokedAt' | 'lastSeenAt';
type Row = Omit<ScreenRecord, Dated> & Pick<typeof screens.$inferSelect, Dated>;

function toRecord(row: Row): ScreenRecord {
  return {
    ...row,
    createdAt: row.createdAt.getTime(),
    revokedAt: row.revokedAt?.getTime() ?? null,
    lastSeenAt: row.lastSeenAt?.getTime() ?? null,
  };
}

/** By name, revoked ones last; or the one of this id. */
export async function readScreens(db: Tx, id: string | null = null): Promise<ScreenRecord[]> {
  const rows = await db
    .select(columns)
    .from(screens)
    .where(
      id === null
        ? sql`coalesce(${screens.revokedAt} > now() - ${rememberedFor}, true)`
        : eq(screens.id, id),
    )
    .orderBy(sql`revoked_at is not null, lower(name), id`);
  return rows.map(toRecord);
}

/** Holds the screen until the transaction ends; null: there is none. */
export async function lockScreen(tx: Tx, id: string): Promise<ScreenRecord | null> {
  const [found] = await tx
    .select({ id: screens.id })
    .from(screens)
    .where(eq(screens.id, id))
    .for('update');
  return found ? ((await readScreens(tx, id))[0] ?? null) : null;
}

/** Waits for whoever else makes one. @returns how many there are that were not revoked */
export async function countScreens(tx: Tx): Promise<number> {
  await tx.execute(sql`select pg_advisory_xact_lock(${screensLock})`);
  return tx.$count(screens, isNull(screens.revokedAt));
}

export async function insertScreen(
  tx: Tx,
  screen: ScreenSettings & { id: string; createdBy: string | null },
): Promise<void> {
  await tx.insert(screens).values(screen);
}

export async function writeScreen(tx: Tx, id: string, settings: ScreenSettings): Promise<void> {
  await tx
    .update(screens)
    .set({ ...settings, revision: sql`revision + 1` })
    .where(eq(screens.id, id));
}

/** It shows nothing any more, and none of its tokens opens anything. */
export async function writeScreenRevoked(tx: Tx, id: string): Promise<void> {
  await tx
    .update(screens)
    .set({ revokedAt: sql`now()`, revision: sql`revision + 1` })
    .where(eq(screens.id, id));
  await revokeScreenTokens(tx, id);
}

export async function raiseScreen(tx: Tx, id: string): Promise<void> {
  await tx
    .update(screens)
    .set({ revision: sql`revision + 1` })
    .where(eq(screens.id, id));
}

export async function insertScreenToken(
  tx: Tx,
  token: { secretHash: string; screenId: string; plain: boolean; hint: string },
): Promise<void> {
  await tx.insert(screenTokens).values(token);
  await tx.execute(sql`
    delete from screen_tokens where revoked_at < now() - ${rememberedFor}`);
}

/** @param plain only those; left out: all of the screen */
export async function revokeScreenTokens(tx: Tx, screenId: string, plain?: true): Promise<void> {
  await tx
    .update(screenTokens)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        eq(screenTokens.screenId, screenId),
        isNull(screenTokens.revokedAt),
        plain && eq(screenTokens.plain, true),
      ),
    );
}

export interface TokenHolder extends ScreenSettings {
  id: string;
  revision: number;
  /** True: the token was revoked or replaced, or the screen was. */
  revoked: boolean;
}

/** The screen behind a token, by the hash of its secret; null: nobody ever had it, or long ago. */
export async function findScreenByToken(
  db: Tx,
  secretHash: string,
  plain: boolean,
): Promise<TokenHolder | null> {
  const [row] = await db
    .select({
      id: screens.id,
      revision: screens.revision,
      name: screens.name,
      scope: screens.scope,
      redaction: screens.redaction,
      options: screens.options,
      revoked: sql<boolean>`${screenTokens.revokedAt} is not null or ${screens.revokedAt} is not null`,
    })
    .from(screenTokens)
    .innerJoin(screens, eq(screens.id, screenTokens.screenId))
    .where(and(eq(screenTokens.secretHash, secretHash), eq(screenTokens.plain, plain)));
  return row ?? null;
}

/** The revision of each of these tokens' screens; those whose token opens nothing are left out. */
export async function readTokenRevisions(
  db: Tx,
  secretHashes: string[],
): Promise<Map<string, number>> {
  if (secretHashes.length === 0) return new Map();
  const rows = await db.execute<{ secret_hash: string; revision: number }>(sql`
    select t.secret_hash, s.revision from screen_tokens t join screens s on s.id = t.screen_id
    where t.secret_hash = any(${sql.param(secretHashes)}::text[])
      and not t.plain and t.revoked_at is null and s.revoked_at is null`);
  return new Map(rows.map((row) => [row.secret_hash, row.revision]));
}

/** How many screens there are, revoked ones too, and the sum of their revisions. */
export async function readScreensDigest(db: Tx): Promise<{ count: number; revisions: number }> {
  const [row] = await db.execute<{ count: number; revisions: number }>(sql`
    select count(*)::float8 as count, coalesce(sum(revision), 0)::float8 as revisions from screens`);
  return { count: row!.count, revisions: row!.revisions };
}
