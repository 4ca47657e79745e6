import { sql } from 'drizzle-orm';
import {
  boolean,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import { id, moment, revision } from './columns.ts';

export const apps = pgTable('apps', {
  slug: text().primaryKey(),
  name: text().notNull(),
  /** False: the app defines no status informers, so no status of its instances means anything. */
  statusInformers: boolean().notNull().default(true),
  revision: revision(),
  /** Where the app's Helm charts lie, as `host/path` of an OCI registry; null: the vendor has not said. */
  helmRegistry: text(),
  /** Null: the slug. */
  helmChart: text(),
  /** Templates of the install instructions, online and air gap; null: the one that comes with Rollcall. */
  installTemplate: text(),
  airGapTemplate: text(),
  /** `#rrggbb`: the colour of its download portals; null: Rollcall's own. */
  accentColor: text(),
});

/** One row: raised by every edit of apps, channels and releases, in its transaction. Who remembers releases compares. */
export const catalogVersions = pgTable('catalog_versions', {
  id: smallint().primaryKey().default(1),
  version: integer().notNull().default(0),
});

export const channels = pgTable(
  'channels',
  {
    id: text().primaryKey(),
    appSlug: text()
      .notNull()
      .references(() => apps.slug),
    name: text().notNull(),
    revision: revision(),
  },
  (table) => [unique().on(table.appSlug, table.name)],
);

/** Releases as made, before and after they are promoted; files hang on them. */
export const appReleases = pgTable(
  'app_releases',
  {
    appSlug: text()
      .notNull()
      .references(() => apps.slug),
    releaseSequence: integer().notNull(),
    versionLabel: text().notNull(),
    releaseNotes: text().notNull().default(''),
    createdAt: moment().notNull().defaultNow(),
    revision: revision(),
  },
  (table) => [primaryKey({ columns: [table.appSlug, table.releaseSequence] })],
);

/** Releases as promoted to a channel. */
export const releases = pgTable(
  'releases',
  {
    channelId: text()
      .notNull()
      .references(() => channels.id),
    channelSequence: integer().notNull(),
    releaseSequence: integer().notNull(),
    versionLabel: text().notNull(),
    promotedAt: moment().notNull(),
    releaseNotes: text().notNull().default(''),
    isRequired: boolean().notNull().default(false),
    /** No longer offered; a running one keeps its label. */
    demotedAt: moment(),
    revision: revision(),
  },
  (table) => [primaryKey({ columns: [table.channelId, table.channelSequence] })],
);

/**
 * After a promotion every instance of the channel gets its event "Versions behind": a job in small steps, each of which
 * moves `doneThrough` in the transaction that writes the events, so that any process may go on with it.
 */
export const upstreamUpdates = pgTable(
  'upstream_updates',
  {
    id: id().primaryKey().generatedAlwaysAsIdentity(),
    channelId: text()
      .notNull()
      .references(() => channels.id),
    createdAt: moment().notNull().defaultNow(),
    /** Internal id of the last instance that was looked at. */
    doneThrough: id().notNull().default(0),
    finishedAt: moment(),
  },
  (table) => [
    index()
      .on(table.id)
      .where(sql`finished_at is null`),
  ],
);
