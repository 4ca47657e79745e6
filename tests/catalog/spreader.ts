import { sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { byServer } from '#server/audit/index.ts';
import { addRelease } from '#server/catalog/edit-releases.ts';
import { changePromotion, promoteRelease } from '#server/catalog/promotions.ts';
import { type SpreadDeps, spreadAll } from '#server/catalog/spread-updates.ts';
import { openEars } from '#server/ears.ts';
import { loadKnownReleases } from '#server/known-releases.ts';
import type { Change } from '#server/live/publisher.ts';
import { silentLog } from '../support/spine.ts';

/** Makes a release and promotes it. */
export async function promote(db: Db, versionLabel: string, channel = 'acme-stable') {
  const made = await addRelease({ db }, byServer, 'acme', { versionLabel, releaseNotes: '' });
  const wanted = { channels: [channel], isRequired: false };
  return promoteRelease({ db }, byServer, 'acme', made.releaseSequence, wanted);
}

export const demote = (db: Db, channelSequence: number, revision: number, demoted = true) =>
  changePromotion({ db }, byServer, 'acme-stable', channelSequence, { revision, demoted });

/** What runs the jobs in one process, with what it publishes kept for a look. */
export async function openSpreader(db: Db) {
  const ears = await openEars(db, silentLog);
  const changes: Change[] = [];
  const deps: SpreadDeps = {
    db,
    ears,
    config: { inactiveAfter: 24 * 3_600_000, zone: 'UTC' },
    releases: await loadKnownReleases(db),
    publish: (change) => void changes.push(change),
    log: silentLog,
  };
  return {
    deps,
    changes,
    run: (isClosed?: () => boolean) => spreadAll(deps, isClosed),
    close: () => ears.close(),
  };
}
export type Spreader = Awaited<ReturnType<typeof openSpreader>>;

/** Every event "Versions behind" of each instance, oldest first, as `before → after`. */
export async function toldOf(db: Db): Promise<Record<string, string[]>> {
  const rows = await db.execute<{ name: string; told: string[] }>(sql`
    select i.instance_id as name, array_agg(
      coalesce(e.before::text, '–') || ' → ' || coalesce(e.after::text, '–') order by e.at, e.id) as told
    from instances i join instance_events e on e.instance = i.id
    where e.field = 'versionsBehind' and e.category = 'upstream update'
    group by i.instance_id order by 1`);
  return Object.fromEntries(rows.map(({ name, told }) => [name, told]));
}

/** Jobs that are not finished. */
export async function countOpenJobs(db: Db): Promise<number> {
  const [row] = await db.execute<{ open: number }>(
    sql`select count(*)::int as open from upstream_updates where finished_at is null`,
  );
  return row!.open;
}
