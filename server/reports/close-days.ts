import type { Db } from '#db/client.ts';
import { localDay, nextMidnight, startOfDay, startOfLocalDay } from '#domain/calendar.ts';
import type { Instance, Span, Time } from '#domain/model.ts';
import { deafStretches } from '#domain/presence.ts';
import { bars, settledUntil } from '#domain/uptime.ts';
import type { Config } from '#server/config.ts';
import { readNow } from '#server/store/reads-customers.ts';
import {
  type Closing,
  type DeafDay,
  type Unclosed,
  adoptZone,
  holdZone,
  isSettled,
  lockUnclosed,
  readHistories,
  writeClosedDays,
} from '#server/store/reads-days.ts';
import type { HistoryEvent } from '#server/store/reads-rows.ts';
import { historyUntil } from './uptime.ts';

export interface ClosingDeps {
  db: Db;
  config: Pick<Config, 'zone' | 'inactiveAfter'>;
  /** When Rollcall could hear, oldest first, the last stretch open until now. */
  ears: () => Span[];
}

/** Days of one instance that are closed in one pass; a longer history takes several. */
const mostDays = 400;
/** Days of all instances in one pass, about: check-ins of the instances wait for the pass to end. */
const mostDaysInAll = 2_000;

/**
 * Writes what the events say of local days that are over into `instance_days`, so that lists need not reckon it again.
 * A day stays open while a coming report may still decide on a stretch of it in which Rollcall was not listening.
 * @param limit most instances in this pass
 * @returns how many instances it brought forward; 0: nothing is left to do now
 */
export async function closeDays(deps: ClosingDeps, limit: number): Promise<number> {
  const { db, config } = deps;
  await adoptZone(db, config.zone);
  const now = await readNow(db);
  const today = startOfLocalDay(config.zone, now);
  const ears = deps.ears();
  return db.transaction(async (tx) => {
    if (!(await holdZone(tx, config.zone))) return 0;
    const unclosed = await lockUnclosed(tx, {
      yesterday: localDay(config.zone, today - 1),
      today,
      deaf: deafDays(config.zone, ears, today),
      limit,
    });
    if (unclosed.length === 0) return 0;
    const calendar = openCalendar(config.zone);
    const spans: { instance: Instance; edges: Time[] }[] = [];
    let days = 0;
    for (const one of unclosed) {
      const edges = edgesToClose(one, calendar, today);
      spans.push({ instance: one.instance, edges });
      days += edges.length;
      if (days > mostDaysInAll) break;
    }
    const histories = await readHistories(
      tx,
      spans.map(({ instance, edges }) => ({ id: instance.id, from: edges[0]! })),
    );
    const closings = spans.flatMap(({ instance, edges }) => {
      const events = histories.get(instance.id) ?? [];
      return close(instance, edges, events, now, { ...config, ears, calendar }) ?? [];
    });
    await writeClosedDays(tx, closings);
    return closings.length;
  });
}

interface Calendar {
  zone: string;
  /** The end of the local day that begins at `start`. */
  endOf(start: Time): Time;
  nameOf(start: Time): string;
}

/** Days are few and instances many: each day is reckoned once in a pass. */
function openCalendar(zone: string): Calendar {
  const ends = new Map<Time, Time>();
  const names = new Map<Time, string>();
  const remember = <T>(known: Map<Time, T>, start: Time, reckon: (zone: string, at: Time) => T) => {
    const value = known.get(start) ?? reckon(zone, start);
    known.set(start, value);
    return value;
  };
  return {
    zone,
    endOf: (start) => remember(ends, start, nextMidnight),
    nameOf: (start) => remember(names, start, localDay),
  };
}

/** Edges of the days to close, oldest first, none of them after the start of today. */
function edgesToClose(
  { instance, closedThrough }: Unclosed,
  { zone, endOf }: Calendar,
  today: Time,
): Time[] {
  const first =
    closedThrough === null
      ? startOfLocalDay(zone, instance.firstSeenAt)
      : endOf(startOfDay(zone, closedThrough));
  const edges = [first];
  while (edges.at(-1)! < today && edges.length <= mostDays) edges.push(endOf(edges.at(-1)!));
  return edges;
}

function close(
  instance: Instance,
  edges: Time[],
  events: HistoryEvent[],
  now: Time,
  hearing: { ears: Span[]; inactiveAfter: number; calendar: Calendar },
): Closing | null {
  const deaf = deafStretches(hearing.ears, edges[0]!, now);
  const history = historyUntil(instance, events, deaf, now, hearing);
  const settled = isSettled(instance) ? Infinity : settledUntil(history);
  const closable = edges.filter((edge) => edge <= settled);
  if (closable.length < 2) return null;
  const days = bars(history, closable).map((totals, n) => ({
    day: hearing.calendar.nameOf(closable[n]!),
    ...totals,
  }));
  return {
    instance: instance.id,
    through: days.at(-1)!.day,
    // Nothing known needs no row.
    days: days.filter(({ up, degraded, down }) => up + degraded + down > 0),
  };
}

/** The local days before `today` in which Rollcall was deaf for a while. */
function deafDays(zone: string, ears: Span[], today: Time): DeafDay[] {
  const days = new Map<Time, DeafDay>();
  for (const { from, to } of deafStretches(ears, 0, today)) {
    for (let start = startOfLocalDay(zone, from); start < to; start = nextMidnight(zone, start)) {
      const end = nextMidnight(zone, start);
      days.set(start, { day: localDay(zone, start), start, end, deafUntil: to });
    }
  }
  return [...days.values()];
}
