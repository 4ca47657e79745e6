import { sql } from 'drizzle-orm';
import {
  boolean,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import type { LicenseFeature, LicenseType } from '#contract/status.ts';
import type { Entitlement, Facts, Reporter, StoredRefusal, Tags } from '#domain/model.ts';
import { apps, channels } from './catalog-schema.ts';
import { id, moment, revision } from './columns.ts';

export * from './accounts-schema.ts';
export * from './anonymous-schema.ts';
export * from './catalog-schema.ts';
export * from './portal-schema.ts';
export * from './screens-schema.ts';

/** One row: what holds for the whole workspace and is not a setting of the process. */
export const workspaces = pgTable('workspaces', {
  id: smallint().primaryKey().default(1),
  /** The zone that the closed days were cut by; another one rebuilds them. */
  zone: text().notNull(),
  /** True: the data is a demo fleet's. */
  demo: boolean().notNull().default(false),
  /** A secret: signs the session cookies of all processes. Made at the first start. */
  authSecret: text(),
});

export const customers = pgTable(
  'customers',
  {
    id: text().primaryKey(),
    appSlug: text()
      .notNull()
      .references(() => apps.slug),
    channelId: text()
      .notNull()
      .references(() => channels.id),
    name: text().notNull(),
    email: text(),
    archivedAt: moment(),
    createdAt: moment().notNull().defaultNow(),
    /** Of the customer and its license, which are edited together. */
    revision: revision(),
    /** Stands for the customer on wall screens that may not tell its name. */
    number: integer().notNull().unique().generatedAlwaysAsIdentity(),
  },
  (table) => [index().on(table.appSlug)],
);

/** A customer's one license. `licenseId` is a secret: it authenticates every report. */
export const licenses = pgTable('licenses', {
  customerId: text()
    .primaryKey()
    .references(() => customers.id),
  licenseId: text().notNull().unique(),
  type: text().$type<LicenseType>().notNull(),
  createdAt: moment().notNull(),
  expiresAt: moment(),
  features: text().array().$type<LicenseFeature[]>().notNull(),
  entitlements: jsonb().$type<Record<string, Entitlement>>().notNull(),
  /** Raised by every change of the document; clients take a new one over when it differs. */
  sequence: integer().notNull().default(1),
  /** The vendor's own signed document, answered byte for byte; null: one is generated. */
  document: text(),
});

/**
 * One installation in one customer's cluster, with its current state.
 * A check-in in which nothing changed updates this row and no index: none stands on `last_check_in_at`,
 * `…_reported_at`, and the fill factor (a custom migration) leaves room for the new version on the page.
 */
export const instances = pgTable(
  'instances',
  {
    id: id().primaryKey().generatedAlwaysAsIdentity(),
    customerId: text()
      .notNull()
      .references(() => customers.id),
    instanceId: text().notNull(),
    revision: integer().notNull().default(0),
    name: text(),
    tags: jsonb().$type<Tags>().notNull().default({}),
    /** What holds now, from all reporters. */
    facts: jsonb().$type<Facts>().notNull().default({}),
    /** The last values of each reporter, once more than one has spoken. */
    reports: jsonb().$type<Record<Reporter, Facts>>(),
    kotsReportedAt: moment(),
    sdkReportedAt: moment(),
    statusSince: moment(),
    /** When a report last named a status, the same or another. */
    statusReportedAt: moment(),
    firstReadyAt: moment(),
    firstSeenAt: moment().notNull(),
    lastCheckInAt: moment().notNull(),
    lastEventAt: moment().notNull(),
    /** Promised seconds until the next report. */
    nextWithin: integer(),
    /** When the lines into lateness and inactivity were crossed; null while they are not. */
    lateSince: moment(),
    inactiveSince: moment(),
    refusal: jsonb().$type<StoredRefusal>(),
    airGap: boolean().notNull().default(false),
    archivedAt: moment(),
    versionsBehind: integer(),
    /** Index into `attentionOrder`. */
    attention: smallint().notNull(),
    /** The last local day whose `instance_days` row is written and right; null: none yet. */
    daysClosedThrough: date({ mode: 'string' }),
    // Of `facts`, where they are read and sought by themselves; whoever writes facts writes them. Were they generated, each
    // statement would begin by reading their definitions.
    status: text(),
    channelId: text(),
    versionLabel: text(),
    k8sDistribution: text(),
    kotsInstallId: text(),
  },
  (table) => [
    unique().on(table.customerId, table.instanceId),
    index().on(table.instanceId),
    // Changes hardly ever, so that it stands in no update's way.
    index()
      .on(table.kotsInstallId)
      .where(sql`kots_install_id is not null`),
    index()
      .on(table.attention, table.id)
      .where(sql`archived_at is null`),
  ],
);

/** The longer parts of what an instance reports: rewritten only when they change. */
export const instanceInventories = pgTable(
  'instance_inventories',
  {
    instance: id()
      .notNull()
      .references(() => instances.id),
    reporter: text().$type<Reporter>().notNull(),
    part: text().$type<'resources' | 'images' | 'nodes'>().notNull(),
    content: jsonb().notNull(),
  },
  (table) => [primaryKey({ columns: [table.instance, table.reporter, table.part] })],
);

/** Current custom metrics; their history is in the events. */
export const instanceMetrics = pgTable(
  'instance_metrics',
  {
    instance: id()
      .notNull()
      .references(() => instances.id),
    name: text().notNull(),
    value: jsonb(),
    updatedAt: moment().notNull(),
  },
  (table) => [primaryKey({ columns: [table.instance, table.name] })],
);

/** One field changed. Kept for good: the history that everything is derived from. */
export const instanceEvents = pgTable(
  'instance_events',
  {
    instance: id()
      .notNull()
      .references(() => instances.id),
    at: moment().notNull(),
    id: id().notNull().generatedAlwaysAsIdentity(),
    category: text().notNull(),
    field: text().notNull(),
    before: jsonb(),
    after: jsonb(),
    reporter: text(),
    /** Air gap reports: when it was uploaded. */
    receivedAt: moment(),
    /** Since when nothing named the status before: stretches in which Rollcall was not listening are unknown from here on. */
    unheardSince: moment(),
  },
  (table) => [
    primaryKey({ columns: [table.instance, table.at, table.id] }),
    // For those of many instances by time.
    index().on(table.at, table.id),
  ],
);

/** Every air gap report as it was said, so that a later upload can be folded in where it falls. */
export const airGapReports = pgTable(
  'air_gap_reports',
  {
    instance: id()
      .notNull()
      .references(() => instances.id),
    reportedAt: moment().notNull(),
    digest: text().notNull(),
    receivedAt: moment().notNull(),
    checkIn: jsonb().notNull(),
  },
  (table) => [primaryKey({ columns: [table.instance, table.reportedAt, table.digest] })],
);

/** Milliseconds of known time of a closed local day: a cache of what the events say. */
export const instanceDays = pgTable(
  'instance_days',
  {
    instance: id().notNull(),
    day: date({ mode: 'string' }).notNull(),
    up: integer().notNull(),
    degraded: integer().notNull(),
    down: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.instance, table.day] }),
    foreignKey({ columns: [table.instance], foreignColumns: [instances.id] }),
  ],
);

/** When Rollcall could hear: check-ins could be committed from `from_at` to `to_at`. */
export const hearingSpans = pgTable('hearing_spans', {
  id: id().primaryKey().generatedAlwaysAsIdentity(),
  fromAt: moment().notNull(),
  toAt: moment().notNull(),
});
