import { followChannel } from '#domain/changes.ts';
import type { Config } from '#server/config.ts';
import type { Change } from '#server/live/publisher.ts';
import { openWorlds, type WorldDeps } from '#server/open-worlds.ts';
import { saveFold } from '#server/save-fold.ts';
import { lockInstances, type Tx } from '#server/store/instances.ts';
import {
  findOnChannel,
  limitLockWait,
  moveUpstreamUpdate,
  type UpstreamUpdate,
} from '#server/store/upstream-updates.ts';

const most = 100;
/** Milliseconds to wait for instances that check-ins hold; meanwhile this batch holds others. */
const lockWait = 250;

export interface BatchDeps extends WorldDeps {
  config: Pick<Config, 'inactiveAfter' | 'zone'>;
  publish: (change: Change) => void;
}

/** Tells the next instances of a job's channel, and notes how far it came; a batch that is not full ends the job. */
export async function spreadBatch(tx: Tx, job: UpstreamUpdate, deps: BatchDeps): Promise<Change> {
  const keys = await findOnChannel(tx, job.channelId, job.doneThrough, most);
  const last = keys.at(-1);
  await limitLockWait(tx, lockWait);
  const instances = await lockInstances(tx, keys);
  const { now, worldOf } = await openWorlds(tx, instances, deps);
  const touched = instances
    .map((before) => ({ before, ...followChannel(before, worldOf(before)) }))
    .filter(({ changed }) => changed);
  const change = await saveFold(tx, touched, { now, zone: deps.config.zone });
  // Whoever comes after the last of these is counted with the promotion from the start.
  const isLast = last === undefined || keys.length < most;
  await moveUpstreamUpdate(tx, job.id, isLast ? 'finished' : { doneThrough: last.id });
  return change;
}
