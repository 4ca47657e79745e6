import { tzOffset } from '@date-fns/tz/tzOffset';
import type { Time } from './model.ts';

const minute = 60_000;
const dayLength = 86_400_000;

/** Milliseconds by which the zone's clock is ahead of UTC at that moment. */
const offsetAt = (zone: string, at: Time): number => tzOffset(zone, new Date(at)) * minute;

/** The local calendar day as a number of days since 1970-01-01. */
const dayNumber = (zone: string, at: Time): number =>
  Math.floor((at + offsetAt(zone, at)) / dayLength);

/** The local calendar day, 'YYYY-MM-DD', of a moment in an IANA zone. */
export function localDay(zone: string, at: Time): string {
  return new Date(at + offsetAt(zone, at)).toISOString().slice(0, 10);
}

/** The first moment of the local day 'YYYY-MM-DD': midnight, or where the clock jumps over midnight, the jump. */
export function startOfDay(zone: string, day: string): Time {
  return startOfDayNumber(zone, Date.parse(`${day}T00:00:00Z`) / dayLength);
}

function startOfDayNumber(zone: string, day: number): Time {
  const midnight = day * dayLength;
  const before = offsetAt(zone, midnight - dayLength);
  const after = offsetAt(zone, midnight + dayLength);
  const candidates = [midnight - before, midnight - after].filter(
    (at) => at + offsetAt(zone, at) === midnight,
  );
  if (candidates.length > 0) return Math.min(...candidates);
  return firstMoment(midnight - after, midnight - before, (at) => offsetAt(zone, at) !== before);
}

/** The first moment in (from, to] at which something holds that then goes on to hold. */
function firstMoment(from: Time, to: Time, holds: (at: Time) => boolean): Time {
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The first moment of the local day in which `at` falls. */
export function startOfLocalDay(zone: string, at: Time): Time {
  return startOfDayNumber(zone, dayNumber(zone, at));
}

/** The end of the local day in which `at` falls. */
export function nextMidnight(zone: string, at: Time): Time {
  let day = dayNumber(zone, at) + 1;
  let midnight = startOfDayNumber(zone, day);
  // A zone that crosses the date line leaves a whole day out.
  while (midnight <= at) midnight = startOfDayNumber(zone, ++day);
  return midnight;
}

/** The edges of the last `days` local days, today last: so many starts of days, oldest first, and the next midnight. */
export function dayEdges(zone: string, now: Time, days: number): Time[] {
  const edges = [nextMidnight(zone, now)];
  let day = dayNumber(zone, now);
  while (edges.length <= days) {
    const start = startOfDayNumber(zone, day--);
    if (start < (edges[0] as Time)) edges.unshift(start);
  }
  return edges;
}

/** When the local day that begins at `start` comes to that hour: 8 is eight o'clock, whatever the clock did before. */
export function hourOfDay(zone: string, start: Time, hour: number): Time {
  const local = dayNumber(zone, start) * dayLength + hour * 60 * minute;
  const guess = local - offsetAt(zone, start);
  return local - offsetAt(zone, guess);
}

/** The local day of the week: 0 is Monday. */
export const weekdayOf = (zone: string, at: Time): number => (dayNumber(zone, at) + 3) % 7;
