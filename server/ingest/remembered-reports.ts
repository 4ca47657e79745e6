import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { CheckIn } from '#domain/model.ts';

/** What a report's headers and body came to: everything but who may send it, which is asked each time. */
export interface UnderstoodReport {
  licenseId: string;
  checkIn: CheckIn;
  /** Headers that were there and could not be read. */
  ignored: string[];
}

/**
 * The reports that were understood lately, by what was sent: an instance says the same words again and again, and need
 * be understood once. Who gets one must not change it. The one that was used longest ago goes first.
 */
export type RememberedReports = LRUCache<string, UnderstoodReport>;

export const createRememberedReports = (limit: number): RememberedReports =>
  new LRUCache({ max: limit });

/** Names and values cannot hold a line break, so no two requests are written alike. */
export function keyOfRequest(rawHeaders: string[], body: Buffer): string {
  return hash('sha256', `${rawHeaders.join('\n')}\n\n${body.toString('latin1')}`, 'base64');
}
