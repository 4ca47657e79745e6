import type { CustomerRow } from '#contract/customers.ts';
import { sayExpiry as judgeExpiry } from '../customer/say-expiry.ts';
import { formatDate } from '../format/time.ts';

export interface SpokenExpiry {
  words: string;
  /** What is marked, by word and colour. */
  mark: 'expired' | 'soon' | null;
}

/** @param now milliseconds */
export function sayExpiry({ expiresAt }: CustomerRow['license'], now: number): SpokenExpiry {
  const { kind, mark } = judgeExpiry(expiresAt, now);
  if (expiresAt === null) return { words: 'No expiry', mark: null };
  if (kind === 'expired') return { words: `Expired ${formatDate(expiresAt)}`, mark: kind };
  if (kind === 'soon') return { words: mark ?? '', mark: kind };
  return { words: `until ${formatDate(expiresAt)}`, mark: null };
}
