import type { Logger } from 'pino';
import type { Db } from '#db/client.ts';
import type { Time } from '#domain/model.ts';
import type { Change } from '#server/live/publisher.ts';

/** What everything in this room works with. */
export interface UnverifiedDeps {
  db: Db;
  /** Called after the commit; must not throw. */
  publish: (change: Change) => void;
  log: Logger;
  clock?: () => Time;
}
