import { bigint, integer, timestamp } from 'drizzle-orm/pg-core';

/** A moment, to the millisecond: what JavaScript can carry back unchanged. */
export const moment = () => timestamp({ withTimezone: true, precision: 3, mode: 'date' });
export const id = () => bigint({ mode: 'number' });

/** Raised by every edit: whoever edits an older one than there is, is refused (optimistic concurrency). */
export const revision = () => integer().notNull().default(0);
