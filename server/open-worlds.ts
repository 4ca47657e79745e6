import type { Instance, Time, World } from '#domain/model.ts';
import type { Config } from './config.ts';
import type { Ears } from './ears.ts';
import type { KnownReleases } from './known-releases.ts';
import { readClock } from './store/clock.ts';
import type { Tx } from './store/instances.ts';
import type { LockedLicensee } from './store/licensees.ts';
import { readCatalogVersion } from './store/releases.ts';
import { readAssignments } from './store/upstream-updates.ts';

export interface WorldDeps {
  config: Pick<Config, 'inactiveAfter'>;
  ears: Pick<Ears, 'spans'>;
  releases: Pick<KnownReleases, 'of' | 'version' | 'refresh'>;
}

/**
 * The world around instances of which no report is read. To be opened once they are held, so that nobody who comes
 * after knows more.
 */
export async function openWorlds(
  tx: Tx,
  instances: Pick<Instance, 'customerId'>[],
  deps: WorldDeps,
): Promise<{ now: Time; worldOf: (instance: Pick<Instance, 'customerId'>) => World }> {
  const [now, version, assignments] = await Promise.all([
    readClock(tx),
    readCatalogVersion(tx),
    readAssignments(tx, [...new Set(instances.map(({ customerId }) => customerId))]),
  ]);
  if (version !== deps.releases.version) await deps.releases.refresh(tx);
  const worldOfCustomer = knowWorlds(now, deps);
  const worldOf = ({ customerId }: Pick<Instance, 'customerId'>): World =>
    // No report is read here, so nobody asks for status informers.
    worldOfCustomer({ customerId, ...assignments.get(customerId)!, statusInformers: true });
  return { now, worldOf };
}

/** The world as each customer's instances find it, made once for all of one batch. */
export function knowWorlds(
  now: Time,
  deps: WorldDeps,
): (
  customer: Pick<LockedLicensee, 'customerId' | 'appSlug' | 'channelId' | 'statusInformers'>,
) => World {
  const ears = deps.ears.spans(now);
  const worlds = new Map<string, World>();
  return ({ customerId, appSlug, channelId, statusInformers }) => {
    let world = worlds.get(customerId);
    if (!world) {
      world = {
        now,
        ears,
        inactiveAfter: deps.config.inactiveAfter,
        app: { statusInformers },
        customerChannelId: channelId,
        ...deps.releases.of(appSlug),
      };
      worlds.set(customerId, world);
    }
    return world;
  };
}
