import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '#db/client.ts';
import { listWriters } from '#server/store/upstream-updates.ts';

/** Milliseconds. Longer than any check-in's transaction may take; other work in the same database may take for ever. */
const patience = 60_000;
const longestNap = 500;

/**
 * Waits until every transaction that is writing now has ended. A check-in that began before a promotion was committed may
 * have counted without it, and may be about to store an instance that nobody can see before its commit.
 */
export async function awaitOlderTransactions(db: Db, isClosed: () => boolean): Promise<void> {
  const deadline = performance.now() + patience;
  let older = new Set(await listWriters(db));
  for (let nap = 5; older.size > 0 && !isClosed(); nap = Math.min(longestNap, nap * 2)) {
    if (performance.now() > deadline) return;
    await sleep(nap);
    older = older.intersection(new Set(await listWriters(db)));
  }
}
