import { Hono } from 'hono';
import type { MiddlewareHandler } from 'hono';
import type { AccountEnv } from './actor.ts';
import { type AccountDeps, openDesk } from './desk.ts';
import { createGuests, type Guests } from './guests.ts';
import { identify } from './identify.ts';
import { managementRoutes } from './management-routes.ts';
import { createPasswords, type Passwords } from './passwords.ts';
import { openRoutes, ownRoutes } from './session-routes.ts';

export { type AccountEnv, type Actor, byOf } from './actor.ts';
export type { AccountDeps } from './desk.ts';
export type { Passwords } from './passwords.ts';
export { prepareFirstStart } from './first-start.ts';
export { readId, readJson, readNumber } from './read-json.ts';
export type { Guest, Guests } from './guests.ts';
export { demandMetrics, requires } from './requires.ts';

/** People, what they may, and how they prove who they are. */
export interface Accounts {
  /** Finds out who asks, for all that comes after it. */
  identify: MiddlewareHandler<AccountEnv>;
  /** For everybody: the session, set-up, signing in and out. */
  openRoutes: Hono<AccountEnv>;
  /** One's own account, people, tokens. */
  routes: Hono<AccountEnv>;
  /** For the live connections. */
  guests: Guests;
  /** For the customers' download portals. */
  passwords: Passwords;
}

export async function openAccounts(deps: AccountDeps): Promise<Accounts> {
  const desk = await openDesk(deps);
  const routes = new Hono<AccountEnv>();
  routes.route('/', ownRoutes(desk));
  routes.route('/', managementRoutes(desk));
  return {
    identify: identify(desk),
    openRoutes: openRoutes(desk),
    routes,
    guests: createGuests(desk),
    passwords: createPasswords(desk.turnstile),
  };
}
