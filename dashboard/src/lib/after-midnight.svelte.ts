import type { BarAxis } from '#contract/instance.ts';
import { now } from './now.svelte.ts';

/** Milliseconds over which viewers spread their requests for the new day. */
const spread = 10_000;

/** Reads a page again once its bars' calendar has ended: at midnight in the workspace's zone. To be called by a component. */
export function afterMidnight(axis: () => BarAxis | null | undefined, refresh: () => void) {
  $effect(() => {
    const end = axis()?.edges.at(-1);
    if (end === undefined || now.slow < Date.parse(end)) return;
    const timer = setTimeout(refresh, Math.random() * spread);
    return () => clearTimeout(timer);
  });
}
