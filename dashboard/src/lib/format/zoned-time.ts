import { tzOffset } from '@date-fns/tz/tzOffset';
import type { Instant } from '#contract/instance.ts';

const minute = 60_000;
const offsetAt = (zone: string, at: number) => tzOffset(zone, new Date(at)) * minute;

/** A moment as the clock of a zone shows it, in the form of `<input type="datetime-local">`; seconds where there are any. */
export function toLocalText(at: Instant, zone: string): string {
  const time = Date.parse(at);
  const text = new Date(time + offsetAt(zone, time)).toISOString();
  return text.slice(0, text.slice(17, 23) === '00.000' ? 16 : 19);
}

/**
 * The moment at which the clock of a zone shows this; of two the first, and where the clock jumps over it, as much later.
 * @returns null: it is no time
 */
export function fromLocalText(text: string, zone: string): Instant | null {
  const shown = Date.parse(`${text}Z`);
  if (Number.isNaN(shown)) return null;
  const before = offsetAt(zone, shown - 24 * 60 * minute);
  const after = offsetAt(zone, shown + 24 * 60 * minute);
  const fits = [shown - before, shown - after].filter((at) => at + offsetAt(zone, at) === shown);
  return new Date(fits.length > 0 ? Math.min(...fits) : shown - before).toISOString();
}
