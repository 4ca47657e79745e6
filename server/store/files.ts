import { and, asc, eq, getTableColumns, inArray } from 'drizzle-orm';
import { appReleases, releaseFiles } from '#db/schema.ts';
import type { Tx } from './instances.ts';

export type FileRecord = typeof releaseFiles.$inferSelect;
export type NewFile = Omit<FileRecord, 'id' | 'uploadedAt'>;

/** The label of a release as made; null: there is no such release. */
export async function findReleaseLabel(
  db: Tx,
  appSlug: string,
  releaseSequence: number,
): Promise<string | null> {
  const [row] = await db
    .select({ versionLabel: appReleases.versionLabel })
    .from(appReleases)
    .where(and(eq(appReleases.appSlug, appSlug), eq(appReleases.releaseSequence, releaseSequence)));
  return row?.versionLabel ?? null;
}

export async function isFileNameTaken(
  db: Tx,
  file: Pick<FileRecord, 'appSlug' | 'releaseSequence' | 'name'>,
): Promise<boolean> {
  const found = await db
    .select({ id: releaseFiles.id })
    .from(releaseFiles)
    .where(
      and(
        eq(releaseFiles.appSlug, file.appSlug),
        eq(releaseFiles.releaseSequence, file.releaseSequence),
        eq(releaseFiles.name, file.name),
      ),
    );
  return found.length > 0;
}

/** @returns null: the release has a file of that name */
export async function insertFile(tx: Tx, file: NewFile): Promise<FileRecord | null> {
  const [row] = await tx.insert(releaseFiles).values(file).onConflictDoNothing().returning();
  return row ?? null;
}

export async function readFile(db: Tx, id: number): Promise<FileRecord | null> {
  const [row] = await db.select().from(releaseFiles).where(eq(releaseFiles.id, id));
  return row ?? null;
}

/** The file whose content lies under that name; null: none. */
export async function findStoredFile(db: Tx, storedAs: string): Promise<FileRecord | null> {
  const [row] = await db.select().from(releaseFiles).where(eq(releaseFiles.storedAs, storedAs));
  return row ?? null;
}

/** @returns what was deleted; null: there was none */
export async function deleteFile(tx: Tx, id: number): Promise<FileRecord | null> {
  const [row] = await tx.delete(releaseFiles).where(eq(releaseFiles.id, id)).returning();
  return row ?? null;
}

/** The names under which contents lie that belong to a file. */
export async function listStored(db: Tx): Promise<Set<string>> {
  const rows = await db.select({ storedAs: releaseFiles.storedAs }).from(releaseFiles);
  return new Set(rows.map(({ storedAs }) => storedAs));
}

/** The files of these releases of an app, by name. */
export async function readFilesOf(
  db: Tx,
  appSlug: string,
  releaseSequences: number[],
): Promise<FileRecord[]> {
  return db
    .select(getTableColumns(releaseFiles))
    .from(releaseFiles)
    .where(
      and(
        eq(releaseFiles.appSlug, appSlug),
        inArray(releaseFiles.releaseSequence, [-1, ...releaseSequences]),
      ),
    )
    .orderBy(asc(releaseFiles.name));
}
