import type { UptimeRange } from '#contract/activity.ts';

/** The contract's own list would bring its whole validation along. */
export const rangeWords: Record<UptimeRange, string> = {
  '2d': '2 days',
  '2w': '2 weeks',
  '45d': '45 days',
  '90d': '90 days',
  '1y': '1 year',
  all: 'All',
};
export const ranges = Object.keys(rangeWords) as UptimeRange[];
export const defaultRange: UptimeRange = '2w';

const isRange = (word: string | null): word is UptimeRange =>
  (ranges as (string | null)[]).includes(word);

export const readRange = (word: string | null): UptimeRange =>
  isRange(word) ? word : defaultRange;
