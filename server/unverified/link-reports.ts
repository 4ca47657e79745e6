import { type InstallReport, installEvent } from '#domain/install-progress.ts';
import type { Change } from '#server/live/publisher.ts';
import {
  lockClaims,
  markClaimed,
  readLastClaimed,
  type StoredAnonymousReport,
} from '#server/store/anonymous-reports.ts';
import { insertEvents, presentEvent } from '#server/store/events.ts';
import type { UnverifiedDeps } from './desk.ts';
import { isInstallCall } from './parse-install.ts';

const most = 200;

/**
 * Gives reports to the instances that say they come from that installation: as events, and as nothing but events. No
 * status, presence or time of the instance hangs on them.
 * @returns how many were given
 */
export async function linkReports({
  db,
  publish,
}: Pick<UnverifiedDeps, 'db' | 'publish'>): Promise<number> {
  const events = await db.transaction(async (tx) => {
    const claims = await lockClaims(tx, most);
    if (claims.length === 0) return [];
    const last = await readLastClaimed(tx, [...new Set(claims.map(({ key }) => key))]);
    const found = claims.flatMap((claim) => {
      const report = asInstall(claim);
      const before = last.get(claim.key);
      last.set(claim.key, claim);
      if (!report) return [];
      return [
        { ...installEvent(report, before ? asInstall(before) : null), instance: claim.instance },
      ];
    });
    await markClaimed(tx, claims);
    return insertEvents(tx, found);
  });
  const news: Change = { changed: [], left: [], seen: [], events: events.map(presentEvent) };
  if (events.length > 0) publish(news);
  return events.length;
}

/** Null: of a kind that this version of Rollcall does not know. */
function asInstall({ kind, body, receivedAt }: StoredAnonymousReport): InstallReport | null {
  if (!isInstallCall(kind)) return null;
  return { call: kind, cause: typeof body.cause === 'string' ? body.cause : null, receivedAt };
}
