import type { InstanceSummary } from '#contract/instance.ts';
import type { Kind, Room, Watched } from './room.ts';

/** Whether the room has yet to be told something of this kind. */
export function isPending(room: Room, kind: Kind): boolean {
  const pending = room.pending[kind];
  return typeof pending === 'boolean' ? pending : pending.size > 0;
}

/** Whether this is the instance that a room of a yet unknown one waits for. */
export function isNamed(
  watched: Extract<Watched, { kind: 'instance' }>,
  summary: InstanceSummary,
): boolean {
  return watched.customerId === summary.customer.id && watched.instanceId === summary.instanceId;
}

/** Takes at most so many ids out of the set. */
export function take<Id>(ids: Set<Id>, most: number): Id[] {
  const taken: Id[] = [];
  for (const id of ids) {
    if (taken.length === most) break;
    taken.push(id);
    ids.delete(id);
  }
  return taken;
}
