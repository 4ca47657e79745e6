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

/**
 * Writes what the fold made of the instances, each kind in one statement. All statements are begun at once, before this
 * gives way for the first time, so that the commit may be sent right behind them.
 */
export async function saveFold(
  tx: Tx,
  touched: Iterable<Touched>,
  clock: { now: Time; zone: string },
): Promise<Change> {
  const all = [...touched];
  const changed = all.filter((one) => isChanged(one));
  const seen = all.filter((one) => !isChanged(one) && one.instance !== one.before);

  const [stored] = await Promise.all([
    insertEvents(
      tx,
      all.flatMap((one) => one.events.map((event) => ({ ...event, instance: one.instance.id }))),
    ),
    saveSeen(
      tx,
      seen.map((one) => one.instance),
    ),
    saveInstances(
      tx,
      changed.map((one) => one.instance),
    ),
    saveInventories(
      tx,
      all.flatMap((one) => one.inventories ?? []),
    ),
    ...all.map(
      (one) => one.uploadedMetrics && replaceMetrics(tx, one.instance.id, one.uploadedMetrics),
    ),
    saveMetrics(tx, all.flatMap(metricChanges)),
    ...reopenPastDays(tx, changed, clock),
  ]);

  return {
    changed: changed.map(({ instance }) => ({ id: instance.id, customerId: instance.customerId })),
    left: [],
    seen: seen.map(({ instance }) => ({
      id: instance.id,
      customerId: instance.customerId,
      at: instance.lastCheckInAt,
    })),
    events: [...all.flatMap((one) => one.stored ?? []), ...stored]
      .filter((event) => event.before !== event.after)
      .map(presentEvent),
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

/** Silence that is noticed late, or an archive, may write into days that are closed already. */
function reopenPastDays(tx: Tx, changed: Touched[], clock: { now: Time; zone: string }) {
  return changed.map((one) => {
    const earliest = Math.min(
      one.rewrittenFrom ?? Infinity,
      ...one.events.map((event) => event.at),
    );
    // Cheap first: no zone has days longer than 25 hours, and few events lie in the past at all.
    if (earliest >= clock.now - 1000 || earliest === Infinity) return undefined;
    const day = localDay(clock.zone, earliest);
    return day < localDay(clock.zone, clock.now) ? reopenDays(tx, one.instance.id, day) : undefined;
  });
}
