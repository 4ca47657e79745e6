import type { Db } from '#db/client.ts';
import type { Config } from '#server/config.ts';

/** What everything in this room works with. */
export interface CustomerDeps {
  db: Db;
  config: Pick<Config, 'publicUrl'>;
}
