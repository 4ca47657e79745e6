import type { Scalar } from '#contract/instance.ts';
import { localDay } from '#domain/calendar.ts';
import type { Instance, InstanceEvent, Time } from '#domain/model.ts';
import type { Change } from './live/publisher.ts';
import { insertEvents, presentEvent, type StoredEvent } from './store/events.ts';
import { reopenDays, saveInstances, saveSeen, type Tx } from './store/instances.ts';
import {
  type Inventory,
  type MetricChange,
  replaceMetrics,
  saveInventories,
  saveMetrics,
} from './store/parts.ts';
import type { Writing } from './store/save-unchanged.ts';

/** One locked instance on its way through the fold. */
export interface Touched {
  /** As it was stored; null: it is new. */
  before: Instance | null;
  instance: Instance;
  /** Not stored yet, in order. */
  events: InstanceEvent[];
  /** Stored already, by a rewriting of history. */
  stored?: StoredEvent[];
  /** The earliest moment whose past was rewritten. */
  rewrittenFrom?: Time;
  inventories?: Inventory[];
  /** All current metrics, where an upload brought them. */
  uploadedMetrics?: { name: string; value: Scalar; updatedAt: Time }[];
  /** Custom metrics: as they are stored, and as they are to be. */
  metrics?: { stored: Record<string, Scalar>; current: Record<string, Scalar>; at: Time };
}

/** Writes what the fold made of the instances, each kind in one statement, and all of them in one round trip. */
export async function saveFold(
  tx: Tx,
  touched: Iterable<Touched>,
  clock: { now: Time; zone: string },
): Promise<Change> {
  const all = [...touched];
  const writing = writingOf(all);
  const [stored] = await Promise.all([
    insertEvents(tx, writing.events),
    saveSeen(tx, writing.seen),
    saveInstances(tx, writing.changed),
    saveInventories(tx, writing.inventories),
    ...all.map(
      (one) => one.uploadedMetrics && replaceMetrics(tx, one.instance.id, one.uploadedMetrics),
    ),
    saveMetrics(tx, all.flatMap(metricChanges)),
    ...all.map((one) => {
      const day = pastDayOf(one, clock);
      return day && reopenDays(tx, one.instance.id, day);
    }),
  ]);
  return changeOf(writing, [...all.flatMap((one) => one.stored ?? []), ...stored]);
}

/** What the fold made of the instances, by the kinds of what has to be written. */
export function writingOf(touched: Touched[]): Writing {
  const writing: Writing = { events: [], seen: [], changed: [], inventories: [] };
  for (const one of touched) {
    const { instance } = one;
    for (const event of one.events) writing.events.push({ ...event, instance: instance.id });
    if (one.inventories) writing.inventories.push(...one.inventories);
    if (isChanged(one)) writing.changed.push(instance);
    else if (instance !== one.before) writing.seen.push(instance);
  }
  return writing;
}

/** What viewers are told of it. */
export function changeOf({ changed, seen }: Writing, events: StoredEvent[]): Change {
  return {
    changed: changed.map(({ id, customerId }) => ({ id, customerId })),
    left: [],
    seen: seen.map(({ id, customerId, lastCheckInAt: at }) => ({ id, customerId, at })),
    events: events.filter((event) => event.before !== event.after).map(presentEvent),
  };
}

function metricChanges({ instance, metrics }: Touched): MetricChange[] {
  if (!metrics || metrics.stored === metrics.current) return [];
  const { stored, current, at } = metrics;
  const isNew = ([name, value]: [string, Scalar]) => !(name in stored) || stored[name] !== value;
  const upserts = Object.fromEntries(Object.entries(current).filter(isNew));
  const removals = Object.keys(stored).filter((name) => !(name in current));
  return [{ instance: instance.id, at, upserts, removals }];
}

/** A refusal that is only counted on raises no revision, but is state all the same. */
const isChanged = ({ before, instance }: Touched) =>
  before === null || before.revision !== instance.revision || before.refusal !== instance.refusal;

/**
 * Silence that is noticed late, or an archive, may write into days that are closed already.
 * @returns the first of them; null: none
 */
export function pastDayOf(one: Touched, clock: { now: Time; zone: string }): string | null {
  const earliest = one.events.reduce(
    (least, { at }) => Math.min(least, at),
    one.rewrittenFrom ?? Infinity,
  );
  // Cheap first: no zone has days longer than 25 hours, and few events lie in the past at all.
  if (earliest >= clock.now - 1000 || earliest === Infinity) return null;
  const day = localDay(clock.zone, earliest);
  return day < localDay(clock.zone, clock.now) ? day : null;
}
