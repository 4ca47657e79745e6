import { hash } from 'node:crypto';
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
 * be understood once. Who gets one must not change it.
 */
export interface RememberedReports {
  get(key: string): UnderstoodReport | undefined;
  set(key: string, report: UnderstoodReport): void;
}

/** The one that was used longest ago goes first. */
export function createRememberedReports(limit: number): RememberedReports {
  let young = new Map<string, UnderstoodReport>();
  let old = new Map<string, UnderstoodReport>();
  const keep = (key: string, report: UnderstoodReport) => {
    if (young.size >= limit / 2) {
      old = young;
      young = new Map();
    }
    young.set(key, report);
  };
  return {
    get(key) {
      const report = young.get(key);
      if (report) return report;
      const older = old.get(key);
      if (older) keep(key, older);
      return older;
    },
    set: keep,
  };
}

/** Names and values cannot hold a line break, so no two requests are written alike. */
export function keyOfRequest(rawHeaders: string[], body: Buffer): string {
  return hash('sha256', `${rawHeaders.join('\n')}\n\n${body.toString('latin1')}`, 'base64');
}
