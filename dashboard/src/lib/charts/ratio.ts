import type { Bar } from '#contract/instance.ts';
import { formatDuration } from '../format/time.ts';

export interface Known {
  /** Seconds. */
  up: number;
  degraded: number;
  down: number;
  known: number;
}

export function sumBars(bars: readonly Bar[]): Known {
  const sum = { up: 0, degraded: 0, down: 0, known: 0 };
  for (const [up, degraded, down] of bars) {
    sum.up += up;
    sum.degraded += degraded;
    sum.down += down;
  }
  sum.known = sum.up + sum.degraded + sum.down;
  return sum;
}

/**
 * A share in per cent, cut to two decimals so that it never flatters: 99.996 % reads 99.99 %.
 * 100 % only where `part` is the whole, 0 % only where it is nothing.
 */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0) return '–';
  if (part >= whole) return '100 %';
  if (part <= 0) return '0 %';
  const cut = Math.floor((part / whole) * 10_000) / 100;
  return cut < 0.01 ? '< 0.01 %' : `${cut} %`;
}

/** Up and degraded time as a share of known time; "–" where nothing is known. */
export const formatRatio = ({ up, degraded, known }: Known) => formatShare(up + degraded, known);

/**
 * How much of the window is known, where that is less than the window: "of 11 d".
 * @param window seconds; a minute is forgiven, which is how far a message may lag
 */
export function formatCoverage({ known }: Known, window: number): string | null {
  if (known <= 0 || known >= window - 60) return null;
  return `of ${formatDuration(known * 1000)}`;
}
