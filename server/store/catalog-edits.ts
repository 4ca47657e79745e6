import { and, asc, eq, sql } from 'drizzle-orm';
import {
  appLogos,
  type appReleases,
  apps,
  channels,
  customers,
  type releases,
} from '#db/schema.ts';
import type { Tx } from './instances.ts';

export type AppRecord = typeof apps.$inferSelect;
export type ChannelRecord = typeof channels.$inferSelect;
export type AppReleaseRecord = typeof appReleases.$inferSelect;
export type PromotionRecord = typeof releases.$inferSelect;

/** Until the commit nobody else edits or imports apps, channels and releases; reports and readers are not held up. */
export async function lockCatalogEdits(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('rollcall catalog'))`);
}

export async function findApp(tx: Tx, slug: string): Promise<AppRecord | null> {
  const [app] = await tx.select().from(apps).where(eq(apps.slug, slug));
  return app ?? null;
}

/** @returns false: another app has this slug */
export async function insertApp(
  tx: Tx,
  app: Pick<AppRecord, 'slug' | 'name' | 'statusInformers'>,
): Promise<boolean> {
  const made = await tx
    .insert(apps)
    .values(app)
    .onConflictDoNothing()
    .returning({ slug: apps.slug });
  return made.length > 0;
}

/** Writes what is given, and raises the revision. */
export async function writeApp(
  tx: Tx,
  slug: string,
  change: Partial<Omit<AppRecord, 'slug' | 'revision'>>,
): Promise<void> {
  const revision = sql`${apps.revision} + 1`;
  await tx
    .update(apps)
    .set({ ...change, revision })
    .where(eq(apps.slug, slug));
}

/** The app's logo, in place of the one it has. */
export async function saveLogo(tx: Tx, logo: typeof appLogos.$inferInsert): Promise<void> {
  const { digest, content } = logo;
  await tx
    .insert(appLogos)
    .values(logo)
    .onConflictDoUpdate({ target: appLogos.appSlug, set: { digest, content } });
}

/** @returns false: it has none */
export async function deleteLogo(tx: Tx, appSlug: string): Promise<boolean> {
  const gone = await tx
    .delete(appLogos)
    .where(eq(appLogos.appSlug, appSlug))
    .returning({ digest: appLogos.digest });
  return gone.length > 0;
}

/** The picture (PNG) of that digest; null: the app has no such logo. */
export async function readLogo(db: Tx, appSlug: string, digest: string): Promise<Buffer | null> {
  const [logo] = await db
    .select({ content: appLogos.content })
    .from(appLogos)
    .where(and(eq(appLogos.appSlug, appSlug), eq(appLogos.digest, digest)));
  return logo?.content ?? null;
}

/** Channels of an app, or the one of this id, in the order of their names. */
export async function readChannels(
  tx: Tx,
  which: { appSlug: string } | { id: string },
): Promise<ChannelRecord[]> {
  return tx
    .select()
    .from(channels)
    .where('id' in which ? eq(channels.id, which.id) : eq(channels.appSlug, which.appSlug))
    .orderBy(asc(channels.name));
}

/** @returns false: another channel, of this app or another one, has this id */
export async function insertChannel(
  tx: Tx,
  channel: Omit<ChannelRecord, 'revision'>,
): Promise<boolean> {
  const made = await tx
    .insert(channels)
    .values(channel)
    .onConflictDoNothing({ target: channels.id })
    .returning({ id: channels.id });
  return made.length > 0;
}

/** Also raises the revision. */
export async function renameChannel(tx: Tx, id: string, name: string): Promise<void> {
  const revision = sql`${channels.revision} + 1`;
  await tx.update(channels).set({ name, revision }).where(eq(channels.id, id));
}

/** Customers assigned to a channel, held against other edits until the commit, in the order in which everybody does. */
export async function lockCustomersOnChannel(tx: Tx, channelId: string): Promise<string[]> {
  const rows = await tx
    .select({ id: customers.id })
    .from(customers)
    .where(eq(customers.channelId, channelId))
    .orderBy(asc(customers.id))
    .for('no key update');
  return rows.map(({ id }) => id);
}
