import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { portalDownloads, portals } from '#db/schema.ts';
import type { Tx } from './instances.ts';

export type NewDownload = Pick<
  typeof portalDownloads.$inferInsert,
  'customerId' | 'kind' | 'fileId' | 'name' | 'versionLabel' | 'size' | 'address'
> & { completed: boolean };

/** A customer's last download of a file, as far as what follows it must be known. */
export interface LastDownload {
  id: number;
  /** Milliseconds since it began. */
  age: number;
  completed: boolean;
}

/** Has the downloads of one customer be noted one after the other. */
export async function lockDownloads(tx: Tx, customerId: string): Promise<void> {
  await tx
    .select({ slug: portals.slug })
    .from(portals)
    .where(eq(portals.customerId, customerId))
    .for('no key update');
}

export async function readLastDownload(
  tx: Tx,
  customerId: string,
  fileId: number,
): Promise<LastDownload | null> {
  const [row] = await tx
    .select({
      id: portalDownloads.id,
      age: sql<number>`(extract(epoch from now() - ${portalDownloads.at}) * 1000)::float8`,
      completed: sql<boolean>`${portalDownloads.completedAt} is not null`,
    })
    .from(portalDownloads)
    .where(and(eq(portalDownloads.customerId, customerId), eq(portalDownloads.fileId, fileId)))
    .orderBy(desc(portalDownloads.id))
    .limit(1);
  return row ?? null;
}

/** @returns its id */
export async function insertDownload(
  tx: Tx,
  { completed, ...download }: NewDownload,
): Promise<number> {
  const completedAt = completed ? sql`now()` : null;
  const [row] = await tx
    .insert(portalDownloads)
    .values({ ...download, completedAt })
    .returning({ id: portalDownloads.id });
  return row!.id;
}

/** @returns false: it was complete before */
export async function completeDownload(tx: Tx, id: number): Promise<boolean> {
  const rows = await tx
    .update(portalDownloads)
    .set({ completedAt: sql`now()` })
    .where(and(eq(portalDownloads.id, id), isNull(portalDownloads.completedAt)))
    .returning({ id: portalDownloads.id });
  return rows.length > 0;
}
