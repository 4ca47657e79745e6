import type { Totals } from './uptime.ts';

const second = 1000;

const knownTime = ({ up, degraded, down }: Totals): number => up + degraded + down;

/** (up + degraded) ÷ known time; null when nothing is known: less than a second is none that a ratio could be of. */
export function uptimeRatio(total: Totals): number | null {
  const known = knownTime(total);
  return known < second ? null : (total.up + total.degraded) / known;
}

/**
 * The ratio as people read it: cut to two decimals, never rounded, so that "100 %" means no down time at all
 * and "0 %" no other; "–" when nothing is known, as in `uptimeRatio`. Reckoned in whole milliseconds, hence exact.
 */
export function formatRatio(total: Totals): string {
  const available = BigInt(Math.round(total.up + total.degraded));
  const known = available + BigInt(Math.round(total.down));
  if (known < BigInt(second)) return '–';
  const hundredths = (available * 10_000n) / known;
  if (hundredths === 0n && available > 0n) return '< 0.01 %';
  return `${Number(hundredths) / 100} %`;
}

const day = 86_400_000;
const units: [length: number, name: string][] = [
  [day, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [second, 's'],
];

/**
 * How much of a window (milliseconds) is known, when that is less than all of it by a second or more: "11 d", "26 h".
 * Cut to the largest unit of which there are two. Null: the window is covered.
 */
export function coverage(total: Totals, window: number): string | null {
  const known = knownTime(total);
  if (window - known < second) return null;
  if (known > 0 && known < second) return '< 1 s';
  const [length, name] = units.find(([unit]) => known >= 2 * unit) ?? [second, 's'];
  return `${Math.floor(known / length)} ${name}`;
}
