import type { Bar, BarAxis } from '#contract/instance.ts';
import { formatLongDuration, formatMinute } from '../format/time.ts';
import type { HintContent, HintLine } from '../hint.svelte.ts';
import { formatRatio, uptimeRatio } from '#domain/uptime.ts';
import { formatShare, sumBars } from './ratio.ts';

const kinds = [
  ['Up', 'var(--bar-up)'],
  ['Degraded', 'var(--bar-degraded)'],
  ['Down', 'var(--bar-down)'],
] as const;

/**
 * What a bar says when asked: its exact span in the viewer's own time, each kind of time, and Rollcall's own silence.
 * @param now milliseconds; the last bar ends there
 */
export function describeBar(bar: Bar, index: number, axis: BarAxis, now: number): HintContent {
  const from = Date.parse(axis.edges[index] ?? '');
  const end = Date.parse(axis.edges[index + 1] ?? '');
  const to = Math.min(end, Math.max(from, now));
  const sum = sumBars([bar]);
  const lines: HintLine[] = [];
  const known = sum.up + sum.degraded + sum.down;
  const isKnown = uptimeRatio(sum) !== null;
  if (isKnown) lines.push({ label: 'Uptime', value: formatRatio(sum) });
  kinds.forEach(([label, colour], kind) => {
    const seconds = bar[kind] ?? 0;
    if (seconds <= 0 || !isKnown) return;
    const length = formatLongDuration(seconds * 1000);
    lines.push({ label, value: `${length} · ${formatShare(seconds * 1000, sum)}`, colour });
  });
  const unknown = to - from - known;
  if (unknown >= 60_000) lines.push({ label: 'No data', value: formatLongDuration(unknown) });
  for (const outage of axis.outages) {
    const length = Math.min(to, Date.parse(outage.to)) - Math.max(from, Date.parse(outage.from));
    if (length <= 0) continue;
    lines.push({ label: 'Rollcall was not listening', value: formatLongDuration(length) });
  }
  return { title: sayBarSpan(index, axis, now), lines };
}

/** A bar's exact span in the viewer's own time: "24 Nov, 06:00 – 14:00". The last bar ends `now`. */
export function sayBarSpan(index: number, axis: BarAxis, now: number): string {
  const [from, to] = [axis.edges[index] ?? '', axis.edges[index + 1] ?? ''];
  return `${formatMinute(from)} – ${now < Date.parse(to) ? 'now' : formatMinute(to)}`;
}
