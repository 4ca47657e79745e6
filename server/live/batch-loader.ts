import type { Instant } from '#contract/instance.ts';
import type { Logger } from 'pino';

const mostInLoad = 1_000;
const longestRest = 2_000;
/** Loads that fail one after the other, until who waits for them is told to fetch all again. */
export const failuresUntilStale = 4;

export interface Loaded<Id, Item> {
  /** The earliest moment up to which one of them is reckoned. */
  asOf: Instant;
  items: Map<Id, Item>;
}

export interface BatchReads<Id, Item> {
  read: (ids: Id[]) => Promise<{ asOf: Instant; items: Item[] }>;
  /** What they are, in the log. */
  what: string;
}

/** Reads what rooms wait for, and knows how well that goes. */
export class BatchLoader<Id, Item extends { id: Id; lastCheckInAt: Instant | null }> {
  readonly #reads: BatchReads<Id, Item>;
  readonly #log: Logger;
  /** Failures in a row. */
  failures = 0;
  failuresEver = 0;
  loadedEver = 0;
  /** When the last try ended, on the process's monotonic clock. */
  triedAt = -Infinity;
  newestCheckInAt: string | null = null;
  #failingSince: number | null = null;

  constructor(reads: BatchReads<Id, Item>, log: Logger) {
    this.#reads = reads;
    this.#log = log;
  }

  /** Milliseconds for which nothing could be read; 0 while all is well. */
  get failingFor(): number {
    return this.#failingSince === null ? 0 : performance.now() - this.#failingSince;
  }

  /** Milliseconds to wait after the last try before the next one. */
  get rest(): number {
    return this.failures === 0 ? 0 : Math.min(longestRest, 100 * 2 ** this.failures);
  }

  /** Nothing is waited for any more, so nothing is failing. */
  forget(): void {
    this.failures = 0;
    this.#failingSince = null;
  }

  /** Null: they could not be read now. Never rejects. */
  async load(ids: Set<Id>): Promise<Loaded<Id, Item> | null> {
    const all = [...ids];
    const loaded: Loaded<Id, Item> = { asOf: '', items: new Map() };
    try {
      for (let from = 0; from < all.length; from += mostInLoad) {
        const { asOf, items } = await this.#reads.read(all.slice(from, from + mostInLoad));
        loaded.asOf ||= asOf;
        for (const item of items) this.#add(loaded.items, item);
      }
      this.forget();
      this.loadedEver += loaded.items.size;
      return loaded;
    } catch (error) {
      this.fail(error);
      return null;
    } finally {
      this.triedAt = performance.now();
    }
  }

  /** What is needed before anything can be loaded could not be read. */
  fail(error: unknown): void {
    this.failures += 1;
    this.failuresEver += 1;
    this.triedAt = performance.now();
    this.#failingSince ??= performance.now();
    const { failures } = this;
    this.#log.warn({ err: error, failures }, `${this.#reads.what} could not be read`);
  }

  #add(found: Map<Id, Item>, item: Item): void {
    found.set(item.id, item);
    const { lastCheckInAt } = item;
    const newest = this.newestCheckInAt;
    if (lastCheckInAt !== null && (newest === null || newest < lastCheckInAt))
      this.newestCheckInAt = lastCheckInAt;
  }
}
