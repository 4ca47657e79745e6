import type { Scalar } from '#contract/instance.ts';
import { eventedFacts, fieldOf } from './fields.ts';
import { deafStretches } from './presence.ts';
import type { FactTable } from './said.ts';
import type { Door, Facts, Instance, InstanceEvent, Span, Teller, Time } from './model.ts';

/** What an instance's presence events say. */
export type PresenceValue = 'active' | 'inactive' | 'refused';

export function presenceEvent(
  at: Time,
  before: PresenceValue,
  after: PresenceValue,
): InstanceEvent {
  return fieldEvent('presence', at, before, after, null);
}

export function fieldEvent(
  field: keyof typeof fieldOf,
  at: Time,
  before: Scalar,
  after: Scalar,
  reporter: Teller | null,
): InstanceEvent {
  const { category } = fieldOf[field];
  return { at, category, field, before, after, reporter, receivedAt: null, unheardSince: null };
}

/** One event for each fact that differs, in a fixed order. */
export function factEvents(
  before: Facts,
  after: Facts,
  at: Time,
  reporter: Door | null,
): InstanceEvent[] {
  const known: FactTable = before;
  const next: FactTable = after;
  const events: InstanceEvent[] = [];
  for (const field of eventedFacts) {
    if (known[field] === next[field]) continue;
    events.push(fieldEvent(field, at, known[field] ?? null, next[field] ?? null, reporter));
  }
  return events;
}

/** Since when the status is unheard of at `at`, if Rollcall was deaf in between; else null. Archives have no ears. */
export function unheardSince(
  instance: Pick<Instance, 'statusReportedAt' | 'airGap'>,
  at: Time,
  ears: readonly Span[],
): Time | null {
  const since = instance.statusReportedAt;
  if (since === null || instance.airGap) return null;
  return deafStretches(ears, since, at).length > 0 ? since : null;
}
