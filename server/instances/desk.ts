import type { Db } from '#db/client.ts';
import type { Config } from '#server/config.ts';
import type { Change } from '#server/live/publisher.ts';
import type { WorldDeps } from '#server/open-worlds.ts';

/** What everything in this room works with. */
export interface InstanceDeps extends WorldDeps {
  db: Db;
  config: Pick<Config, 'inactiveAfter' | 'zone'>;
  /** Called after the commit; must not throw. */
  publish: (change: Change) => void;
}
