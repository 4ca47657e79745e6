import { setImmediate as thisTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import { AppError } from './errors.ts';

export interface GroupCommitOptions<Item, Outcome> {
  /** Most weight of one batch; a heavier item runs in a batch of its own. */
  limit: number;
  /** Most weight that may wait; beyond it items are refused as overload. */
  queueLimit: number;
  weight: (item: Item) => number;
  /** Items of different lanes share no batch and do not wait for one another. Default: all go in one. */
  laneOf?: (item: Item) => string;
  /** Commits the items together and answers one outcome for each, in order. */
  run: (items: Item[]) => Promise<Outcome[]>;
  log: Logger;
}

interface Waiting<Item, Outcome> {
  item: Item;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
}

interface Lane<Item, Outcome> {
  queue: Waiting<Item, Outcome>[];
  pumping: Promise<void> | null;
}

const attempts = 4;

/** Once full, the queue has to empty by this part before new items are read at all. */
const shedMargin = 0.1;

const tooManyWaiting = () =>
  new AppError('overloaded', 'Too many reports are waiting; try again shortly.', { retryAfter: 2 });

/** drizzle wraps what the driver threw; the code is at the root. */
export function databaseCode(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
  }
  return null;
}

const passing = new Set(['40P01', '40001', '55P03']);

/** Deadlock, serialization failure, lock timeout: nothing is wrong with the transaction itself. */
export function isWorthRetrying(error: unknown): boolean {
  return passing.has(databaseCode(error) ?? '');
}

/** True where the database cannot be reached or is going away: no report is guilty of that. */
function isOutage(error: unknown): boolean {
  const code = databaseCode(error);
  return (
    code !== null &&
    (/^(08|57P|53)/.test(code) || /^(ECONN|CONNECTION_|CONNECT_|EPIPE|ETIMEDOUT)/.test(code))
  );
}

/** Calls back once the statements that this turn of the event loop begins have been sent. */
const onceSent = (then: () => void) => process.nextTick(setImmediate, then);

/**
 * Items that arrive while a batch commits form the next one: no timer, no latency when idle.
 * If a batch fails, each item is tried alone, so that only the guilty one is refused and nobody else notices.
 */
export function createGroupCommit<Item, Outcome>(options: GroupCommitOptions<Item, Outcome>) {
  const { limit, queueLimit, weight, laneOf = () => '', run, log } = options;
  const lanes = new Map<string, Lane<Item, Outcome>>();
  let waiting = 0;
  let closed = false;
  let shedding = false;

  function takeBatch(lane: Lane<Item, Outcome>): Waiting<Item, Outcome>[] {
    let taken = 0;
    let count = 0;
    for (const { item } of lane.queue) {
      if (count > 0 && taken + weight(item) > limit) break;
      taken += weight(item);
      count += 1;
    }
    const batch = lane.queue.slice(0, count);
    lane.queue = lane.queue.slice(count);
    waiting -= taken;
    if (waiting < queueLimit * (1 - shedMargin)) shedding = false;
    return batch;
  }

  async function runPersistently(items: Item[]): Promise<Outcome[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run(items);
      } catch (error) {
        if (attempt === attempts || !isWorthRetrying(error)) throw error;
        log.info({ code: databaseCode(error), attempt }, 'batch is tried again');
      }
    }
  }

  async function settle(batch: Waiting<Item, Outcome>[]): Promise<void> {
    try {
      const outcomes = await runPersistently(batch.map((one) => one.item));
      // Only once the next batch is on its way: the database works on that one while these are answered.
      onceSent(() => batch.forEach((one, index) => one.resolve(outcomes[index]!)));
    } catch (error) {
      if (isOutage(error)) {
        log.error({ err: error, reports: batch.length }, 'the database is out of reach');
        const overloaded = new AppError(
          'overloaded',
          'The database is out of reach; try again shortly.',
          { retryAfter: 5 },
        );
        for (const one of batch) one.reject(overloaded);
      } else if (batch.length === 1) {
        log.error({ err: error }, 'a report could not be stored');
        batch[0]!.reject(error);
      } else {
        log.warn(
          { err: error, reports: batch.length },
          'a batch failed; each report is tried alone',
        );
        for (const one of batch) await settle([one]);
      }
    }
  }

  async function pump(lane: Lane<Item, Outcome>): Promise<void> {
    // What has arrived already, but is not read yet, belongs to the first batch as well: this turn of the event loop
    // reads it.
    await thisTurn();
    while (lane.queue.length > 0) await settle(takeBatch(lane));
    lane.pumping = null;
  }

  return {
    /** @throws AppError overloaded when too much waits already */
    add(item: Item): Promise<Outcome> {
      if (closed)
        return Promise.reject(
          new AppError('overloaded', 'The server is stopping.', { retryAfter: 5 }),
        );
      if (waiting > 0 && waiting + weight(item) > queueLimit) {
        shedding = true;
        return Promise.reject(tooManyWaiting());
      }
      waiting += weight(item);
      const name = laneOf(item);
      let lane = lanes.get(name);
      if (!lane) lanes.set(name, (lane = { queue: [], pumping: null }));
      const { queue } = lane;
      const outcome = new Promise<Outcome>((resolve, reject) =>
        queue.push({ item, resolve, reject }),
      );
      lane.pumping ??= pump(lane);
      return outcome;
    },
    /**
     * For whoever could spare the work of reading an item that would be refused anyway: since the last refusal for
     * fullness, too little has been taken from the queue.
     * @throws AppError overloaded
     */
    requireRoom(): void {
      if (shedding) throw tooManyWaiting();
    },
    stats: () => ({ waiting }),
    async close() {
      closed = true;
      for (const { pumping } of lanes.values()) await pumping;
      await new Promise<void>(onceSent);
    },
  };
}
