import { followChannel } from '#domain/changes.ts';
import type { Instance, World } from '#domain/model.ts';
import type { Config } from '#server/config.ts';
import type { Ears } from '#server/ears.ts';
import type { KnownReleases } from '#server/known-releases.ts';
import type { Change } from '#server/live/publisher.ts';
import { saveFold } from '#server/save-fold.ts';
import { readClock } from '#server/store/clock.ts';
import { lockInstances, type Tx } from '#server/store/instances.ts';
import { readCatalogVersion } from '#server/store/releases.ts';
import {
  findOnChannel,
  limitLockWait,
  moveUpstreamUpdate,
  readAssignments,
  type UpstreamUpdate,
} from '#server/store/upstream-updates.ts';

const most = 100;
/** Milliseconds to wait for instances that check-ins hold; meanwhile this batch holds others. */
const lockWait = 250;

export interface BatchDeps {
  config: Pick<Config, 'inactiveAfter' | 'zone'>;
  ears: Pick<Ears, 'spans'>;
  releases: KnownReleases;
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

/** Read once the instances are held, so that nobody who comes after knows more. */
async function openWorlds(tx: Tx, instances: Instance[], deps: BatchDeps) {
  const [now, version, assignments] = await Promise.all([
    readClock(tx),
    readCatalogVersion(tx),
    readAssignments(tx, [...new Set(instances.map(({ customerId }) => customerId))]),
  ]);
  if (version !== deps.releases.version) await deps.releases.refresh(tx);
  const ears = deps.ears.spans(now);
  const worldOf = (instance: Instance): World => {
    const { appSlug, channelId } = assignments.get(instance.customerId)!;
    return {
      now,
      ears,
      inactiveAfter: deps.config.inactiveAfter,
      // No report is read here, so nobody asks.
      app: { statusInformers: true },
      customerChannelId: channelId,
      ...deps.releases.of(appSlug),
    };
  };
  return { now, worldOf };
}
