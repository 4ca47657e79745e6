import type { Bar, BarAxis } from '#contract/instance.ts';
import { hint } from '../hint.svelte.ts';
import { describeBar } from './describe-bar.ts';
import { type ChartSize, locateBar } from './uptime.ts';

interface Chart {
  bars: Bar[];
  axis: BarAxis;
  /** Milliseconds, by the server's clock. */
  now: number;
  size: ChartSize;
}

/** Says what a bar holds, above the place where it stands on screen. */
export function hintBar(svg: SVGSVGElement, index: number, { bars, axis, now, size }: Chart) {
  const box = svg.getBoundingClientRect();
  const stretch = box.width / size.width;
  const { left, width } = locateBar(index, bars.length, size);
  const place = new DOMRect(box.left + left * stretch, box.top, width * stretch, box.height);
  hint.show(svg, place, describeBar(bars[index] ?? [0, 0, 0], index, axis, now));
}
