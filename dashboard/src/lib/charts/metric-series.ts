import { area, curveStepAfter, line, scaleLinear, scaleTime, timeFormat } from 'd3';
import type { MetricHistory } from '#contract/activity.ts';
import type { Scalar } from '#contract/instance.ts';

type Points = MetricHistory['points'];

/** Sizes in pixels; the axes stand left of and below the plot. */
export interface SeriesSize {
  width: number;
  height: number;
}
/** Room beside the plot. */
export const room = { left: 48, right: 8, top: 8, bottom: 20 };

export interface Held {
  /** Milliseconds. */
  from: number;
  to: number;
  value: Scalar;
}

/**
 * Each value with the time for which it held, inside of the window, oldest first. Pure.
 * @param until where the last one ends at the latest, but not before it was said; null: it goes on holding
 */
export function holdValues(
  { points, from, to }: MetricHistory,
  now: number,
  until: number | null = null,
): Held[] {
  const begin = Date.parse(from);
  const last = Date.parse(points.at(-1)?.[0] ?? from);
  const end = until === null ? Math.max(now, Date.parse(to)) : Math.max(until, last);
  return points.flatMap(([at, value], index) => {
    const next = points[index + 1];
    const held = {
      from: Math.max(begin, Date.parse(at)),
      to: next === undefined ? end : Math.min(end, Date.parse(next[0])),
      value,
    };
    // The last one may have come just now.
    return held.to > held.from || (next === undefined && held.to === held.from) ? [held] : [];
  });
}

/** A line of steps where all values are numbers, else bands of states. */
export function isNumeric(points: Points): boolean {
  const values = points.map(([, value]) => value).filter((value) => value !== null);
  return values.length > 0 && values.every((value) => typeof value === 'number');
}

export interface Series {
  line: string;
  area: string;
  /** Of the plot: where a value is drawn. */
  y: (value: number) => number;
  x: (at: number) => number;
  /** The moment under `left` pixels. */
  at: (left: number) => number;
  valueTicks: { top: number; text: string }[];
  timeTicks: { left: number; text: string }[];
}

const plot = (size: SeriesSize) => ({
  left: room.left,
  right: Math.max(room.left + 1, size.width - room.right),
  top: room.top,
  bottom: size.height - room.bottom,
});

export function drawSeries(
  held: readonly Held[],
  window: [number, number],
  size: SeriesSize,
): Series {
  const { left, right, top, bottom } = plot(size);
  const x = scaleTime(window, [left, right]).clamp(true);
  const values = held.flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const largest = Math.max(Math.abs(low), Math.abs(high), 1e-9);
  // A line that never moves runs through the middle.
  const spread = high - low < largest * 1e-9 ? Math.max(1, largest * 0.1) : 0;
  const y = scaleLinear([low - spread, high + spread], [bottom, top]).nice(3);
  const steps = held.flatMap(({ from, to, value }): [number, number | null][] => {
    const number = typeof value === 'number' ? value : null;
    return [
      [from, number],
      [to, number],
    ];
  });
  const base = {
    x: ([at]: [number, number | null]) => x(at),
    y: ([, value]: [number, number | null]) => y(value ?? low),
    defined: ([, value]: [number, number | null]) => value !== null,
  };
  const draw = line<[number, number | null]>(base.x, base.y)
    .curve(curveStepAfter)
    .defined(base.defined);
  const fill = area<[number, number | null]>(base.x, bottom, base.y)
    .curve(curveStepAfter)
    .defined(base.defined);
  return {
    line: draw(steps) ?? '',
    area: fill(steps) ?? '',
    x,
    y,
    at: (pixels) => x.invert(pixels).getTime(),
    // Whoever counts whole things finds no half of one beside the line.
    valueTicks: sayTicks(
      y.ticks(3).filter((tick) => Number.isInteger(tick) || !values.every(Number.isInteger)),
      y.tickFormat(3),
    ).map(([value, text]) => ({
      top: y(value),
      text,
    })),
    timeTicks: labelTime(window, size),
  };
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 });

/** Short as long as each reads as another; else with all the digits that tell them apart. */
function sayTicks(ticks: number[], exactly: (value: number) => string): [number, string][] {
  const short = ticks.map((tick) => compact.format(tick));
  const areTold = new Set(short).size === short.length;
  return ticks.map((tick, index) => [tick, areTold ? (short[index] ?? '') : exactly(tick)]);
}

const hour = 3_600_000;
const day = 24 * hour;
/** Pixels that a label of the time axis needs. */
const labelRoom = 72;

const sayYear = timeFormat('%Y');
const sayDay = timeFormat('%-d %b');
const sayClock = timeFormat('%H:%M');

/** Round moments of the viewer's own clock. */
export function labelTime(window: [number, number], size: SeriesSize): Series['timeTicks'] {
  const { left, right } = plot(size);
  const x = scaleTime(window, [left, right]);
  const ticks = x.ticks(Math.max(2, Math.floor((right - left) / labelRoom / 1.4)));
  const step = (ticks[1]?.getTime() ?? window[1]) - (ticks[0]?.getTime() ?? window[0]);
  const isMidnight = (tick: Date) => tick.getHours() === 0 && tick.getMinutes() === 0;
  const say = (tick: Date) => {
    if (step > 300 * day) return sayYear(tick);
    return step < day && !isMidnight(tick) ? sayClock(tick) : sayDay(tick);
  };
  return ticks
    .map((tick) => ({ left: x(tick), text: say(tick) }))
    .filter(({ left: at }) => at >= left && at <= right - labelRoom / 2);
}

export interface Band {
  left: number;
  width: number;
  value: Scalar;
  held: Held;
}

/** States side by side, each as long as it held. */
export function drawBands(
  held: readonly Held[],
  window: [number, number],
  size: SeriesSize,
): Band[] {
  const { left, right } = plot(size);
  const x = scaleTime(window, [left, right]).clamp(true);
  return held.map((one) => ({
    left: x(one.from),
    width: Math.max(1, x(one.to) - x(one.from)),
    value: one.value,
    held: one,
  }));
}

/** Which value held at a moment; the nearest where none did. */
export function findHeld(held: readonly Held[], at: number): number | null {
  if (held.length === 0) return null;
  const after = held.findIndex(({ from }) => from > at);
  return after === -1 ? held.length - 1 : Math.max(0, after - 1);
}
