import type { Promotion, ReleaseDetails, ReleasePage } from '#contract/catalog.ts';
import { toInstant } from '#domain/instant.ts';
import { presentFile } from '#server/files/index.ts';
import { renderMarkdown } from '#server/markdown.ts';
import { type AppReleaseRecord, findApp } from '#server/store/catalog-edits.ts';
import { readFilesOf } from '#server/store/files.ts';
import type { Tx } from '#server/store/instances.ts';
import { countRunning, readPromotions, readReleases } from '#server/store/reads-catalog.ts';
import { missing } from './hold.ts';

const pageLength = 20;

/**
 * Releases of an app, newest first.
 * @param before `next` of the page read before; null: the newest
 * @throws AppError not_found
 */
export async function readReleasePage(
  db: Tx,
  slug: string,
  before: number | null,
): Promise<ReleasePage> {
  if (!(await findApp(db, slug))) return missing('app');
  // One more than fits says whether there is another page.
  const read = await readReleases(db, slug, { before, limit: pageLength + 1 });
  const shown = read.slice(0, pageLength);
  const next = read.length > pageLength ? shown.at(-1)!.releaseSequence : null;
  return { releases: await describe(db, slug, shown), next };
}

/** @throws AppError not_found */
export async function readRelease(
  db: Tx,
  slug: string,
  releaseSequence: number,
): Promise<ReleaseDetails> {
  const read = await readReleases(db, slug, { only: releaseSequence });
  const [release] = await describe(db, slug, read);
  return release ?? missing('release');
}

async function describe(
  db: Tx,
  slug: string,
  releases: AppReleaseRecord[],
): Promise<ReleaseDetails[]> {
  if (releases.length === 0) return [];
  const sequences = releases.map(({ releaseSequence }) => releaseSequence);
  const [promotions, files, running] = await Promise.all([
    presentPromotions(db, slug, sequences),
    readFilesOf(db, slug, sequences),
    countRunning(db, slug),
  ]);
  const runningOf = new Map(
    running.map(({ channelId, channelSequence, running }) => [
      `${channelSequence} ${channelId}`,
      running,
    ]),
  );
  return releases.map(({ appSlug: _, createdAt, ...release }) => ({
    ...release,
    notesHtml: renderMarkdown(release.releaseNotes),
    createdAt: toInstant(createdAt.getTime()),
    promotions: promotions
      .filter(({ releaseSequence }) => releaseSequence === release.releaseSequence)
      .map(({ releaseSequence: __, ...promotion }) => ({
        ...promotion,
        running: runningOf.get(`${promotion.channelSequence} ${promotion.channel.id}`) ?? 0,
      })),
    files: files
      .filter(({ releaseSequence }) => releaseSequence === release.releaseSequence)
      .map(presentFile),
  }));
}

type Placed = Omit<Promotion, 'running'> & { releaseSequence: number };

async function presentPromotions(db: Tx, slug: string, sequences: number[]): Promise<Placed[]> {
  const rows = await readPromotions(db, slug, sequences);
  return rows.map((row) => ({
    releaseSequence: row.releaseSequence,
    channel: { id: row.channelId, name: row.channelName },
    channelSequence: row.channelSequence,
    versionLabel: row.versionLabel,
    promotedAt: toInstant(row.promotedAt.getTime()),
    isRequired: row.isRequired,
    demotedAt: toInstant(row.demotedAt?.getTime() ?? null),
    revision: row.revision,
  }));
}
