import { isPending } from './pending.ts';
import { type Kind, type Room, kinds } from './room.ts';

/** Milliseconds between two messages of a kind to the same room, at least. */
export const spacing: Record<Kind, number> = {
  changed: 100,
  left: 100,
  events: 100,
  seen: 1_000,
  moved: 1_000,
  stale: 1_000,
  customers: 1_000,
};
/** With more rooms than this waiting for what has to be read, they wait for one another, so that it is read once for all. */
const manyRooms = 8;

/** What must be read before it is told, and how well that went last. */
export type Loaders = Record<'changed' | 'customers' | 'walls', { triedAt: number; rest: number }>;

/** What a room's news of a kind waits for; null: they can be told as they are. */
export function loaderFor(room: Room, kind: Kind): keyof Loaders | null {
  if (room.watched.kind === 'screen') return kind === 'stale' ? null : 'walls';
  return kind === 'changed' || kind === 'customers' ? kind : null;
}

/** Whether the room has news that must be read by this loader first. */
export const waitsFor = (room: Room, loader: keyof Loaders): boolean =>
  kinds.some((kind) => isPending(room, kind) && loaderFor(room, kind) === loader);

/** When the first of these rooms is to be told of something, on the process's monotonic clock; Infinity: none waits. Pure. */
export function nextDue(dirty: Iterable<Room>, loaders: Loaders): number {
  let at = Infinity;
  const waiting = { changed: 0, customers: 0, walls: 0 };
  const due = { changed: Infinity, customers: Infinity, walls: Infinity };
  for (const room of dirty) {
    for (const kind of kinds) {
      if (!isPending(room, kind)) continue;
      const next = room.sentAt[kind] + spacing[kind];
      const loader = loaderFor(room, kind);
      if (loader === null) {
        at = Math.min(at, next);
        continue;
      }
      waiting[loader] += 1;
      due[loader] = Math.min(due[loader], next);
    }
  }
  const pauses = { ...spacing, walls: spacing.changed };
  for (const loader of ['changed', 'customers', 'walls'] as const) {
    const { rest, triedAt } = loaders[loader];
    const pause = Math.max(rest, waiting[loader] > manyRooms ? pauses[loader] : 0);
    at = Math.min(at, Math.max(due[loader], triedAt + pause));
  }
  return at;
}
