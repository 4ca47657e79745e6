import type { Time } from '#domain/model.ts';
import { AppError } from '#server/errors.ts';
import { createBuckets } from '#server/limits.ts';

export interface ReportLimits {
  /**
   * Counts one request: once for each distinct instance it names, and as many for the license.
   * @throws AppError too_many; nothing is counted then
   */
  admit(licenseId: string, instanceIds: readonly string[]): void;
}

/** Reports per second, of one instance and of one license; twice that at once. */
export function createReportLimits(
  config: { reportsPerInstance: number; reportsPerLicense: number },
  clock: () => Time = Date.now,
): ReportLimits {
  const { reportsPerInstance, reportsPerLicense } = config;
  const ofInstance = createBuckets({
    perSecond: reportsPerInstance,
    burst: 2 * reportsPerInstance,
  });
  const ofLicense = createBuckets({ perSecond: reportsPerLicense, burst: 2 * reportsPerLicense });
  return {
    admit(licenseId, instanceIds) {
      const now = clock();
      const distinct = instanceIds.length === 1 ? instanceIds : [...new Set(instanceIds)];
      const keys = distinct.map((instanceId) => `${licenseId}\0${instanceId}`);
      refuseAfter(ofLicense.wait(licenseId, now), 'Too many reports under this license');
      for (const key of keys)
        refuseAfter(ofInstance.wait(key, now), 'Too many reports of this instance');
      ofLicense.take(licenseId, now, keys.length);
      for (const key of keys) ofInstance.take(key, now, 1);
    },
  };
}

export type Admission = { ok: true } | { ok: false; retryAfter: number };

/**
 * How many instances that were never seen one license may bring. The spine asks, once for each such instance.
 * @returns asks for one more; `retryAfter` in whole seconds
 */
export function createAdmission(
  config: { newInstancesPerHour: number; newInstancesBurst: number },
  clock: () => Time = Date.now,
): (licenseId: string) => Admission {
  const buckets = createBuckets({
    perSecond: config.newInstancesPerHour / 3600,
    burst: config.newInstancesBurst,
  });
  return (licenseId) => {
    const now = clock();
    const seconds = buckets.wait(licenseId, now);
    if (seconds > 0) return { ok: false, retryAfter: Math.ceil(seconds) };
    buckets.take(licenseId, now, 1);
    return { ok: true };
  };
}

function refuseAfter(seconds: number, what: string): void {
  if (seconds === 0) return;
  throw new AppError('too_many', `${what}; try again later.`, { retryAfter: Math.ceil(seconds) });
}
