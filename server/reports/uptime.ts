import type { Bar } from '#contract/instance.ts';
import { historyOf } from '#domain/history.ts';
import type { Span, Time } from '#domain/model.ts';
import { silentAt } from '#domain/presence.ts';
import { type History, type Totals, addBars, bars, toBar } from '#domain/uptime.ts';
import type { HistoryEvent, InstanceRecord } from '#server/store/reads-rows.ts';
import type { UptimeRecord, UptimeSubject } from '#server/store/reads-uptime.ts';
import type { Axis } from './axis.ts';

/** What uptime depends on besides an instance and its events. */
export interface Hearing {
  ears: readonly Span[];
  /** Setting INACTIVE_AFTER, in milliseconds. */
  inactiveAfter: number;
}

/** The history of an instance from the first of `events` on, up to `now`. */
export function historyUntil(
  instance: UptimeSubject,
  events: HistoryEvent[],
  deaf: Span[],
  now: Time,
  { ears, inactiveAfter }: Hearing,
): History {
  // Archived instances are not marked inactive: what is known of them ends where they fell silent.
  const silent = instance.archivedAt === null ? null : silentAt(instance, inactiveAfter, ears);
  return historyOf(instance, events, deaf, Math.min(now, silent ?? now));
}

/** The bars of an instance along an axis: closed days as they are kept, the others from the events. */
export function instanceBars(
  record: InstanceRecord,
  axis: Axis,
  hearing: Hearing,
): { closedDays: Bar[]; today: Bar } {
  const kept = new Map(record.closedDays.map((closed) => [closed.day, closed]));
  const { firstOpen, totals } = openDays(record, axis, hearing);
  const open = totals.map(toBar);
  // A closed day without a row is one of which nothing is known.
  const closed = axis.days.slice(0, firstOpen).map((day) => {
    const totals = kept.get(day);
    return totals ? toBar(totals) : ([0, 0, 0] satisfies Bar);
  });
  const days = [...closed, ...open];
  return { closedDays: days.slice(0, -1), today: days.at(-1)! };
}

/** Known time of an instance over the whole axis, as of `record.now`: the sum of its bars. */
export function knownTime(record: UptimeRecord, axis: Axis, hearing: Hearing): Totals {
  return addBars(record.closed, ...openDays(record, axis, hearing).totals);
}

/** The days from the first on that is not closed, reckoned from the events. */
function openDays(
  record: Pick<UptimeRecord, 'now' | 'instance' | 'closedThrough' | 'events'>,
  axis: Axis,
  hearing: Hearing,
): { firstOpen: number; totals: Totals[] } {
  const { closedThrough, instance, events } = record;
  const firstOpen = axis.days.findIndex((day) => closedThrough === null || day > closedThrough);
  const now = Math.min(record.now, axis.edges.at(-1)!);
  const history = historyUntil(instance, events, axis.deaf, now, hearing);
  return { firstOpen, totals: bars(history, axis.edges.slice(firstOpen)) };
}
