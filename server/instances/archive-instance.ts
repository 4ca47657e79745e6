import { archive, restore } from '#domain/archive.ts';
import type { Instance, World } from '#domain/model.ts';
import type { Step } from '#domain/changes.ts';
import { type Action, audit, type By } from '#server/audit/index.ts';
import type { Change } from '#server/live/publisher.ts';
import { openWorlds } from '#server/open-worlds.ts';
import { saveFold } from '#server/save-fold.ts';
import type { InstanceKey } from '#server/store/instances.ts';
import type { InstanceDeps } from './desk.ts';
import { holdInstance, targetOf } from './hold-instance.ts';

type Archived = Promise<{ revision: number; archived: boolean }>;

/** Hides the instance until it checks in again. Nothing is lost. @throws AppError not_found */
export function archiveInstance(deps: InstanceDeps, by: By, key: InstanceKey): Archived {
  // Lists stop showing it.
  const asLeft = (change: Change): Change => ({ ...change, changed: [], left: change.changed });
  return act(deps, by, key, { fold: archive, action: 'instance.archived', tell: asLeft });
}

/** Shows the instance again, with what happened to it meanwhile. @throws AppError not_found */
export function restoreInstance(deps: InstanceDeps, by: By, key: InstanceKey): Archived {
  return act(deps, by, key, { fold: restore, action: 'instance.restored', tell: (it) => it });
}

async function act(
  deps: InstanceDeps,
  by: By,
  key: InstanceKey,
  deed: {
    fold: (instance: Instance, world: World) => Step;
    action: Action;
    tell: (change: Change) => Change;
  },
): Archived {
  const { after, news } = await deps.db.transaction(async (tx) => {
    const before = await holdInstance(tx, key);
    const { now, worldOf } = await openWorlds(tx, [before], deps);
    const { instance, events, changed } = deed.fold(before, worldOf(before));
    if (!changed) return { after: before, news: null };
    const clock = { now, zone: deps.config.zone };
    const saved = await saveFold(tx, [{ before, instance, events }], clock);
    await audit(tx, by, { action: deed.action, target: targetOf(instance) });
    return { after: instance, news: saved };
  });
  if (news) deps.publish(deed.tell(news));
  return { revision: after.revision, archived: after.archivedAt !== null };
}
