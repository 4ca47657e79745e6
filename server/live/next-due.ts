import { isPending } from './pending.ts';
import { type Kind, type Room, kinds } from './rooms.ts';

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
export const countedSpacing = 1_000;
/** With more rooms than this waiting for what has to be read, they wait for one another, so that it is read once for all. */
const manyRooms = 8;

/** What must be read before it is told, and how well that went last. */
export type Loaders = Record<'changed' | 'customers', { triedAt: number; rest: number }>;

const isLoaded = (kind: Kind): kind is keyof Loaders => kind === 'changed' || kind === 'customers';

/** When the first of these rooms is to be told of something, on the process's monotonic clock; Infinity: none waits. Pure. */
export function nextDue(dirty: Iterable<Room>, loaders: Loaders): number {
  let at = Infinity;
  const waiting = { changed: 0, customers: 0 };
  const due = { changed: Infinity, customers: Infinity };
  for (const room of dirty) {
    for (const kind of kinds) {
      if (!isPending(room, kind)) continue;
      const next = room.sentAt[kind] + spacing[kind];
      if (!isLoaded(kind)) {
        at = Math.min(at, next);
        continue;
      }
      waiting[kind] += 1;
      due[kind] = Math.min(due[kind], next);
    }
  }
  for (const kind of ['changed', 'customers'] as const) {
    const { rest, triedAt } = loaders[kind];
    const pause = Math.max(rest, waiting[kind] > manyRooms ? spacing[kind] : 0);
    at = Math.min(at, Math.max(due[kind], triedAt + pause));
  }
  return at;
}
