import type { Db } from '#db/client.ts';
import { advance } from '#domain/changes.ts';
import type { World } from '#domain/model.ts';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Ears } from './ears.ts';
import type { Change } from './live/publisher.ts';
import { saveFold } from './save-fold.ts';
import { readClock } from './store/clock.ts';
import { findSilent, lockFreeInstances } from './store/instances.ts';

const every = 30_000;
const chunk = 500;

export interface SweeperDeps {
  db: Db;
  config: Pick<Config, 'inactiveAfter' | 'zone'>;
  ears: Pick<Ears, 'spans'>;
  publish: (change: Change) => void;
  /** Closes days that are over; answers how many instances it did. */
  closeDays: (limit: number) => Promise<number>;
  log: Logger;
}

/**
 * Notices what no report says: that an instance is late, inactive, or no longer spoken for by its louder reporter.
 * May run in every process: rows that another transaction holds are left to it, and every line is rechecked under the lock.
 * @returns how many instances changed
 */
export async function sweep(deps: SweeperDeps): Promise<number> {
  let changed = 0;
  let afterId = 0;
  const inactiveAfterSeconds = deps.config.inactiveAfter / 1000;
  for (;;) {
    const ids = await findSilent(deps.db, { inactiveAfterSeconds, afterId, limit: chunk });
    if (ids.length > 0) changed += await sweepChunk(deps, ids);
    if (ids.length < chunk) return changed;
    afterId = ids.at(-1)!;
  }
}

async function sweepChunk(deps: SweeperDeps, ids: number[]): Promise<number> {
  const change = await deps.db.transaction(async (tx) => {
    const instances = await lockFreeInstances(tx, ids);
    const now = await readClock(tx);
    const world = silence(now, deps);
    const touched = instances.map((before) => ({ before, ...advance(before, world) }));
    return saveFold(tx, touched, { now, zone: deps.config.zone });
  });
  if (change.changed.length > 0) deps.publish(change);
  return change.changed.length;
}

/** Time alone passes: nothing of releases and channels is asked. */
function silence(now: number, deps: SweeperDeps): World {
  return {
    now,
    ears: deps.ears.spans(now),
    inactiveAfter: deps.config.inactiveAfter,
    app: { statusInformers: true },
    customerChannelId: '',
    release: () => null,
    channel: () => null,
  };
}

/** Sweeps every 30 s, then closes the days that are over, in that order: a line crossed before midnight belongs to its day. */
export function startSweeper(deps: SweeperDeps): { close(): Promise<void> } {
  let closed = false;
  let running: Promise<void> = Promise.resolve();

  async function round() {
    try {
      await sweep(deps);
      while (!closed && (await deps.closeDays(chunk)) > 0);
    } catch (error) {
      deps.log.warn({ err: error }, 'a sweep failed; the next one does its work');
    }
  }

  running = round();
  const timer = setInterval(() => {
    running = running.then(() => (closed ? undefined : round()));
  }, every);
  return {
    async close() {
      closed = true;
      clearInterval(timer);
      await running;
    },
  };
}
