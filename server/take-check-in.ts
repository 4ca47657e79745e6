import { detectChanges, detectMetricChanges } from '#domain/changes.ts';
import type { CheckIn, World } from '#domain/model.ts';
import { reporterOf } from '#domain/reporters.ts';
import type { Touched } from './save-fold.ts';

/** Folds one live check-in into its instance. */
export function takeCheckIn(one: Touched, checkIn: CheckIn, world: World): void {
  const { instance, events, parts } = detectChanges(one.instance, checkIn, world);
  one.instance = instance;
  if (events.length > 0) one.events.push(...events);
  for (const part of parts) {
    const content = checkIn.inventories[part];
    const inventory = { instance: instance.id, reporter: reporterOf(checkIn.door), part, content };
    if (content !== undefined) (one.inventories ??= []).push(inventory);
  }
  if (checkIn.metrics && one.metrics) takeMetrics(one, one.metrics, checkIn, world);
}

/** A set replaces the current set; the history keeps what it said before. */
function takeMetrics(
  one: Touched,
  metrics: NonNullable<Touched['metrics']>,
  checkIn: CheckIn,
  world: World,
): void {
  const reported = checkIn.metrics!;
  const at = Math.max(world.now, one.instance.lastEventAt);
  const change = detectMetricChanges(metrics.current, reported, at, checkIn.door);
  one.metrics = { ...metrics, current: reported, at };
  if (change.events.length === 0) return;
  one.events.push(...change.events);
  one.instance = { ...one.instance, lastEventAt: at, revision: one.instance.revision + 1 };
}
