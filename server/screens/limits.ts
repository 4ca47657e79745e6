import type { Time } from '#domain/model.ts';
import { networkOf } from '#server/doors/index.ts';
import { AppError } from '#server/errors.ts';
import { createBuckets } from '#server/limits.ts';

export interface ScreenLimits {
  /**
   * Counts one try at a token before it is looked at, so that many at once do not slip through.
   * @returns takes the count back: the token was one
   * @throws AppError too_many
   */
  tryToken(address: string | null): () => void;
}

/** By the address one comes from; in memory, for this process. All screens of a hall may come from one at once. */
export function createScreenLimits(clock: () => Time = Date.now): ScreenLimits {
  const ofAddress = createBuckets({ perSecond: 1 / 5, burst: 300 });
  return {
    tryToken(address) {
      const from = address === null ? 'unknown' : networkOf(address);
      const wait = ofAddress.wait(from, clock());
      if (wait > 0)
        throw new AppError('too_many', 'Too many wrong addresses of screens; try again later.', {
          retryAfter: wait,
        });
      ofAddress.take(from, clock(), 1);
      return () => ofAddress.take(from, clock(), -1);
    },
  };
}
