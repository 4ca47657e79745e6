import type { BarAxis, Instant } from '#contract/instance.ts';
import { type ChartSize, locateBar } from './uptime.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Pixels that a label of the axis needs. */
const labelRoom = 64;
/** Pixels that "Now" takes at the end of it. */
const nowWidth = 24;

export interface Stretch {
  left: number;
  width: number;
}

/** Where a moment lies among bars of equal width, however long each of them is. `edges` in milliseconds. Pure. */
export function placeMoment(at: number, edges: readonly number[], size: ChartSize): number {
  const count = edges.length - 1;
  const after = edges.findIndex((edge) => edge > at);
  if (after === 0) return 0;
  if (after === -1) return size.width;
  const bar = locateBar(after - 1, count, size);
  const [from, to] = [edges[after - 1] as number, edges[after] as number];
  return bar.left + bar.width * ((at - from) / (to - from));
}

/** A span as it lies over the bars, at least `least` pixels wide; null: outside of them. */
export function placeSpan(
  from: number,
  to: number,
  edges: readonly number[],
  size: ChartSize,
  least = 2,
): Stretch | null {
  if (to <= (edges[0] ?? 0) || from >= (edges.at(-1) ?? 0)) return null;
  const [left, right] = [placeMoment(from, edges, size), placeMoment(to, edges, size)];
  const width = Math.max(least, right - left);
  return { left: Math.max(0, Math.min(left, size.width - width)), width };
}

/** The span from the one bar to the other, whichever is the earlier. */
export function spanOfBars(one: number, other: number, { edges }: BarAxis) {
  const [first, last] = [Math.min(one, other), Math.max(one, other)];
  return { after: edges[first] as Instant, before: edges[last + 1] as Instant };
}

/** In which bar a moment lies; null: in none. */
export function findBucket(at: number, edges: readonly number[]): number | null {
  const after = edges.findIndex((edge) => edge > at);
  return after <= 0 ? null : after - 1;
}

export interface AxisLabel {
  left: number;
  text: string;
}

/**
 * Words under the bars where the zone's calendar turns: hours and days, days, or months, as the bars' length has it. From
 * the newest on, no two too close, and none too close to "Now".
 */
export function labelAxis({ edges, zone }: BarAxis, size: ChartSize): AxisLabel[] {
  const starts = edges.slice(0, -1).map((edge) => Date.parse(edge));
  const length = (Date.parse(edges[1] ?? '') || 0) - (starts[0] ?? 0);
  const say = chooseWords(length, zone);
  const labels: AxisLabel[] = [];
  let free = size.width - nowWidth - labelRoom;
  for (let index = starts.length - 1; index >= 0; index -= 1) {
    const text = say(starts[index] as number, starts[index - 1] ?? null);
    const { left } = locateBar(index, starts.length, size);
    if (text === null || left > free) continue;
    labels.unshift({ left, text });
    free = left - labelRoom;
  }
  return labels;
}

/** What stands under a bar that begins at `at`, after one that begins at `before`; null: nothing. */
type Say = (at: number, before: number | null) => string | null;

function chooseWords(length: number, timeZone: string): Say {
  const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone });
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone });
  const months = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone });
  const years = new Intl.DateTimeFormat('en-GB', { year: 'numeric', timeZone });
  const turns = (format: Intl.DateTimeFormat, at: number, before: number | null) =>
    before === null || format.format(at) !== format.format(before);

  if (length < 6 * hour) {
    return (at, before) => {
      if (before !== null && turns(days, at, before)) return days.format(at);
      const text = clock.format(at);
      return /^(06|12|18):00$/.test(text) ? text : null;
    };
  }
  if (length < 5 * day) {
    return (at, before) => (turns(days, at, before) ? days.format(at) : null);
  }
  return (at, before) => {
    if (!turns(months, at, before)) return null;
    return before !== null && turns(years, at, before) ? years.format(at) : months.format(at);
  };
}
