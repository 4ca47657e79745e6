import type { Logger } from 'pino';
import type { Db } from '#db/client.ts';
import type { Time } from '#domain/model.ts';
import type { Passwords } from '#server/accounts/index.ts';
import type { Config } from '#server/config.ts';
import type { Files } from '#server/files/index.ts';
import type { Assets } from './assets.ts';
import type { PortalLimits } from './limits.ts';

export interface PortalDeps {
  db: Db;
  config: Pick<Config, 'publicUrl' | 'zone'>;
  passwords: Passwords;
  files: Pick<Files, 'folder'>;
  log: Pick<Logger, 'error'>;
  /** Tests turn it. */
  clock?: () => Time;
}

/** What everything in this room works with. */
export interface Desk extends PortalDeps {
  limits: PortalLimits;
  assets: Assets;
}
