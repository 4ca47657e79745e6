import type { Instance, Time, World } from '#domain/model.ts';
import type { Config } from './config.ts';
import type { Ears } from './ears.ts';
import type { KnownReleases } from './known-releases.ts';
import { readClock } from './store/clock.ts';
import type { Tx } from './store/instances.ts';
import { readCatalogVersion } from './store/releases.ts';
import { readAssignments } from './store/upstream-updates.ts';

export interface WorldDeps {
  config: Pick<Config, 'inactiveAfter'>;
  ears: Pick<Ears, 'spans'>;
  releases: KnownReleases;
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
  const ears = deps.ears.spans(now);
  const worldOf = ({ customerId }: Pick<Instance, 'customerId'>): World => {
    const { appSlug, channelId } = assignments.get(customerId)!;
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
