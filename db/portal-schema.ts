import { customType, index, integer, foreignKey, pgTable, text, unique } from 'drizzle-orm/pg-core';
import type { FileKind } from '#contract/portal.ts';
import { appReleases, apps } from './catalog-schema.ts';
import { id, moment } from './columns.ts';
import { customers } from './schema.ts';

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** The logo that an app's download portals show, re-encoded. */
export const appLogos = pgTable('app_logos', {
  appSlug: text()
    .primaryKey()
    .references(() => apps.slug),
  /** Of the content: stands in its address, so that browsers may keep it for good. */
  digest: text().notNull(),
  content: bytes().notNull(),
});

/** Files of releases. The content lies under DATA_DIR, by `storedAs`. */
export const releaseFiles = pgTable(
  'release_files',
  {
    id: id().primaryKey().generatedAlwaysAsIdentity(),
    appSlug: text().notNull(),
    releaseSequence: integer().notNull(),
    name: text().notNull(),
    /** An `airgap` bundle is offered only to customers with that feature. */
    kind: text().$type<FileKind>().notNull(),
    size: id().notNull(),
    /** SHA-256 of the content, in hex. */
    sha256: text().notNull(),
    storedAs: text().notNull().unique(),
    uploadedAt: moment().notNull().defaultNow(),
    /** By name: the file may outlast the person. */
    uploadedBy: text(),
  },
  (table) => [
    unique().on(table.appSlug, table.releaseSequence, table.name),
    foreignKey({
      name: 'release_files_release_fk',
      columns: [table.appSlug, table.releaseSequence],
      foreignColumns: [appReleases.appSlug, appReleases.releaseSequence],
    }),
  ],
);

/** Each customer's download portal, at an address that cannot be guessed. */
export const portals = pgTable('portals', {
  customerId: text()
    .primaryKey()
    .references(() => customers.id),
  slug: text().notNull().unique(),
  /** Null: no password was set yet, so nobody gets in. */
  passwordHash: text(),
  passwordSetAt: moment(),
});

/** Logins of customers. Of the token only its SHA-256 is kept. */
export const portalSessions = pgTable(
  'portal_sessions',
  {
    tokenHash: text().primaryKey(),
    customerId: text()
      .notNull()
      .references(() => customers.id),
    createdAt: moment().notNull().defaultNow(),
    expiresAt: moment().notNull(),
  },
  (table) => [index().on(table.customerId)],
);

/** What customers downloaded. Names are copies: the file may be gone. */
export const portalDownloads = pgTable(
  'portal_downloads',
  {
    id: id().primaryKey().generatedAlwaysAsIdentity(),
    customerId: text()
      .notNull()
      .references(() => customers.id),
    at: moment().notNull().defaultNow(),
    kind: text().$type<FileKind | 'license'>().notNull(),
    /** Null: the license. */
    fileId: id(),
    name: text().notNull(),
    versionLabel: text(),
    size: id().notNull(),
    /** When the last byte was handed over; null: broken off so far. */
    completedAt: moment(),
    address: text(),
  },
  (table) => [index().on(table.customerId, table.at)],
);
