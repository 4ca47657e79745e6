import type { CustomerRow } from '#contract/customers.ts';
import { day, formatDate, formatDuration } from '../format/time.ts';

/** Days until the expiry of a license is marked: the contract's, whose file would bring its validator along. */
const expiresSoonDays = 30;

export interface SpokenExpiry {
  words: string;
  /** What is marked, by word and colour. */
  mark: 'expired' | 'soon' | null;
}

/** @param now milliseconds */
export function sayExpiry({ expiresAt }: CustomerRow['license'], now: number): SpokenExpiry {
  if (expiresAt === null) return { words: 'No expiry', mark: null };
  const left = Date.parse(expiresAt) - now;
  const date = formatDate(expiresAt);
  if (left <= 0) return { words: `Expired ${date}`, mark: 'expired' };
  if (left <= expiresSoonDays * day)
    return { words: `Expires in ${formatDuration(left)}`, mark: 'soon' };
  return { words: `until ${date}`, mark: null };
}
