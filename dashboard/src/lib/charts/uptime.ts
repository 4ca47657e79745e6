import { scaleBand, scaleLinear } from 'd3';
import type { Bar } from '#contract/instance.ts';

/** Outlines of all bars of one chart, one SVG path for each kind of time. */
export interface BarPaths {
  frame: string;
  up: string;
  degraded: string;
  down: string;
  noData: string;
  /** A small mark below every bar with down time, so that it shows without colour. */
  marks: string;
}

export interface ChartSize {
  width: number;
  height: number;
  /** Share of a step left empty between two bars. */
  gap: number;
}

/** Any down time at all is at least this many pixels high. */
const leastDown = 2;
/** Room below the bars for the marks. */
export const markRoom = 5;

const rectangle = (x: number, y: number, width: number, height: number) =>
  `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}z`;
const triangle = (x: number, y: number) => `M${round(x)} ${round(y)}l2.6 3.5h-5.2z`;
const round = (value: number) => Math.round(value * 100) / 100;

function placeBars(count: number, size: ChartSize) {
  return scaleBand<number>()
    .domain(Array.from({ length: count }, (_, index) => index))
    .range([0, size.width])
    .paddingInner(size.gap);
}

/**
 * Stacks each bucket's known time from the baseline: down, degraded, up; above it, up to now, what is not known.
 * @param bars seconds per bucket
 * @param edges milliseconds; bucket i runs from edges[i] to edges[i + 1]
 * @param now milliseconds; what lies after it stays empty
 */
export function drawBars(bars: Bar[], edges: number[], now: number, size: ChartSize): BarPaths {
  const paths: BarPaths = { frame: '', up: '', degraded: '', down: '', noData: '', marks: '' };
  const x = placeBars(bars.length, size);
  const width = x.bandwidth();
  const floor = size.height - markRoom;

  bars.forEach(([up, degraded, down], index) => {
    const from = edges[index] ?? 0;
    const length = Math.max(1, ((edges[index + 1] ?? from) - from) / 1000);
    const elapsed = Math.min(length, Math.max(0, (now - from) / 1000));
    const scale = scaleLinear([0, length], [0, floor]).clamp(true);
    const left = x(index) ?? 0;
    let y = floor;
    const pile = (kind: 'up' | 'degraded' | 'down' | 'noData', height: number) => {
      const fitting = Math.min(height, y);
      if (fitting <= 0.05) return;
      y -= fitting;
      paths[kind] += rectangle(left, y, width, fitting);
    };

    paths.frame += rectangle(left, 0, width, floor);
    if (down > 0) {
      pile('down', Math.max(leastDown, scale(down)));
      paths.marks += triangle(left + width / 2, floor + 1.5);
    }
    pile('degraded', degraded > 0 ? Math.max(1, scale(degraded)) : 0);
    pile('up', Math.min(scale(up), scale(elapsed) - (floor - y)));
    pile('noData', scale(elapsed) - (floor - y));
  });
  return paths;
}

/** Which bar lies under `x` pixels from the left. */
export function findBar(x: number, count: number, width: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor((x / width) * count)));
}

/** Left edge and width of one bar, for the mark that follows pointer and keys. */
export function locateBar(index: number, count: number, size: ChartSize) {
  const x = placeBars(count, size);
  return { left: x(index) ?? 0, width: x.bandwidth() };
}
