import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Db } from '#db/client.ts';
import { isWorthRetrying } from '#server/group-commit.ts';
import type { Change } from '#server/live/publisher.ts';
import { lockUpstreamUpdate } from '#server/store/upstream-updates.ts';
import { awaitOlderTransactions } from './older-transactions.ts';
import { type BatchDeps, spreadBatch } from './spread-batch.ts';

const pollEvery = 30_000;
/** Milliseconds between batches: check-ins that wait for an instance or for the processor come first. */
const yieldFor = 10;
/** Milliseconds after somebody else held an instance for too long. */
const pause = 250;

export interface SpreadDeps extends BatchDeps {
  db: Db;
  log: Logger;
}

export interface Spreading {
  /** Something was promoted: there may be work. */
  wake(): void;
  /** Finishes the batch in hand; the job goes on at the next start, or in another process. */
  close(): Promise<void>;
}

/**
 * Tells the instances of a channel what was promoted, demoted or restored there: their number of versions behind, and its
 * event. May run in every process; each batch is a transaction that also notes how far it came, so that a process may
 * die at any moment and nothing is told twice.
 */
export function startSpreading(deps: SpreadDeps): Spreading {
  let closed = false;
  let again = false;
  let running: Promise<void> | null = null;

  const wake = () => {
    again = true;
    running ??= run().finally(() => (running = null));
  };
  async function run() {
    while (again && !closed) {
      again = false;
      try {
        await spreadAll(deps, () => closed);
      } catch (error) {
        deps.log.warn({ err: error }, 'a promotion could not be told on; the next round goes on');
      }
    }
  }

  wake();
  const timer = setInterval(wake, pollEvery);
  return {
    wake,
    async close() {
      closed = true;
      clearInterval(timer);
      await running;
    },
  };
}

/** Does all jobs there are that nobody else has in hand. */
export async function spreadAll(deps: SpreadDeps, isClosed = () => false): Promise<void> {
  const begun = new Set<number>();
  while (!isClosed()) {
    const outcome = await tryBatch(deps, begun);
    if (outcome === 'idle') return;
    if (typeof outcome === 'number') {
      await awaitOlderTransactions(deps.db, isClosed);
      begun.add(outcome);
    } else await sleep(outcome === 'held' ? pause : yieldFor);
  }
}

/** @returns `held`: an instance was locked for too long; a number: this job has to wait before its first batch */
async function tryBatch(
  deps: SpreadDeps,
  begun: Set<number>,
): Promise<'idle' | 'done' | 'held' | number> {
  let change: Change | null = null;
  try {
    const outcome = await deps.db.transaction(async (tx) => {
      const job = await lockUpstreamUpdate(tx);
      if (!job) return 'idle';
      if (job.doneThrough === 0 && !begun.has(job.id)) return job.id;
      change = await spreadBatch(tx, job, deps);
      return 'done';
    });
    if (change) publishNews(deps, change);
    return outcome;
  } catch (error) {
    if (isWorthRetrying(error)) return 'held';
    throw error;
  }
}

function publishNews(deps: SpreadDeps, change: Change): void {
  if (change.changed.length > 0) deps.publish(change);
}
