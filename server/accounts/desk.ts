import type { CookieOptions } from 'hono/utils/cookie';
import type { Logger } from 'pino';
import type { Db } from '#db/client.ts';
import type { Time } from '#domain/model.ts';
import type { Config } from '#server/config.ts';
import { adoptAuthSecret } from '#server/store/first-start.ts';
import { createAuth } from './auth.ts';
import { type DoorLimits, createDoorLimits } from './limits.ts';
import { makeSecret } from './secrets.ts';
import { createTurnstile, type Turnstile } from './turnstile.ts';

export interface AccountDeps {
  db: Db;
  config: Pick<Config, 'publicUrl' | 'zone' | 'demo' | 'host' | 'admin'>;
  log: Pick<Logger, 'warn'>;
  /** Tests turn it. */
  clock?: () => Time;
}

/** What everything in this room works with. */
export interface Desk extends AccountDeps {
  /** Signs the cookies of all processes. */
  secret: string;
  cookie: { name: string; options: CookieOptions };
  limits: DoorLimits;
  /** Hashing passwords is slow on purpose, so it is done one by one. */
  turnstile: Turnstile;
}

export async function openDesk(deps: AccountDeps): Promise<Desk> {
  const { db, config } = deps;
  const secret = await adoptAuthSecret(db, config.zone, makeSecret());
  const { authCookies } = await createAuth(db, { publicUrl: config.publicUrl, secret }).$context;
  const { name, attributes } = authCookies.sessionToken;
  const { secure, maxAge } = attributes;
  return {
    ...deps,
    secret,
    cookie: { name, options: { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge } },
    limits: createDoorLimits(deps.clock),
    turnstile: createTurnstile(),
  };
}
