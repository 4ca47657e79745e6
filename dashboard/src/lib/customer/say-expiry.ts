import type { Instant } from '#contract/instance.ts';
import { expiresSoonDays } from '#contract/status.ts';
import { day, formatDuration } from '../format/time.ts';

export { expiresSoonDays };

export interface SpokenExpiry {
  kind: 'never' | 'later' | 'soon' | 'expired';
  /** Said beside the date, where it wants to be noticed. */
  mark: string | null;
}

/** @param now milliseconds, by the server's clock */
export function sayExpiry(expiresAt: Instant | null, now: number): SpokenExpiry {
  if (expiresAt === null) return { kind: 'never', mark: null };
  const left = Date.parse(expiresAt) - now;
  if (left <= 0) return { kind: 'expired', mark: 'Expired' };
  if (left > expiresSoonDays * day) return { kind: 'later', mark: null };
  return { kind: 'soon', mark: `Expires in ${formatDuration(left)}` };
}
