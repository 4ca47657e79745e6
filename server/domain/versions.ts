import type { Time } from './model.ts';

/** A release as promoted to a channel. `demotedAt`: it is offered no longer. */
export interface Promoted {
  channelSequence: number;
  promotedAt: Time;
  demotedAt?: Time | null;
}

const day = 86_400_000;

const isOffered = (release: Promoted): boolean => (release.demotedAt ?? null) === null;

/** The newest release on offer of one channel; null: there is none. */
export function latestRelease<T extends Promoted>(releases: readonly T[]): T | null {
  return releases
    .filter(isOffered)
    .reduce<T | null>(
      (latest, release) =>
        latest === null || release.channelSequence > latest.channelSequence ? release : latest,
      null,
    );
}

/** Releases promoted to the channel after that sequence and still on offer: how many versions behind it is. */
export function versionsBehind(releases: readonly Promoted[], channelSequence: number): number {
  return releases.filter((it) => isOffered(it) && it.channelSequence > channelSequence).length;
}

/** Milliseconds since the running release was promoted; never negative. */
export function versionAge(running: Pick<Promoted, 'promotedAt'>, now: Time): number {
  return Math.max(0, now - running.promotedAt);
}

/** Whole days between the promotions of the running and the latest release; 0 when none is newer. */
export function daysBehind(
  running: Pick<Promoted, 'promotedAt'>,
  latest: Pick<Promoted, 'promotedAt'>,
): number {
  return Math.max(0, Math.floor((latest.promotedAt - running.promotedAt) / day));
}
