import type { Bar } from '#contract/instance.ts';
import type { StatusValue } from '#contract/status.ts';
import type { PresenceValue } from './events.ts';
import type { History, StatusChange } from './history.ts';
import type { Span, Time } from './model.ts';
import { intersect, subtract, unite } from './spans.ts';
import { type BarState, barState } from './status.ts';

export type { History } from './history.ts';
export { coverage, formatRatio, uptimeRatio } from './ratio.ts';

/** A stretch of known time. */
export interface Segment extends Span {
  state: BarState;
}

/** Milliseconds of known time; what is missing to the length of the window is no data. */
export interface Totals {
  up: number;
  degraded: number;
  down: number;
}

/** One status from the event that set it to the next; `unheardSince`: deafness after it is no data. */
export interface Held extends Span {
  status: StatusValue | null;
  unheardSince: Time | null;
}

/**
 * The known time of [from, to), oldest first, neighbours of one state joined. A status holds until the next status
 * event, but not while the instance is inactive or refused, nor over deafness that no report has bridged.
 */
export function knownSegments(history: History, from: Time, to: Time): Segment[] {
  const end = Math.min(to, history.openEnd);
  const held = heldStatuses(history);
  const holes = unite([...absences(history), ...unheard(history, held)]);
  const segments: Segment[] = [];
  let hole = 0;
  for (const { status, ...span } of held) {
    const state = status === null ? null : barState(status);
    const stretch = { from: Math.max(span.from, from), to: Math.min(span.to, end) };
    if (state === null || stretch.from >= stretch.to) continue;
    while (hole < holes.length && (holes[hole] as Span).to <= stretch.from) hole++;
    for (const part of subtract(stretch, holes, hole)) append(segments, { ...part, state });
  }
  return segments;
}

function append(segments: Segment[], segment: Segment): void {
  const last = segments.at(-1);
  if (last !== undefined && last.to === segment.from && last.state === segment.state) {
    last.to = segment.to;
  } else {
    segments.push(segment);
  }
}

/** Every status that ever held, from the beginning of time to where knowledge ends, without gaps. */
export function heldStatuses(history: History): Held[] {
  const first = history.statuses[0];
  // Without any change the present status held all along; of that, the deafness since its last report is open.
  const held: Held[] = [];
  let from = first === undefined ? (history.statusSince ?? Infinity) : -Infinity;
  let status = first === undefined ? history.status : first.before;
  for (const change of history.statuses) {
    held.push({ from, to: change.at, status, unheardSince: change.unheardSince });
    from = change.at;
    status = change.after;
  }
  const unheardSince = history.airGap ? null : history.statusReportedAt;
  held.push({ from, to: history.openEnd, status, unheardSince });
  return held;
}

/** Deafness inside a held status, since the last report that named it, if none named it again. */
export function unheard(history: History, held: readonly Held[]): Span[] {
  if (history.deaf.length === 0) return [];
  return held.flatMap(({ from, to, unheardSince }) =>
    unheardSince === null
      ? []
      : intersect(history.deaf, { from: Math.max(from, unheardSince), to }),
  );
}

/** A stretch of which nothing is known, and why. */
export interface Absence extends Span {
  why: Exclude<PresenceValue, 'active'> | 'deaf';
}

/** While inactive or refused, and the deafness that ran into it: that gap stays one, whatever is reported later. */
export function absences(history: History): Absence[] {
  const spans: Absence[] = [];
  let presence = history.presence[0]?.before ?? history.presenceNow;
  let from = -Infinity;
  for (const change of history.presence) {
    if (presence !== 'active') spans.push({ from, to: change.at, why: presence });
    if (change.unheardSince !== null) {
      const before = { from: change.unheardSince, to: change.at };
      spans.push(
        ...intersect(history.deaf, before).map((span) => ({ ...span, why: 'deaf' as const })),
      );
    }
    presence = change.after;
    from = change.at;
  }
  if (presence !== 'active') spans.push({ from, to: Infinity, why: presence });
  return spans;
}

/**
 * The moment up to which time past is settled: from it on, a coming report may still say what held while Rollcall
 * was not listening. `Infinity` when nothing is open. A day is closed for good only up to here.
 */
export function settledUntil(history: History): Time {
  const open = heldStatuses(history).at(-1);
  if (open === undefined) return Infinity;
  const holes = unite(absences(history));
  return unheard(history, [open])
    .flatMap((span) => subtract(span, holes))
    .reduce((first, span) => Math.min(first, span.from), Infinity);
}

/** Known time in each bucket between two neighbouring `edges` (ascending), in milliseconds. */
export function bars(history: History, edges: readonly Time[]): Totals[] {
  const totals: Totals[] = edges.slice(1).map(() => ({ up: 0, degraded: 0, down: 0 }));
  let index = 0;
  for (const segment of knownSegments(history, edges[0] ?? 0, edges.at(-1) ?? 0)) {
    while ((edges[index + 1] ?? Infinity) <= segment.from) index++;
    for (let at = index; at < totals.length && (edges[at] as Time) < segment.to; at++) {
      const bucket = totals[at] as Totals;
      bucket[segment.state] +=
        Math.min(segment.to, edges[at + 1] as Time) - Math.max(segment.from, edges[at] as Time);
    }
  }
  return totals;
}

export function addBars(...parts: readonly Totals[]): Totals {
  return parts.reduce(
    (sum, part) => ({
      up: sum.up + part.up,
      degraded: sum.degraded + part.degraded,
      down: sum.down + part.down,
    }),
    { up: 0, degraded: 0, down: 0 },
  );
}

/** Seconds, for the wire. */
export const toBar = ({ up, degraded, down }: Totals): Bar => [
  up / 1000,
  degraded / 1000,
  down / 1000,
];

/** Whole milliseconds again, so that sums and ratios are exact. */
export const fromBar = ([up, degraded, down]: Bar): Totals => ({
  up: Math.round(up * 1000),
  degraded: Math.round(degraded * 1000),
  down: Math.round(down * 1000),
});

/**
 * The last bar of a page, known as of `asOf`, at `now`: it grows by the status that holds. `known`: the instance is
 * present, that is neither inactive, refused nor air gap. `now` must not go beyond the bar's end.
 */
export function growBar(
  bar: Bar,
  asOf: Time,
  now: Time,
  status: StatusValue | null,
  known: boolean,
): Bar {
  const state = status === null || !known ? null : barState(status);
  if (state === null || now <= asOf) return bar;
  const totals = fromBar(bar);
  totals[state] += Math.round(now - asOf);
  return toBar(totals);
}

/** The first moment of all at which the app was ready; an unmonitored `ready` never counts. */
export function firstReady(statuses: readonly Pick<StatusChange, 'at' | 'after'>[]): Time | null {
  return statuses.find(({ after }) => after === 'ready')?.at ?? null;
}
