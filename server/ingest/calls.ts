import type { CheckIn } from '#domain/model.ts';
import { AppError } from '#server/errors.ts';
import { locate } from '#server/clouds/index.ts';
import { findLicensee } from '#server/store/licenses.ts';
import { authenticateBasic, requireApp, requireStanding } from './authenticate.ts';
import type { HeaderReader } from './bounded-headers.ts';
import { countIgnored } from './counters.ts';
import type { IngestDeps } from './index.ts';
import type { Licensee } from './licensees.ts';
import { parseHeaders } from './parse-headers.ts';
import type { ReportLimits } from './rate-limits.ts';
import { hasReleaseZero } from './release-zero.ts';

/** An authenticated call of a stock client, and the check-in that its headers make of it. */
export interface Call {
  licensee: Licensee;
  /** Null: it names no instance. */
  checkIn: CheckIn | null;
  /** Headers that were there and could not be read. */
  ignored: string[];
  /** True: what its headers mean hangs on the releases there are as well. */
  askedForReleases: boolean;
}

/** @throws AppError unauthorized, invalid */
export async function openCall(
  read: HeaderReader,
  deps: Pick<IngestDeps, 'licensees'>,
  appSlug?: string,
): Promise<Call> {
  const licensee = await authenticateBasic(read('authorization'), deps.licensees);
  if (appSlug !== undefined) requireApp(licensee, appSlug);
  let askedForReleases = false;
  const isReleaseZero = hasReleaseZero(licensee);
  const { checkIn, ignored } = parseHeaders(read, (channel) => {
    askedForReleases = true;
    return isReleaseZero(channel);
  });
  countIgnored(ignored);
  return { licensee, checkIn, ignored, askedForReleases };
}

/** A call that reports, before its body is read. @throws AppError overloaded, unauthorized, invalid, too_many */
export async function openReport(
  read: HeaderReader,
  deps: Pick<IngestDeps, 'licensees' | 'recorder'>,
  limits: ReportLimits,
  appSlug?: string,
): Promise<Call> {
  deps.recorder.requireRoom();
  const call = await openCall(read, deps, appSlug);
  if (call.checkIn) limits.admit(call.licensee.licenseId, [call.checkIn.instanceId]);
  return call;
}

/**
 * Records the call's check-in. A call without one is refused as a check-in would be.
 * @throws AppError unauthorized, forbidden, and whatever the recorder refuses with
 */
export async function hear(
  { licensee: { licenseId } }: Pick<Call, 'licensee'>,
  checkIn: CheckIn | null,
  address: string | null,
  deps: Pick<IngestDeps, 'db' | 'recorder' | 'clouds'>,
): Promise<void> {
  if (checkIn) {
    const checkIns = locate([checkIn], address, deps.clouds);
    return void (await deps.recorder.record({ licenseId, checkIns }));
  }
  // Not what is remembered of it: nothing else looks whether the license still holds.
  const licensee = await findLicensee(deps.db, licenseId);
  if (!licensee) throw new AppError('unauthorized', 'The license is unknown.');
  requireStanding(licensee, Date.now(), { mayBeExpired: false });
}
