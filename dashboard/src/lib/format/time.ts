import type { Instant } from '#contract/instance.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
export const day = 24 * hour;

/**
 * A duration in its largest unit, cut and not rounded: "12 s", "5 min", "3 h", "12 d".
 * @param duration milliseconds; below nothing counts as nothing
 */
export function formatDuration(duration: number): string {
  const length = Math.max(0, duration);
  if (length < minute) return `${Math.floor(length / second)} s`;
  if (length < hour) return `${Math.floor(length / minute)} min`;
  if (length < 2 * day) return `${Math.floor(length / hour)} h`;
  return `${Math.floor(length / day)} d`;
}

/** The same in two units, for places with room: "3 h 12 min". */
export function formatLongDuration(duration: number): string {
  const length = Math.max(0, duration);
  if (length < minute) return `${Math.floor(length / second)} s`;
  if (length < hour) return `${Math.floor(length / minute)} min`;
  const [large, small, words] =
    length < 2 * day ? [hour, minute, ['h', 'min']] : [day, hour, ['d', 'h']];
  const rest = Math.floor((length % large) / small);
  const whole = `${Math.floor(length / large)} ${words[0]}`;
  return rest === 0 || length >= 14 * day ? whole : `${whole} ${rest} ${words[1]}`;
}

/** The whole of a duration, to the millisecond: "3 d 4 h 12 min 5.25 s". A negative one has its sign. */
export function formatWholeDuration(duration: number): string {
  const length = Math.abs(duration);
  const parts = [
    [Math.floor(length / day), 'd'],
    [Math.floor((length % day) / hour), 'h'],
    [Math.floor((length % hour) / minute), 'min'],
    [(length % minute) / second, 's'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return `${duration < 0 ? '− ' : ''}${said.join(' ') || '0 s'}`;
}

const exact = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});
const toTheMillisecond = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  timeZoneName: 'short',
});
const toTheMinute = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

const withSeconds = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const year = new Intl.DateTimeFormat('en-GB', { year: 'numeric' });

/** All in the viewer's own time zone. */
export const formatExact = (at: Instant) => exact.format(new Date(at));
export const formatMillisecond = (at: Instant) => toTheMillisecond.format(new Date(at));
export const formatMinute = (at: Instant) => toTheMinute.format(new Date(at));
export const formatDate = (at: Instant) => date.format(new Date(at));
/** To the second, with the year where it is another than that of `now` (milliseconds): "24 Nov, 12:52:07". */
export function formatMoment(at: Instant, now: number): string {
  const date = new Date(at);
  const its = year.format(date);
  return its === year.format(now)
    ? withSeconds.format(date)
    : withSeconds.format(date).replace(',', ` ${its},`);
}
export const formatClock = (at: Instant | number) => clock.format(new Date(at));

/** Labels of a calendar axis, which follows the workspace's zone and not the viewer's. */
export const formatDayOfMonth = (at: Instant, zone: string) =>
  new Intl.DateTimeFormat('en-GB', { day: 'numeric', timeZone: zone }).format(new Date(at));
export const formatMonth = (at: Instant, zone: string) =>
  new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: zone }).format(
    new Date(at),
  );
