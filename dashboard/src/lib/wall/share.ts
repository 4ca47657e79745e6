import type { WallCounts } from '#contract/wall.ts';

/** The share of monitored instances that are ready, in whole percent, cut like every ratio; null: nobody knows. Pure. */
export function shareReady({ monitored, ready }: Pick<WallCounts, 'monitored' | 'ready'>) {
  return monitored === 0 ? null : Math.floor((100 * ready) / monitored);
}

/** What the wall says of all of them together. */
export type Standing = 'empty' | 'problems' | 'clear' | 'quiet';

/**
 * `clear`: everything is ready or updating. `quiet`: there are no problems, but not everything can be vouched for
 * (inactive, never reported, air gap or not monitored), and it is not green. Pure.
 */
export function standingOf(
  counts: Pick<WallCounts, 'total' | 'byAttention' | 'monitored'>,
  problems: number,
): Standing {
  if (counts.total === 0) return 'empty';
  if (problems > 0) return 'problems';
  const { inactive, unreported } = counts.byAttention;
  return inactive + unreported > 0 || counts.monitored === 0 ? 'quiet' : 'clear';
}
