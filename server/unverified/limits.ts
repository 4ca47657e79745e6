import type { Time } from '#domain/model.ts';
import { AppError } from '#server/errors.ts';
import { createBuckets } from '#server/limits.ts';

/** Most reports kept that no instance has claimed, in all and of one network; and of one installation, claimed or not. */
export const mostKept = 10_000;
export const mostOfNetwork = 200;
export const mostOfInstallation = 20;
/** Days for which a report waits to be claimed. */
export const keptDays = 7;

/** How often one network may send, and all of them together. */
export interface SenderLimits {
  /** @throws AppError too_many */
  admit(network: string): void;
}

export function createSenderLimits(clock: () => Time = Date.now): SenderLimits {
  const ofNetwork = createBuckets({ perSecond: 60 / 3600, burst: 60 });
  const ofAll = createBuckets({ perSecond: 50, burst: 200 });
  return {
    admit(network) {
      const now = clock();
      const seconds = Math.max(ofAll.wait('', now), ofNetwork.wait(network, now));
      if (seconds > 0) throw refuseFor(seconds, 'Too many reports without a license');
      ofAll.take('', now, 1);
      ofNetwork.take(network, now, 1);
    },
  };
}

export const refuseFor = (seconds: number, what: string): AppError =>
  new AppError('too_many', `${what}; try again later.`, { retryAfter: Math.ceil(seconds) });
