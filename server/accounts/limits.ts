import type { Time } from '#domain/model.ts';
import { networkOf } from '#server/doors/index.ts';
import { AppError } from '#server/errors.ts';
import { type Buckets, createBuckets } from '#server/limits.ts';

const seconds = (n: number) => 1 / n;

export interface DoorLimits {
  /**
   * Counts one try at a password before it is looked at, so that many at once do not slip through.
   * @param whose the email address, or the person, whose password is tried
   * @returns takes the count back: the password was right
   * @throws AppError too_many
   */
  tryPassword(address: string | null, whose: string): () => void;
  /** As `tryPassword`, for a set-up link. */
  trySetUp(address: string | null): () => void;
  /** Counts one new session of the demo. @throws AppError too_many */
  enterDemo(address: string | null): void;
}

/**
 * How often one may knock, by the address one comes from and by whose password one tries; in memory, for this process.
 * What is right is not counted.
 */
export function createDoorLimits(clock: () => Time = Date.now): DoorLimits {
  const ofAddress = createBuckets({ perSecond: seconds(15), burst: 20 });
  const ofPerson = createBuckets({ perSecond: seconds(60), burst: 6 });
  const ofSetUp = createBuckets({ perSecond: seconds(30), burst: 10 });
  const ofDemo = createBuckets({ perSecond: 1, burst: 30 });
  const from = (address: string | null) => (address === null ? 'unknown' : networkOf(address));

  const knock = (counts: [Buckets, string][], what: string): (() => void) => {
    const now = clock();
    const wait = Math.max(...counts.map(([buckets, key]) => buckets.wait(key, now)));
    if (wait > 0)
      throw new AppError('too_many', `Too many ${what}; try again later.`, { retryAfter: wait });
    for (const [buckets, key] of counts) buckets.take(key, now, 1);
    return () => {
      for (const [buckets, key] of counts) buckets.take(key, clock(), -1);
    };
  };

  return {
    tryPassword: (address, whose) =>
      knock(
        [
          [ofAddress, from(address)],
          [ofPerson, whose],
        ],
        'wrong passwords',
      ),
    trySetUp: (address) => knock([[ofSetUp, from(address)]], 'tries to set up'),
    enterDemo: (address) => void knock([[ofDemo, from(address)]], 'visits from this address'),
  };
}
