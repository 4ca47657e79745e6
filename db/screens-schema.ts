import { boolean, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { ScreenScope } from '#contract/screens.ts';
import type { Redaction, WallOptions } from '#contract/wall.ts';
import { moment, revision } from './columns.ts';

/** Wall screens. */
export const screens = pgTable('screens', {
  /** Stands in the name of the cookie; no secret. */
  id: text().primaryKey(),
  name: text().notNull(),
  revision: revision(),
  scope: jsonb().$type<ScreenScope>().notNull(),
  redaction: text().$type<Redaction>().notNull(),
  options: jsonb().$type<WallOptions>().notNull(),
  createdAt: moment().notNull().defaultNow(),
  /** By name: the screen may outlast the person. */
  createdBy: text(),
  revokedAt: moment(),
  /** Of the last connection; about a quarter of a minute exact. */
  lastSeenAt: moment(),
  lastBuild: text(),
  lastUserAgent: text(),
});

/**
 * What screens prove themselves with. Of the secret only its SHA-256 is kept. Those that were replaced stay for a while,
 * so that a screen that still has one is told that it was revoked, and not that it mistyped.
 */
export const screenTokens = pgTable(
  'screen_tokens',
  {
    secretHash: text().primaryKey(),
    screenId: text()
      .notNull()
      .references(() => screens.id, { onDelete: 'cascade' }),
    /** True: opens only the page for browsers without script. */
    plain: boolean().notNull(),
    /** The secret's first characters, to tell it by. */
    hint: text().notNull(),
    createdAt: moment().notNull().defaultNow(),
    revokedAt: moment(),
  },
  (table) => [index().on(table.screenId)],
);

/** Live connections of screens. Each process notes those that it holds every quarter of a minute. */
export const screenConnections = pgTable(
  'screen_connections',
  {
    id: text().primaryKey(),
    screenId: text()
      .notNull()
      .references(() => screens.id, { onDelete: 'cascade' }),
    connectedAt: moment().notNull().defaultNow(),
    seenAt: moment().notNull().defaultNow(),
    build: text(),
    userAgent: text(),
    address: text(),
  },
  (table) => [index().on(table.screenId)],
);
