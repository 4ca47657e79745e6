import type { Bar } from '#contract/instance.ts';
import {
  type Totals,
  addBars,
  coverage,
  formatRatio,
  fromBar,
  uptimeRatio,
} from '#domain/uptime.ts';

/** Known time of all bars together, in milliseconds. */
export const sumBars = (bars: readonly Bar[]): Totals => addBars(...bars.map(fromBar));

/** A kind of time as a share of all known time, cut like every ratio. */
export const formatShare = (part: number, { up, degraded, down }: Totals): string =>
  formatRatio({ up: part, degraded: 0, down: up + degraded + down - part });

export interface SpokenUptime {
  ratio: string;
  /** "of 11 d", where less than the window is known. */
  coverage: string | null;
  known: boolean;
}

/** How far, in milliseconds, a message may lag behind the ticker before it counts as a gap. */
const lag = 60_000;

/** @param window milliseconds that the bars span, up to now */
export function sayUptime(bars: readonly Bar[], window: number): SpokenUptime {
  const total = sumBars(bars);
  const known = uptimeRatio(total) !== null;
  const covered = known ? coverage(total, window - lag) : null;
  return {
    ratio: formatRatio(total),
    coverage: covered === null ? null : `of ${covered}`,
    known,
  };
}
