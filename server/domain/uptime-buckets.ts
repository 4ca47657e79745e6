import type { UptimeRange } from '#contract/activity.ts';
import { dayEdges, hourOfDay, weekdayOf } from './calendar.ts';
import type { Time } from './model.ts';

const minute = 60_000;
const hour = 60 * minute;
/** Most bars of the whole history. */
const mostBars = 60;
/** The current week and those of a year before it. */
const weeksOfYear = 53;

/** Local days that a range of calendar buckets covers, today last; null: it is not made of days. */
export function daysOfRange(range: UptimeRange, zone: string, now: Time): number | null {
  if (range === '45d') return 45;
  if (range === '90d') return 90;
  if (range === '1y') return 7 * (weeksOfYear - 1) + weekdayOf(zone, now) + 1;
  return null;
}

/**
 * The edges of a range's buckets, oldest first; the last bucket is the one in which `now` falls. Buckets follow the
 * zone's clock: its hours, thirds of its days, its days, its weeks from Monday on. Only those of the whole history are
 * equally long instead, from `first` on.
 */
export function bucketEdges(range: UptimeRange, zone: string, now: Time, first: Time): Time[] {
  if (range === 'all') return equalEdges(Math.min(first, now), now);
  if (range === '2d') return upTo(now, hourEdges(dayEdges(zone, now, 3))).slice(-49);
  if (range === '2w') return upTo(now, thirdEdges(zone, dayEdges(zone, now, 14)));
  const days = dayEdges(zone, now, daysOfRange(range, zone, now)!);
  if (range !== '1y') return days;
  const mondays = days.slice(0, -1).filter((_, index) => index % 7 === 0);
  return [...mondays, days.at(-1)!];
}

/** Without the buckets that begin after `now`. */
function upTo(now: Time, edges: Time[]): Time[] {
  return edges.slice(0, edges.findIndex((edge) => edge > now) + 1);
}

/** Whole hours since the day began; where the clock jumps by half an hour, that day's last one is shorter. */
function hourEdges(days: Time[]): Time[] {
  return days.flatMap((start, index) => {
    const end = days[index + 1] ?? start + 1;
    return Array.from({ length: Math.ceil((end - start) / hour) }, (_, n) => start + n * hour);
  });
}

/** The days at midnight, 8 and 16 o'clock. */
function thirdEdges(zone: string, days: Time[]): Time[] {
  return days.flatMap((start, index) =>
    index === days.length - 1
      ? [start]
      : [start, hourOfDay(zone, start, 8), hourOfDay(zone, start, 16)],
  );
}

function equalEdges(first: Time, now: Time): Time[] {
  const width = Math.max(1, Math.ceil((now + 1 - first) / mostBars / minute)) * minute;
  const count = Math.floor((now - first) / width) + 1;
  return Array.from({ length: count + 1 }, (_, index) => first + index * width);
}

/** Sums of seven days each, beside `daysOfRange` of a year. */
export function sumWeeks<T>(days: readonly T[], sum: (days: readonly T[]) => T): T[] {
  const weeks: T[] = [];
  for (let at = 0; at < days.length; at += 7) weeks.push(sum(days.slice(at, at + 7)));
  return weeks;
}
