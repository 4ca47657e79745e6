import type { Logger } from 'pino';
import type { Db } from '#db/client.ts';
import type { Time } from '#domain/model.ts';
import type { Config } from '#server/config.ts';
import type { WallReads } from '#server/reports/index.ts';
import type { ScreenLimits } from './limits.ts';

export interface ScreenDeps {
  db: Db;
  config: Pick<Config, 'publicUrl' | 'trustProxy' | 'zone'>;
  wall: WallReads;
  build: string;
  log: Pick<Logger, 'warn' | 'error'>;
  /** One sentence if the server cannot vouch for what it shows now. */
  doubt?: () => string | null;
  /** Tests turn it. */
  clock?: () => Time;
}

/** What everything in this room works with. */
export interface Desk extends ScreenDeps {
  limits: ScreenLimits;
}
