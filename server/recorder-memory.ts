import { LRUCache } from 'lru-cache';
import type { Instance } from '#domain/model.ts';
import { createDatabaseClock, type DatabaseClock } from './database-clock.ts';
import type { Touched } from './save-fold.ts';
import { type LockedInstance, readInstances, type Tx } from './store/instances.ts';
import type { LockedLicensee } from './store/licensees.ts';

/** A row as it was stored last, with what tells whether it is still stored so. */
export interface RememberedRow<Row> {
  row: Row;
  /** The transaction that wrote it last. Whoever writes it anew, in whatever process, leaves another. */
  writtenBy: string;
}

/** Rows by a key of their own. What is remembered counts only with the database's own word. */
export interface RememberedRows<Row> {
  get(key: string): RememberedRow<Row> | undefined;
  /** To be called after the commit, and never where it failed or nobody knows. */
  set(key: string, remembered: RememberedRow<Row>): void;
}

/** What the recorder knows from the batches before: it need not be asked for again, only whether it still holds. */
export interface RecorderMemory {
  /** By `keyOf`. */
  instances: RememberedRows<Instance>;
  /** By license id; to be written after the commit, as the instances. */
  licensees: LRUCache<string, LockedLicensee>;
  clock: DatabaseClock;
}

/** Instances remembered at once, about 2 KB each; those used longest ago go first. */
const instancesLimit = 16_384;
const licenseesLimit = 16_384;

export const createRecorderMemory = (): RecorderMemory => ({
  instances: new LRUCache<string, RememberedRow<Instance>>({ max: instancesLimit }),
  licensees: new LRUCache({ max: licenseesLimit }),
  clock: createDatabaseClock(),
});

/** An instance's key in the memory, and in the map of those that a batch touches. */
export const keyOf = (customerId: string, instanceId: string) => `${customerId}\0${instanceId}`;

/** Reads the locked instances, but for those that are known to be stored as they are remembered. */
export async function readLocked(
  tx: Tx,
  locked: LockedInstance[],
  remembered: RememberedRows<Instance>,
): Promise<Instance[]> {
  const known: Instance[] = [];
  const unknown: number[] = [];
  for (const { id, customerId, instanceId, writtenBy } of locked) {
    const one = remembered.get(keyOf(customerId, instanceId));
    if (one?.writtenBy === writtenBy) known.push(one.row);
    else unknown.push(id);
  }
  return [...known, ...(await readInstances(tx, unknown))];
}

/** What may be remembered once the transaction is committed: written by itself, or as it was found. */
export function storedBy(
  transaction: string | null,
  touched: Iterable<Touched>,
  locked: LockedInstance[],
): RememberedRow<Instance>[] {
  const before = new Map(locked.map(({ id, writtenBy }) => [id, writtenBy]));
  const stored: RememberedRow<Instance>[] = [];
  for (const { instance, before: asRead } of touched) {
    const writtenBy = instance === asRead ? before.get(instance.id) : transaction;
    if (writtenBy) stored.push({ row: instance, writtenBy });
  }
  return stored;
}

/** To be called after the commit. */
export function rememberInstances(
  { instances }: Pick<RecorderMemory, 'instances'>,
  stored: RememberedRow<Instance>[],
): void {
  for (const one of stored) instances.set(keyOf(one.row.customerId, one.row.instanceId), one);
}
