import type { Scalar } from '#contract/instance.ts';
import type { Door, InstanceEvent, Time } from './model.ts';

export interface MetricChanges {
  events: InstanceEvent[];
  upserts: { name: string; value: Scalar }[];
  removals: string[];
}

/**
 * What a reported set of custom metrics changes: it replaces the current set. One event per changed value;
 * a metric left out leaves the current values and makes none.
 */
export function detectMetricChanges(
  current: Record<string, Scalar>,
  reported: Record<string, Scalar>,
  at: Time,
  door: Door,
): MetricChanges {
  const upserts: MetricChanges['upserts'] = [];
  const events: InstanceEvent[] = [];
  for (const name of Object.keys(reported)) {
    const value = reported[name] ?? null;
    const known = Object.hasOwn(current, name);
    const before = known ? (current[name] ?? null) : null;
    if (known && before === value) continue;
    upserts.push({ name, value });
    if (before !== value) events.push(metricEvent(name, at, before, value, door));
  }
  const removals = Object.keys(current).filter((name) => !Object.hasOwn(reported, name));
  return { events, upserts, removals };
}

export function metricEvent(
  field: string,
  at: Time,
  before: Scalar,
  after: Scalar,
  reporter: Door,
): InstanceEvent {
  const category = 'custom metrics';
  return { at, category, field, before, after, reporter, receivedAt: null, unheardSince: null };
}
