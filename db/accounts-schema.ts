import { boolean, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { Role, TokenScope } from '#contract/accounts.ts';
import { id, moment } from './columns.ts';

/** People. Columns of this and the next three tables are better-auth's, but for those that say otherwise. */
export const users = pgTable('users', {
  id: text().primaryKey(),
  name: text().notNull(),
  /** Lower case. */
  email: text().notNull().unique(),
  emailVerified: boolean().notNull().default(false),
  image: text(),
  createdAt: moment().notNull().defaultNow(),
  updatedAt: moment().notNull().defaultNow(),
  /** Ours. */
  role: text().$type<Role>().notNull().default('viewer'),
  /** Ours; outlasts the sessions, and is about a minute exact. */
  lastSeenAt: moment(),
});

export const sessions = pgTable(
  'sessions',
  {
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    token: text().notNull().unique(),
    expiresAt: moment().notNull(),
    ipAddress: text(),
    userAgent: text(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
    /** Ours; about a minute exact. */
    lastSeenAt: moment().notNull().defaultNow(),
  },
  (table) => [index().on(table.userId)],
);

/** How a person signs in: the hash of their password; later what other providers know them by. */
export const accounts = pgTable(
  'accounts',
  {
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    accountId: text().notNull(),
    providerId: text().notNull(),
    accessToken: text(),
    refreshToken: text(),
    idToken: text(),
    accessTokenExpiresAt: moment(),
    refreshTokenExpiresAt: moment(),
    scope: text(),
    password: text(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [index().on(table.userId)],
);

export const verifications = pgTable(
  'verifications',
  {
    id: text().primaryKey(),
    identifier: text().notNull(),
    value: text().notNull(),
    expiresAt: moment().notNull(),
    createdAt: moment().notNull().defaultNow(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [index().on(table.identifier)],
);

/** What software signs in with. Of the secret only its SHA-256 is kept. */
export const apiTokens = pgTable('api_tokens', {
  id: id().primaryKey().generatedAlwaysAsIdentity(),
  name: text().notNull(),
  scope: text().$type<TokenScope>().notNull(),
  secretHash: text().notNull().unique(),
  /** The secret's first characters, to tell it by. */
  hint: text().notNull(),
  /** Who made it, by name: the token may outlast the person. */
  createdBy: text(),
  createdAt: moment().notNull().defaultNow(),
  /** About a minute exact. */
  lastUsedAt: moment(),
});

/** Links with which the first owner makes an account; each start without accounts prints one. */
export const setupLinks = pgTable('setup_links', {
  id: id().primaryKey().generatedAlwaysAsIdentity(),
  secretHash: text().notNull().unique(),
  createdAt: moment().notNull().defaultNow(),
  expiresAt: moment().notNull(),
});

/**
 * Who did what to what, from where, when. Rows are only ever added, in the transaction that did it. Names are copies:
 * what they name may be gone.
 */
export const auditEntries = pgTable(
  'audit_entries',
  {
    id: id().primaryKey().generatedAlwaysAsIdentity(),
    at: moment().notNull().defaultNow(),
    /** `nobody`: somebody who had not signed in; `server`: the process itself, told by its settings. */
    actorKind: text().$type<'person' | 'token' | 'nobody' | 'server'>().notNull(),
    actorId: text(),
    actorName: text(),
    /** Such as `person.removed`. */
    action: text().notNull(),
    targetKind: text(),
    targetId: text(),
    targetName: text(),
    address: text(),
    /** Stands in the log beside what the same request did. */
    requestId: text(),
    details: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  },
  (table) => [index().on(table.at, table.id)],
);
