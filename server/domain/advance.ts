import { factEvents, presenceEvent, unheardSince } from './events.ts';
import { crossing, inactiveAfter, lateAfter } from './presence.ts';
import { kotsFellSilentAt, mergeReports, sameFacts, sdkIsFreshAt } from './reporters.ts';
import type { Door, Facts, Instance, InstanceEvent, Time, World } from './model.ts';

/** What a step of the fold comes to. `changed`: more than the times of the last reports did, so the revision rose by one. */
export interface Step {
  instance: Instance;
  events: InstanceEvent[];
  changed: boolean;
}

/**
 * Lets time pass over an instance up to `world.now`: KOTS hands over to the SDK, the instance turns late, then inactive,
 * each at the moment its line was crossed. Running it again changes nothing.
 */
export function advance(instance: Instance, world: World): Step {
  const events: InstanceEvent[] = [];
  const moved = letTimePass(instance, world, events);
  if (moved === instance) return { instance, events, changed: false };
  return { instance: { ...moved, revision: moved.revision + 1 }, events, changed: true };
}

/** As `advance`, but leaves the revision alone. The same object if nothing happened. */
export function letTimePass(instance: Instance, world: World, events: InstanceEvent[]): Instance {
  if (instance.airGap || instance.refusal !== null || instance.archivedAt !== null) return instance;
  return turnInactive(turnLate(handOver(instance, world, events), world), world, events);
}

function handOver(instance: Instance, world: World, events: InstanceEvent[]): Instance {
  if (instance.reports === null) return instance;
  const fell = kotsFellSilentAt(instance, world);
  if (fell === null || !sdkIsFreshAt(fell, instance, world)) return instance;
  const facts = mergeReports(instance.reports, 'sdk');
  if (sameFacts(facts, instance.facts)) return instance;
  const next = { ...instance };
  takeFacts(next, facts, Math.max(fell, instance.lastEventAt), 'sdk', world, events);
  return next;
}

function turnLate(instance: Instance, world: World): Instance {
  const limit = lateAfter(instance.nextWithin);
  if (instance.lateSince !== null || world.now - instance.lastCheckInAt <= limit) return instance;
  const at = crossing(instance.lastCheckInAt, limit, limit, world.ears);
  return at === null || at >= world.now ? instance : { ...instance, lateSince: at };
}

function turnInactive(instance: Instance, world: World, events: InstanceEvent[]): Instance {
  if (instance.inactiveSince !== null) return instance;
  const limit = inactiveAfter(instance.nextWithin, world.inactiveAfter);
  if (world.now - instance.lastCheckInAt <= limit) return instance;
  const grace = lateAfter(instance.nextWithin);
  const crossed = crossing(instance.lastCheckInAt, limit, grace, world.ears);
  if (crossed === null || crossed >= world.now) return instance;
  const at = Math.max(crossed, instance.lastEventAt);
  events.push({
    ...presenceEvent(at, 'active', 'inactive'),
    unheardSince: unheardSince(instance, at, world.ears),
  });
  return { ...instance, inactiveSince: at, lastEventAt: at };
}

/** Puts what holds from `at` on into `next` (the caller's own copy) and the differences into `events`. */
export function takeFacts(
  next: Instance,
  facts: Facts,
  at: Time,
  door: Door,
  world: World,
  events: InstanceEvent[],
): void {
  for (const event of factEvents(next.facts, facts, at, door)) {
    if (event.field === 'status') event.unheardSince = unheardSince(next, at, world.ears);
    events.push(event);
    next.lastEventAt = at;
  }
  if (facts.status !== next.facts.status) next.statusSince = at;
  if (facts.status === 'ready') next.firstReadyAt ??= at;
  next.facts = facts;
}
