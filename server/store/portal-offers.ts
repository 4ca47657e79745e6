import { and, desc, eq, getTableColumns, isNull, sql } from 'drizzle-orm';
import { customers, licenses, releaseFiles, releases } from '#db/schema.ts';
import type { FileRecord } from './files.ts';
import type { Tx } from './instances.ts';

/** A release that a channel offers. */
export interface OfferedRelease {
  channelSequence: number;
  releaseSequence: number;
  versionLabel: string;
  releaseNotes: string;
  promotedAt: Date;
}

/**
 * The releases on offer in a channel, newest first, each once though it be promoted twice.
 * @param before only those of lesser channel sequences; null: from the newest
 */
export async function readOffers(
  db: Tx,
  channelId: string,
  { before, most }: { before: number | null; most: number },
): Promise<OfferedRelease[]> {
  const { channelSequence, releaseSequence, versionLabel, releaseNotes, promotedAt } = releases;
  return db
    .select({ channelSequence, releaseSequence, versionLabel, releaseNotes, promotedAt })
    .from(releases)
    .where(
      and(
        eq(releases.channelId, channelId),
        isNull(releases.demotedAt),
        before === null ? undefined : sql`${channelSequence} < ${before}`,
        sql`not exists (select from releases newer
          where newer.channel_id = ${releases.channelId} and newer.demoted_at is null
            and newer.release_sequence = ${releaseSequence}
            and newer.channel_sequence > ${channelSequence})`,
      ),
    )
    .orderBy(desc(channelSequence))
    .limit(most);
}

/**
 * A file, if the customer may have it: of a release that its channel offers, and an air gap bundle only with that
 * feature. Null: anything else.
 */
export async function findOfferedFile(
  db: Tx,
  customerId: string,
  fileId: number,
): Promise<{ file: FileRecord; versionLabel: string } | null> {
  const [row] = await db
    .select({ file: getTableColumns(releaseFiles), versionLabel: releases.versionLabel })
    .from(releaseFiles)
    .innerJoin(customers, eq(customers.appSlug, releaseFiles.appSlug))
    .innerJoin(licenses, eq(licenses.customerId, customers.id))
    .innerJoin(
      releases,
      and(
        eq(releases.channelId, customers.channelId),
        eq(releases.releaseSequence, releaseFiles.releaseSequence),
        isNull(releases.demotedAt),
      ),
    )
    .where(
      and(
        eq(releaseFiles.id, fileId),
        eq(customers.id, customerId),
        isNull(customers.archivedAt),
        sql`(${releaseFiles.kind} <> 'airgap' or 'airgap' = any(${licenses.features}))`,
      ),
    )
    .orderBy(desc(releases.channelSequence))
    .limit(1);
  return row ?? null;
}
