import type { Facts } from '#domain/model.ts';
import { AppError } from '#server/errors.ts';
import { wasRestored } from '#server/store/instances.ts';
import { idLimit, isStorable, textLimit } from '#server/text.ts';
import { authenticateBare } from './authenticate.ts';
import type { HeaderReader } from './bounded-headers.ts';
import { hear } from './calls.ts';
import type { IngestDeps } from './index.ts';
import type { ReportLimits } from './rate-limits.ts';

type Query = (name: string) => string | undefined;

/**
 * KOTS tells what became of the preflights of a version: a check-in of the instance whose id is the app's id in the
 * address. After a restore into another cluster KOTS reports under a new instance id, but goes on to send the old one
 * here: where it is not known which of the two speaks, the call is answered and nothing is taken from it.
 * @throws AppError unauthorized, forbidden, invalid, too_many, overloaded
 */
export async function hearPreflight(
  read: HeaderReader,
  { appId, clusterId }: { appId: string; clusterId: string },
  query: Query,
  deps: Pick<IngestDeps, 'db' | 'licensees' | 'recorder' | 'clouds'>,
  limits: ReportLimits,
): Promise<void> {
  deps.recorder.requireRoom();
  const licensee = await authenticateBare(read('authorization'), deps.licensees);
  requireId(appId, 'app');
  requireId(clusterId, 'cluster');
  limits.admit(licensee.licenseId, [appId]);
  const isAmbiguous = await wasRestored(deps.db, { ...licensee, instanceId: appId });
  const checkIn = isAmbiguous
    ? null
    : {
        instanceId: appId,
        door: 'kots' as const,
        reportedAt: null,
        facts: parsePreflight(query),
        inventories: {},
        tags: null,
        metrics: null,
        nextWithin: null,
      };
  await hear({ licensee }, checkIn, null, deps);
}

/**
 * What the query says. Left alone: `appStatus`, which is "missing" wherever the app was not ready within KOTS's
 * patience; `sequence` and the cluster in the address, which are not those of KOTS's other reports; `isCLI`. Pure.
 */
export function parsePreflight(query: Query): Facts {
  const facts: Facts = {};
  const preflightStatus = textOf(query('preflightStatus'));
  const installStatus = textOf(query('installStatus'));
  const version = textOf(query('kotsVersion'));
  const skipped = query('skipPreflights')?.toLowerCase();
  if (preflightStatus) facts.preflightStatus = preflightStatus;
  if (installStatus) facts.installStatus = installStatus;
  if (version) facts.appManagerVersion = version;
  if (skipped === 'true' || skipped === 'false') facts.skipPreflights = skipped === 'true';
  return facts;
}

/** What cannot be read is as good as not said. */
function textOf(value: string | undefined): string | null {
  const text = value?.trim() ?? '';
  return text !== '' && text.length <= textLimit && isStorable(text) ? text : null;
}

function requireId(id: string, what: string): void {
  if (id.trim() !== '' && id.length <= idLimit && isStorable(id)) return;
  throw new AppError('invalid', `The ${what} in the address must be an id.`);
}
