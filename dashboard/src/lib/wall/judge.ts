import type { Attention } from '#contract/status.ts';
import type { Millis, WallCounts, WallInstance } from '#contract/wall.ts';

/** What an instance asks of the person looking, and since when. */
export interface Verdict {
  attention: Attention;
  /** Null: unknown. */
  since: Millis | null;
}

type Judged = Pick<
  WallInstance,
  'attention' | 'presence' | 'presenceSince' | 'statusSince' | 'lateAt'
>;

/**
 * As the server says, but that silence counts from the moment it is too long: nobody waits until the server notices.
 * Pure.
 * @param now milliseconds, by the server's clock
 */
export function judge(row: Judged, now: Millis): Verdict {
  if (isSilent(row, now)) return { attention: 'late', since: row.lateAt };
  const since = row.presence === 'current' ? row.statusSince : row.presenceSince;
  return { attention: row.attention, since };
}

/** Whether it has turned late since the server spoke of it. */
function isSilent({ presence, lateAt }: Judged, now: Millis): boolean {
  return presence === 'current' && lateAt !== null && now >= lateAt;
}

/** The counts of the header, by the present verdicts. Pure. */
export function countWall(rows: Iterable<WallInstance>, now: Millis): Omit<WallCounts, 'archived'> {
  const byAttention: Record<Attention, number> = {
    unavailable: 0,
    missing: 0,
    degraded: 0,
    refused: 0,
    late: 0,
    updating: 0,
    unreported: 0,
    inactive: 0,
    ready: 0,
  };
  const counts = { total: 0, airGap: 0, monitored: 0, ready: 0, byAttention };
  for (const row of rows) {
    const { attention } = judge(row, now);
    counts.total += 1;
    counts.byAttention[attention] += 1;
    if (row.airGap) counts.airGap += 1;
    if (row.status === null || !row.monitored || row.airGap) continue;
    counts.monitored += 1;
    if (attention === 'ready') counts.ready += 1;
  }
  return counts;
}

/**
 * When all of those that should speak are late: the last moment any of them was heard; null: somebody is heard, or
 * nobody is expected to speak. Pure.
 */
export function allLateSince(rows: Iterable<WallInstance>, now: Millis): Millis | null {
  let heard: Millis | null = null;
  for (const row of rows) {
    if (row.airGap || row.presence === 'inactive' || row.presence === 'refused') continue;
    if (judge(row, now).attention !== 'late') return null;
    heard = Math.max(heard ?? 0, row.lastCheckInAt);
  }
  return heard;
}

/** How many customers they belong to. Pure. */
export function countCustomers(rows: Iterable<WallInstance>): number {
  const numbers = new Set<number>();
  for (const { customer } of rows) numbers.add(customer);
  return numbers.size;
}
