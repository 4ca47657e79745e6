import type { Bar } from '#contract/instance.ts';
import { historyOf } from '#domain/history.ts';
import type { Instance, Span, Time } from '#domain/model.ts';
import { silentAt } from '#domain/presence.ts';
import { type History, bars, toBar } from '#domain/uptime.ts';
import type { HistoryEvent, InstanceRecord } from '#server/store/reads-rows.ts';
import type { Axis } from './axis.ts';

/** What uptime depends on besides an instance and its events. */
export interface Hearing {
  ears: readonly Span[];
  /** Setting INACTIVE_AFTER, in milliseconds. */
  inactiveAfter: number;
}

/** The history of an instance from the first of `events` on, up to `now`. */
export function historyUntil(
  instance: Instance,
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
  const { closedThrough } = record;
  const firstOpen = axis.days.findIndex((day) => closedThrough === null || day > closedThrough);
  const now = Math.min(record.now, axis.edges.at(-1)!);
  const history = historyUntil(record.instance, record.events, axis.deaf, now, hearing);
  const open = bars(history, axis.edges.slice(firstOpen)).map(toBar);
  // A closed day without a row is one of which nothing is known.
  const closed = axis.days.slice(0, firstOpen).map((day) => {
    const totals = kept.get(day);
    return totals ? toBar(totals) : ([0, 0, 0] satisfies Bar);
  });
  const days = [...closed, ...open];
  return { closedDays: days.slice(0, -1), today: days.at(-1)! };
}
