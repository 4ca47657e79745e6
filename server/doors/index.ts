import { Hono } from 'hono';
import { requestId } from 'hono/request-id';
import type { Logger } from 'pino';
import type { Config } from '#server/config.ts';
import { apiLimits } from './api-limits.ts';
import { findClientAddress } from './client-address.ts';
import type { DoorEnv } from './env.ts';
import { logRequests } from './log-requests.ts';
import { refuseForeign } from './refuse-foreign.ts';
import { secureHeaders } from './secure-headers.ts';

export { addressOf, findClientAddress, networkOf } from './client-address.ts';
export type { DoorEnv, DoorVariables } from './env.ts';
export { isOwnOrigin } from './own-origin.ts';
export { isForeign } from './refuse-foreign.ts';
export { answerHeaders } from './secure-headers.ts';
export { allowLongBody, watchSenders } from './slow-senders.ts';

export interface DoorDeps {
  config: Pick<Config, 'publicUrl' | 'trustProxy'>;
  log: Logger;
}

/** What every request passes first, whatever it asks for: it gets an id, an address, and headers for its answer. */
export function frontDoor({ config, log }: DoorDeps): Hono<DoorEnv> {
  const door = new Hono<DoorEnv>();
  door.use(requestId());
  door.use(async (c, next) => {
    const socketAddress = c.env?.incoming?.socket.remoteAddress;
    const forwardedFor = c.req.header('x-forwarded-for');
    c.set('clientAddress', findClientAddress(forwardedFor, socketAddress, config.trustProxy));
    await next();
  });
  door.use(logRequests(log));
  door.use(secureHeaders(config));
  return door;
}

/**
 * What requests of people and their tokens pass before any route of theirs. The instances' own paths come before it:
 * they know no cookies, and have limits of their own.
 */
export function apiDoor({ config }: DoorDeps): Hono<DoorEnv> {
  const door = new Hono<DoorEnv>();
  door.use('/api/*', apiLimits());
  door.use('/api/*', refuseForeign(config));
  return door;
}
