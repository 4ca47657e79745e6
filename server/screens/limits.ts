import type { Time } from '#domain/model.ts';
import { networkOf } from '#server/doors/index.ts';
import { AppError } from '#server/errors.ts';
import { createBuckets } from '#server/limits.ts';

export interface ScreenLimits {
  /**
   * Counts one try at a token before it is looked at, so that many at once do not slip through. One that was right
   * before is not counted: whoever guesses from the same network keeps no screen from its wall.
   * @returns takes the count back: the token was one
   * @throws AppError too_many
   */
  tryToken(address: string | null, tokenHash: string): () => void;
}

const mostKnown = 5_000;

/** By the address one comes from; in memory, for this process. All screens of a hall may come from one at once. */
export function createScreenLimits(clock: () => Time = Date.now): ScreenLimits {
  const ofAddress = createBuckets({ perSecond: 1 / 5, burst: 300 });
  const known = new Set<string>();
  return {
    tryToken(address, tokenHash) {
      if (known.has(tokenHash)) return () => {};
      const from = address === null ? 'unknown' : networkOf(address);
      const wait = ofAddress.wait(from, clock());
      if (wait > 0)
        throw new AppError('too_many', 'Too many wrong addresses of screens; try again later.', {
          retryAfter: wait,
        });
      ofAddress.take(from, clock(), 1);
      return () => {
        ofAddress.take(from, clock(), -1);
        if (known.size >= mostKnown) known.clear();
        known.add(tokenHash);
      };
    },
  };
}
