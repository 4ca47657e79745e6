import { formatClock } from './format/time.ts';
import { live } from './live/live.svelte.ts';

/** What stands beside every status when nobody vouches for what a page shows. */
class Staleness {
  /** "as of 12:53:07"; null while statuses are current. */
  readonly words = $derived.by(() => {
    const { level, since } = live.freshness;
    if (level !== 'alarm') return null;
    return since === null ? 'not confirmed' : `as of ${formatClock(since)}`;
  });
}

export const staleness = new Staleness();
