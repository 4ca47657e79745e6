import { nextMidnight, startOfDay, startOfLocalDay } from '#domain/calendar.ts';
import type { Span, Time } from '#domain/model.ts';
import { deafStretches } from '#domain/presence.ts';
import { unite } from '#domain/spans.ts';
import { type Totals, addBars, bars, toBar } from '#domain/uptime.ts';
import type { Bar } from '#contract/instance.ts';
import type { HistoryEvent } from '#server/store/reads-rows.ts';
import { readWholeHistory } from '#server/store/reads-whole-history.ts';
import type { ReportDeps } from './index.ts';
import { historyUntil } from './uptime.ts';

/**
 * What is known of an instance between edges that keep to no calendar, from its first moment on: closed days as they are
 * kept, and from the events only the days that an edge cuts and those that are open. Null: there is no such instance.
 */
export async function readWholeBars(
  deps: ReportDeps,
  id: number,
  edges: Time[],
  ears: Span[],
): Promise<{ now: Time; bars: Bar[] } | null> {
  const { zone, inactiveAfter } = deps.config;
  const cutDays = unite(edges.slice(1, -1).flatMap((edge) => cutDay(zone, edge)));
  const read = await readWholeHistory(deps.db, id, zone, cutDays);
  if (read === null) return null;
  const { instance, events, closedThrough } = read;
  const end = edges.at(-1)!;
  const now = Math.min(read.now, end);
  const openFrom =
    closedThrough === null ? edges[0]! : nextMidnight(zone, startOfDay(zone, closedThrough));
  const deaf = deafStretches(ears, edges[0]!, now);
  const cut = cutDays
    .map(({ from, to }) => ({ from, to: Math.min(to, openFrom) }))
    .filter(({ from, to }) => from < to);
  const sums = edges.slice(1).map((): Totals => ({ up: 0, degraded: 0, down: 0 }));
  const add = (at: Time, totals: Totals) => {
    const bucket = Math.max(
      0,
      edges.findLastIndex((edge) => edge <= at),
    );
    sums[bucket] = addBars(sums[bucket]!, totals);
  };
  for (const { day, ...totals } of read.closedDays) {
    const start = startOfDay(zone, day);
    if (!cut.some(({ from, to }) => from <= start && start < to)) add(start, totals);
  }
  for (const { from, to } of [...cut, { from: Math.min(openFrom, end), to: end }]) {
    const inside = [from, ...edges.filter((edge) => edge > from && edge < to), to];
    const history = historyUntil(instance, eventsAround(events, { from, to }), deaf, now, {
      ears,
      inactiveAfter,
    });
    for (const [n, totals] of bars(history, inside).entries()) add(inside[n]!, totals);
  }
  return { now, bars: sums.map(toBar) };
}

/** The local day in which an edge lies, unless it begins with it. */
function cutDay(zone: string, edge: Time): Span[] {
  const from = startOfLocalDay(zone, edge);
  return from === edge ? [] : [{ from, to: nextMidnight(zone, edge) }];
}

/** The events of a span, and the next ones after it, which tell what held until then. */
function eventsAround(events: HistoryEvent[], { from, to }: Span): HistoryEvent[] {
  const first = events.findIndex(({ at }) => at >= from);
  if (first < 0) return [];
  const after = events.findIndex(({ at }) => at >= to);
  if (after < 0) return events.slice(first);
  const next = (category: HistoryEvent['category']) =>
    events.find((event, n) => n >= after && event.category === category);
  const [status, presence] = [next('app status'), next('presence')];
  return [
    ...events.slice(first, after),
    ...(status ? [status] : []),
    ...(presence ? [presence] : []),
  ];
}
