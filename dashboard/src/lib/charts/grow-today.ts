import type { Bar, InstanceSummary } from '#contract/instance.ts';

type Growing = Pick<
  InstanceSummary,
  'today' | 'status' | 'monitored' | 'presence' | 'airGap' | 'archived'
>;

/**
 * Lets today's bar grow by the current status from the moment of which it speaks until now.
 * Without a status that is known to hold (refused, inactive, air gap, not monitored) nothing is added.
 * @param asOf milliseconds
 * @param now milliseconds
 */
export function growToday(row: Growing, asOf: number, now: number): Bar {
  const { status, monitored, presence, airGap } = row;
  const seconds = (now - asOf) / 1000;
  const holds = presence === 'current' || presence === 'late';
  if (seconds <= 0 || status === null || !monitored || airGap || !holds) return row.today;
  const [up, degraded, down] = row.today;
  if (status === 'ready' || status === 'updating') return [up + seconds, degraded, down];
  if (status === 'degraded') return [up, degraded + seconds, down];
  return [up, degraded, down + seconds];
}
