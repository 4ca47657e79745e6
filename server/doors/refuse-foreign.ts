import type { Context, MiddlewareHandler } from 'hono';
import type { Config } from '#server/config.ts';
import { AppError } from '#server/errors.ts';
import type { DoorEnv } from './env.ts';
import { isOwnOrigin } from './own-origin.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request that changes something comes from a page of another site. Browsers say of every such request which
 * page it comes from; a request that says nothing of it comes from no browser, and then it has no cookie either.
 */
export function isForeign(c: Context, { publicUrl }: Pick<Config, 'publicUrl'>): boolean {
  if (safeMethods.has(c.req.method)) return false;
  const origin = c.req.header('origin');
  const site = c.req.header('sec-fetch-site');
  if (origin !== undefined) return !isOwnOrigin(origin, c.req.header('host'), publicUrl);
  return site === undefined ? Boolean(c.req.header('cookie')) : site !== 'same-origin';
}

/**
 * Keeps pages of other sites from acting with a visitor's cookie (cross-site request forgery), and from signing a
 * visitor in as somebody else.
 */
export function refuseForeign(config: Pick<Config, 'publicUrl'>): MiddlewareHandler<DoorEnv> {
  return async (c, next) => {
    if (isForeign(c, config))
      throw new AppError('forbidden', 'Changes are taken from pages of this address only.');
    await next();
  };
}
