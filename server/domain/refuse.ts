import type { Step } from './advance.ts';
import { presenceEvent, unheardSince } from './events.ts';
import type { Instance, Span, StoredRefusal, Time } from './model.ts';

/**
 * A report of a known instance was refused: counts it, and makes a presence event of the first.
 * Later ones keep the revision. Call `advance` first, so that a silence before it is on record;
 * `ears` as in the world.
 */
export function refuse(
  instance: Instance,
  reason: StoredRefusal['reason'],
  at: Time,
  ears: readonly Span[] = [],
): Step {
  const since = instance.refusal;
  if (since !== null) {
    const refusal = {
      ...since,
      reason,
      lastAt: Math.max(since.lastAt, at),
      count: since.count + 1,
    };
    const changed = since.reason !== reason;
    const revision = instance.revision + (changed ? 1 : 0);
    return { instance: { ...instance, refusal, revision }, events: [], changed };
  }
  const start = Math.max(at, instance.lastEventAt);
  const before = instance.inactiveSince === null ? 'active' : 'inactive';
  const event = presenceEvent(start, before, 'refused');
  if (before === 'active') event.unheardSince = unheardSince(instance, start, ears);
  const refused: Instance = {
    ...instance,
    refusal: { reason, since: start, lastAt: start, count: 1 },
    lateSince: null,
    inactiveSince: null,
    lastEventAt: start,
    revision: instance.revision + 1,
  };
  return { instance: refused, events: [event], changed: true };
}
