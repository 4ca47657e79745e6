import { LRUCache } from 'lru-cache';
import type { Instance } from '#domain/model.ts';
import type { Touched } from './save-fold.ts';
import { type LockedInstance, readInstances, type Tx } from './store/instances.ts';

/** A stored instance, with what tells whether it is still stored so. */
interface Remembered {
  /** The transaction that wrote the row last. Whoever writes it anew, in whatever process, leaves another. */
  writtenBy: string;
  instance: Instance;
}

/**
 * Instances as they were stored last, so that one that is locked need be read only if somebody else has written it
 * since. What is remembered counts only with the row's own word, under its lock.
 */
export interface RememberedInstances {
  /** Undefined: it has to be read. */
  get(id: number, writtenBy: string): Instance | undefined;
  /** To be called after the commit, and never where it failed or nobody knows. */
  set(instance: Instance, writtenBy: string): void;
}

/** @param limit instances remembered at once, about 2 KB each; those used longest ago go first */
export function createRememberedInstances(limit: number): RememberedInstances {
  const known = new LRUCache<number, Remembered>({ max: limit });
  return {
    get(id, writtenBy) {
      const remembered = known.get(id);
      return remembered?.writtenBy === writtenBy ? remembered.instance : undefined;
    },
    set: (instance, writtenBy) => known.set(instance.id, { writtenBy, instance }),
  };
}

/** Reads the locked instances, but for those that are known to be stored as they are remembered. */
export async function readLocked(
  tx: Tx,
  locked: LockedInstance[],
  remembered: RememberedInstances,
): Promise<Instance[]> {
  const known = locked.map(({ id, writtenBy }) => remembered.get(id, writtenBy));
  const unknown = locked.filter((_, index) => known[index] === undefined);
  const read = await readInstances(
    tx,
    unknown.map(({ id }) => id),
  );
  return [...known.filter((instance) => instance !== undefined), ...read];
}

/** What may be remembered once the transaction is committed. */
export interface Stored {
  instance: Instance;
  writtenBy: string;
}

/** What a transaction leaves of the instances that it touched: written by itself, or as they were found. */
export function storedBy(
  transaction: string | null,
  touched: Iterable<Touched>,
  locked: LockedInstance[],
): Stored[] {
  const before = new Map(locked.map(({ id, writtenBy }) => [id, writtenBy]));
  const stored: Stored[] = [];
  for (const { instance, before: asRead } of touched) {
    const writtenBy = instance === asRead ? before.get(instance.id) : transaction;
    if (writtenBy) stored.push({ instance, writtenBy });
  }
  return stored;
}
