import { sql } from 'drizzle-orm';
import { customType, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { id, moment } from './columns.ts';
import { instances } from './schema.ts';

const cidr = customType<{ data: string }>({ dataType: () => 'cidr' });

/**
 * What came without authentication: progress of installs, and of embedded clusters. Unverified, bounded in number and
 * kept for a week, unless an instance turns up that it belongs to.
 */
export const anonymousReports = pgTable(
  'anonymous_reports',
  {
    id: id().primaryKey().generatedAlwaysAsIdentity(),
    receivedAt: moment().notNull().defaultNow(),
    /** Which call it was, such as `start_install`. */
    kind: text().notNull(),
    /** The install id or cluster id by which an instance may claim it. */
    key: text().notNull(),
    body: jsonb().$type<Record<string, unknown>>().notNull(),
    /** The network it came from, while no instance has claimed it: how many are kept of each is bounded. */
    network: text(),
    /** The instance that claimed it. */
    instance: id().references(() => instances.id),
  },
  (table) => [
    index().on(table.key),
    index().on(table.receivedAt),
    index()
      .on(table.network)
      .where(sql`instance is null`),
  ],
);

/** Published address ranges of cloud providers, as the vendor's operator loaded them. */
export const cloudRanges = pgTable('cloud_ranges', {
  network: cidr().primaryKey(),
  provider: text().notNull(),
  region: text(),
  /** The file it came from, and the date that the file itself names. */
  source: text().notNull(),
  dated: text().notNull(),
});
