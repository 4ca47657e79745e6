import type { UptimeInterval } from '#contract/activity.ts';
import type { StatusValue } from '#contract/status.ts';
import type { History } from './history.ts';
import type { Span, Time } from './model.ts';
import { intersect } from './spans.ts';
import { type BarState, barState } from './status.ts';
import { absences, heldStatuses, unheard } from './uptime.ts';

/** A stretch in which one thing held, and what a ratio makes of it. */
export interface Explained extends Span {
  /** Null: no data, for the reason `why`. */
  counted: BarState | null;
  status: StatusValue | null;
  why: UptimeInterval['why'];
}

type Reason = NonNullable<UptimeInterval['why']>;

/** Where reasons overlap, the later ones in this list have the word. */
const reasons = ['Rollcall was not listening', 'inactive', 'refused'] as const;
const reasonOf = { deaf: reasons[0], inactive: reasons[1], refused: reasons[2] };

/** Every moment of [from, to) with what it counts as, oldest first, without gaps; neighbours that say the same are one. */
export function explainUptime(history: History, from: Time, to: Time): Explained[] {
  const window = { from, to };
  const held = heldStatuses(history);
  const holes = [
    ...unheard(history, held).map((span) => ({ ...span, why: 'deaf' as const })),
    ...absences(history),
  ].flatMap((hole) => intersect([hole], window).map((span) => ({ ...span, why: hole.why })));
  const spans = held.flatMap(({ status, ...span }) =>
    intersect([span], window).map((inside) => ({ ...inside, status })),
  );
  const cuts = [...spans, ...holes].flatMap((span) => [span.from, span.to]);
  const edges = [...new Set([from, ...cuts, to])].sort((a, b) => a - b);
  const active = openSweep(holes);
  const explained: Explained[] = [];
  let at = 0;
  for (const [index, start] of edges.slice(0, -1).entries()) {
    while (at < spans.length && spans[at]!.to <= start) at += 1;
    const span = spans[at];
    const status = span !== undefined && span.from <= start ? span.status : null;
    const why = active(start) ?? whyUnknown(history, status, start);
    const counted = why === null && status !== null ? barState(status) : null;
    append(explained, { from: start, to: edges[index + 1]!, counted, status, why });
  }
  return explained;
}

/** Tells, for moments that only move on, which reason there is not to know. */
function openSweep(holes: (Span & { why: keyof typeof reasonOf })[]): (at: Time) => Reason | null {
  const waiting = holes.toSorted((a, b) => b.from - a.from);
  let open: typeof waiting = [];
  return (at) => {
    while (waiting.length > 0 && waiting.at(-1)!.from <= at) open.push(waiting.pop()!);
    open = open.filter(({ to }) => to > at);
    return reasons.findLast((reason) => open.some(({ why }) => reasonOf[why] === reason)) ?? null;
  };
}

function whyUnknown(history: History, status: StatusValue | null, at: Time): Reason | null {
  if (at >= history.openEnd) return history.airGap ? 'after the last report' : 'archived';
  if (status === null) return 'before the first status';
  return barState(status) === null ? 'not monitored' : null;
}

function append(explained: Explained[], next: Explained): void {
  const last = explained.at(-1);
  if (last && last.status === next.status && last.why === next.why) last.to = next.to;
  else explained.push(next);
}
