import { formatClock } from './format/time.ts';
import { live } from './live/live.svelte.ts';

/** What pages say when nobody vouches for what they show. */
class Staleness {
  /** "12:53:07": until when statuses were known to be so; null while they are current. */
  readonly since = $derived.by(() => {
    const { level, since } = live.freshness;
    return level === 'alarm' && since !== null ? formatClock(since) : null;
  });
}

export const staleness = new Staleness();
