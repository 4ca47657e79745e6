import type { Time } from '#domain/model.ts';
import { networkOf } from '#server/doors/index.ts';
import { AppError } from '#server/errors.ts';
import { createBuckets } from '#server/limits.ts';

const each = (seconds: number) => 1 / seconds;

export interface PortalLimits {
  /**
   * Counts one try at a portal's password before it is looked at, so that many at once do not slip through.
   * @returns takes the count back: the password was right
   * @throws AppError too_many
   */
  tryPassword(address: string | null, slug: string): () => void;
  /** Counts one download that begins. @throws AppError too_many */
  download(customerId: string): void;
}

/** By the address one comes from and by the portal one tries; in memory, for this process. */
export function createPortalLimits(clock: () => Time = Date.now): PortalLimits {
  const ofAddress = createBuckets({ perSecond: each(15), burst: 20 });
  const ofPortal = createBuckets({ perSecond: each(60), burst: 8 });
  const ofDownloads = createBuckets({ perSecond: 5, burst: 200 });
  return {
    tryPassword(address, slug) {
      const now = clock();
      const from = address === null ? 'unknown' : networkOf(address);
      const wait = Math.max(ofAddress.wait(from, now), ofPortal.wait(slug, now));
      if (wait > 0)
        throw new AppError('too_many', 'Too many wrong passwords.', { retryAfter: wait });
      ofAddress.take(from, now, 1);
      ofPortal.take(slug, now, 1);
      return () => {
        ofAddress.take(from, clock(), -1);
        ofPortal.take(slug, clock(), -1);
      };
    },
    download(customerId) {
      const now = clock();
      const wait = ofDownloads.wait(customerId, now);
      if (wait > 0)
        throw new AppError('too_many', 'Too many downloads at once.', { retryAfter: wait });
      ofDownloads.take(customerId, now, 1);
    },
  };
}
