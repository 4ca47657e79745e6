import { setImmediate as thisTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import { AppError } from './errors.ts';

export interface GroupCommitOptions<Item, Outcome, Lane extends string> {
  /** Most weight of one batch; a heavier item runs in a batch of its own. */
  limit: number;
  /** Most weight that may wait; beyond it items are refused as overload. */
  queueLimit: number;
  weight: (item: Item) => number;
  /** Items of different lanes share no batch and do not wait for one another. */
  laneOf: (item: Item) => Lane;
  /** What the item is about: as long as something about one of them is under way, it waits, and so does its lane. */
  keysOf: (item: Item) => readonly string[];
  /** Commits the items together and answers one outcome for each, in order. */
  run: (items: Item[], lane: Lane) => Promise<Outcome[]>;
  log: Logger;
}

interface Waiting<Item, Outcome> {
  item: Item;
  resolve: (outcome: Outcome) => void;
  reject: (error: unknown) => void;
}

interface Queue<Item, Outcome, Lane> {
  lane: Lane;
  waiting: Waiting<Item, Outcome>[];
  /** Batches. */
  underWay: number;
  /** What they are about. */
  keys: Set<string>;
  /** The first batch is about to begin. */
  isWoken: boolean;
}

/** Batches of a lane at once: the database begins the second while the outcome of the first is still being heard. */
const most = 2;
/** Items that have to wait for the second: fewer are better off in a larger batch, of which each costs something. */
const worthwhile = 32;

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
export function createGroupCommit<Item, Outcome, Lane extends string>(
  options: GroupCommitOptions<Item, Outcome, Lane>,
) {
  const { limit, queueLimit, weight, laneOf, keysOf, run, log } = options;
  const queues = new Map<Lane, Queue<Item, Outcome, Lane>>();
  const running = new Set<Promise<void>>();
  let waiting = 0;
  let closed = false;
  let shedding = false;

  function queueOf(lane: Lane): Queue<Item, Outcome, Lane> {
    let queue = queues.get(lane);
    if (!queue) {
      queue = { lane, waiting: [], underWay: 0, keys: new Set(), isWoken: false };
      queues.set(lane, queue);
    }
    return queue;
  }

  /** Takes from the front, so that what is said of one thing is recorded in the order it was said in. */
  function takeBatch(queue: Queue<Item, Outcome, Lane>): Waiting<Item, Outcome>[] {
    const { keys } = queue;
    const isFree = (key: string) => !keys.has(key);
    let taken = 0;
    let count = 0;
    for (const { item } of queue.waiting) {
      if (count > 0 && taken + weight(item) > limit) break;
      if (queue.underWay > 0 && !keysOf(item).every(isFree)) break;
      taken += weight(item);
      count += 1;
    }
    const batch = queue.waiting.slice(0, count);
    queue.waiting = queue.waiting.slice(count);
    for (const { item } of batch) for (const key of keysOf(item)) keys.add(key);
    waiting -= taken;
    if (waiting < queueLimit * (1 - shedMargin)) shedding = false;
    return batch;
  }

  async function runPersistently(items: Item[], lane: Lane): Promise<Outcome[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run(items, lane);
      } catch (error) {
        if (attempt === attempts || !isWorthRetrying(error)) throw error;
        log.info({ code: databaseCode(error), attempt }, 'batch is tried again');
      }
    }
  }

  async function settle(batch: Waiting<Item, Outcome>[], lane: Lane): Promise<void> {
    try {
      const outcomes = await runPersistently(
        batch.map(({ item }) => item),
        lane,
      );
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
        for (const one of batch) await settle([one], lane);
      }
    }
  }

  function follow(work: Promise<void>): void {
    running.add(work);
    void work.then(() => running.delete(work));
  }

  const mayBegin = (queue: Queue<Item, Outcome, Lane>) =>
    queue.waiting.length >= (queue.underWay === 0 ? 1 : worthwhile) && queue.underWay < most;

  function begin(queue: Queue<Item, Outcome, Lane>): void {
    if (!mayBegin(queue)) return;
    const batch = takeBatch(queue);
    if (batch.length === 0) return;
    queue.underWay += 1;
    follow(
      settle(batch, queue.lane).then(() => {
        queue.underWay -= 1;
        for (const { item } of batch) for (const key of keysOf(item)) queue.keys.delete(key);
        begin(queue);
      }),
    );
  }

  function wake(queue: Queue<Item, Outcome, Lane>): void {
    if (queue.isWoken || !mayBegin(queue)) return;
    queue.isWoken = true;
    // What has arrived already, but is not read yet, belongs to the batch as well: this turn of the event loop reads it.
    follow(
      thisTurn().then(() => {
        queue.isWoken = false;
        begin(queue);
      }),
    );
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
      const queue = queueOf(laneOf(item));
      const outcome = new Promise<Outcome>((resolve, reject) =>
        queue.waiting.push({ item, resolve, reject }),
      );
      wake(queue);
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
      while (running.size > 0) await Promise.all(running);
      await new Promise<void>(onceSent);
    },
  };
}
