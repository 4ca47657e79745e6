import { z } from 'zod';
import type { Bar, BarAxis, InstanceEventView, Instant, Scalar } from './instance.ts';
import { namedValues } from './named-values.ts';
import { queryList } from './query.ts';
import { eventCategories, type StatusValue } from './status.ts';
import { isReservedName, isStorable } from './text.ts';

/** 2 days by the hour, 2 weeks by 8 hours, 45 and 90 days by the day, 1 year by the week, all in at most 60 equal bars. */
export const uptimeRanges = ['2d', '2w', '45d', '90d', '1y', 'all'] as const;
export type UptimeRange = (typeof uptimeRanges)[number];
export const uptimeQuery = z.object({ range: z.enum(uptimeRanges).default('2w') });

/** GET …/instances/:instanceId/uptime: the graph of one range. */
export interface UptimeReport {
  range: UptimeRange;
  asOf: Instant;
  axis: BarAxis;
  /** One a bucket, oldest first; the last one as of `asOf`. */
  bars: Bar[];
  /** Only buckets in which something changed, oldest first. */
  markers: EventMarker[];
}
export interface EventMarker {
  /** Index into `bars`. */
  bucket: number;
  count: number;
  /** The first two of them; the others are found in the activity, by the bucket's span. */
  events: InstanceEventView[];
}

/** GET …/instances/:instanceId/uptime/intervals?from&to: what a ratio counted, and what not. */
export const intervalsQuery = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Position of the page before. */
  after: z.iso.datetime().optional(),
});
export interface UptimeIntervals {
  from: Instant;
  to: Instant;
  /** Seconds over the whole span. */
  totals: { up: number; degraded: number; down: number; noData: number };
  /** Oldest first, without gaps, at most 200 a page. */
  intervals: UptimeInterval[];
  next: Instant | null;
}
export interface UptimeInterval {
  from: Instant;
  to: Instant;
  counted: 'up' | 'degraded' | 'down' | null;
  status: StatusValue | null;
  /** Why it is no data. */
  why:
    | null
    | 'before the first status'
    | 'not monitored'
    | 'inactive'
    | 'refused'
    | 'archived'
    | 'after the last report'
    | 'Rollcall was not listening';
}

/** What activity is asked for: an instance's page and the events API alike. */
export const activityQuery = z.object({
  types: queryList.pipe(z.array(z.enum(eventCategories)).max(20)).default([]),
  /** Part of a field's name or of a value, case-insensitive. */
  text: z.string().max(200).refine(isStorable).default(''),
  /** Events at or after, and before, these moments. */
  after: z.iso.datetime().optional(),
  before: z.iso.datetime().optional(),
});
export type ActivityQuery = z.infer<typeof activityQuery>;

/** GET …/instances/:instanceId/events: 100 a page. The filter is asked for again with every page. */
export const instanceActivityQuery = activityQuery
  .extend({
    /** `next` or `newer` of another page. */
    cursor: z.string().max(100).optional(),
    /** Id of an event: the page begins a little above where it stands. 404 when the instance has no such event. */
    around: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
  })
  .refine(({ cursor, around }) => cursor === undefined || around === undefined, {
    path: ['around'],
    error: 'a page is either at a cursor or around an event',
  });
export type InstanceActivityQuery = z.infer<typeof instanceActivityQuery>;
export interface ActivityPage {
  /** Newest first, also where the page was asked for as the next newer one. */
  events: InstanceEventView[];
  /** The next older page; null at the beginning of history. */
  next: string | null;
  /** The next newer page; null: these are the newest. */
  newer: string | null;
}

/** Most events in one page of JSON. */
export const mostEvents = 1_000;

/**
 * GET /api/events: of all instances, newest first. JSON: an `EventsPage`. CSV: a header line and one line an event, streamed;
 * a cell that begins with = + - @, tab or carriage return gets an apostrophe before it.
 */
export const eventsQuery = activityQuery
  .extend({
    customerIds: queryList.pipe(z.array(z.string().max(200)).max(100)).default([]),
    /** As the instances call themselves; of the customers named, if any are. */
    instanceIds: queryList.pipe(z.array(z.string().max(300)).max(100)).default([]),
    format: z.enum(['json', 'csv']).default('json'),
    /** `next` of the page before. */
    cursor: z.string().max(100).optional(),
    /** JSON: events in one page, 100 without it. CSV: most lines; all of them without it. */
    limit: z.coerce.number().int().min(1).max(1_000_000).optional(),
  })
  .refine(({ format, limit = 0 }) => format === 'csv' || limit <= mostEvents, {
    path: ['limit'],
    error: `a page of JSON holds at most ${mostEvents} events`,
  });
export type EventsQuery = z.infer<typeof eventsQuery>;
export interface ListedEvent extends InstanceEventView {
  /** The field's name for reading. */
  label: string;
  instanceId: string;
  instanceName: string | null;
  customer: { id: string; name: string };
}
export interface EventsPage {
  /** Fewer than asked for, or none, where the filter fits so few that they are looked for page by page. */
  events: ListedEvent[];
  /** Null: there are no more. */
  next: string | null;
}

/** GET …/instances/:instanceId/metrics/:name?range (of `uptimeQuery`): the history of one custom metric. */
export interface MetricHistory {
  name: string;
  from: Instant;
  to: Instant;
  /**
   * Value from this moment on, oldest first; the first may lie before `from`. Of more than 2,000 those are left out that
   * would not be seen: in each of 500 equal columns the first, the last, the least and the greatest stay.
   */
  points: [at: Instant, value: Scalar][];
  /** Points before thinning. */
  recorded: number;
}
/** GET …/instances/:instanceId/metrics: an array, by name. */
export interface MetricSummary {
  name: string;
  value: Scalar;
  updatedAt: Instant;
  /** False: left out of the last report; it stays in history. */
  current: boolean;
}

const noTagName = 'is no name that a tag can have';
const tagName = z
  .string()
  .min(1)
  .max(100)
  .refine((value) => value.trim() === value && isStorable(value), {
    error: 'must be text without spaces at its ends',
  })
  .refine((value) => !isReservedName(value), { error: noTagName });
const storable = { error: 'must be text that can be stored' };
const tagValue = z.string().max(200).refine(isStorable, storable);
/** Most tags that a vendor gives one instance. */
export const mostVendorTags = 10;

/**
 * PATCH …/instances/:instanceId. Tags are set and removed one by one, so that two people who edit others of them lose
 * nothing. What is left out stays as it is.
 */
export const instanceChange = z.strictObject({
  name: z
    .string()
    .trim()
    .max(100)
    .refine(isStorable, storable)
    .transform((value) => (value === '' ? null : value))
    .nullable()
    .optional(),
  setTags: namedValues(tagName, tagValue, noTagName).default({}),
  removeTags: z.array(tagName).max(100).default([]),
});
export interface EditedInstance {
  revision: number;
  name: string | null;
  /** As they hold now, the instance's own among them. */
  tags: Record<string, string>;
  vendorTags: Record<string, string>;
}
