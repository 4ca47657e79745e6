import type { BarAxis } from '#contract/instance.ts';
import { dayEdges, localDay } from '#domain/calendar.ts';
import type { Span, Time } from '#domain/model.ts';
import { deafStretches } from '#domain/presence.ts';
import type { Days } from '#server/store/reads-rows.ts';
import { toInstant } from '#domain/instant.ts';

/** Local days up to today: bar `i` runs from `edges[i]` to `edges[i + 1]`; the last edge is the next midnight. */
export interface Axis extends Days {
  edges: Time[];
  /** When Rollcall was not listening, inside the axis. */
  deaf: Span[];
}

export function layAxis(zone: string, now: Time, days: number, ears: readonly Span[]): Axis {
  const edges = dayEdges(zone, now, days);
  const starts = edges.slice(0, -1);
  return {
    zone,
    edges,
    starts,
    days: starts.map((start) => localDay(zone, start)),
    deaf: deafStretches(ears, edges[0]!, now),
  };
}

export function presentAxis(axis: Axis): BarAxis {
  return {
    edges: axis.edges.map(toInstant),
    zone: axis.zone,
    outages: axis.deaf.map(({ from, to }) => ({ from: toInstant(from), to: toInstant(to) })),
  };
}
