import { advance, type Step } from './advance.ts';
import { followChannel } from './changes.ts';
import type { Instance, World } from './model.ts';

/** The vendor puts an instance away. What time did to it until now is on record before; from here on none passes. */
export function archive(instance: Instance, world: World): Step {
  if (instance.archivedAt !== null) return { instance, events: [], changed: false };
  const { instance: passed, events } = advance(instance, world);
  const revision = instance.revision + 1;
  return { instance: { ...passed, archivedAt: world.now, revision }, events, changed: true };
}

/**
 * The vendor takes an instance out again: it was silent all the same, and is told what was promoted meanwhile. A new
 * check-in does so too (`detectChanges`).
 */
export function restore(instance: Instance, world: World): Step {
  if (instance.archivedAt === null) return { instance, events: [], changed: false };
  const listed = { ...instance, archivedAt: null };
  const told = followChannel(listed, world);
  const { instance: passed, events } = told.changed ? told : advance(listed, world);
  return { instance: { ...passed, revision: instance.revision + 1 }, events, changed: true };
}
