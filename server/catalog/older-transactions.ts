import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '#db/client.ts';
import { readOldestTransaction, takeTransactionNumber } from '#server/store/upstream-updates.ts';

/** Milliseconds. Longer than any check-in's transaction may take; other work in the same PostgreSQL may take for ever. */
const patience = 60_000;
const longestNap = 500;

/**
 * Waits until every transaction that was under way has ended. A check-in that began before a promotion was committed may
 * have counted without it, and may be about to store an instance that nobody can see before its commit.
 */
export async function awaitOlderTransactions(db: Db, isClosed: () => boolean): Promise<void> {
  const number = await takeTransactionNumber(db);
  const deadline = performance.now() + patience;
  let nap = 5;
  while (!isClosed() && performance.now() < deadline) {
    if ((await readOldestTransaction(db)) > number) return;
    await sleep(nap);
    nap = Math.min(longestNap, nap * 2);
  }
}
