import type { MiddlewareHandler } from 'hono';
import type { Config } from '#server/config.ts';
import { AppError } from '#server/errors.ts';
import type { DoorEnv } from './env.ts';
import { isOwnOrigin } from './own-origin.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Keeps pages of other sites from acting with a visitor's cookie (cross-site request forgery), and from signing a
 * visitor in as somebody else. Browsers say of every unsafe request which page it comes from; a request that says
 * nothing of it comes from no browser, and then it has no cookie either.
 */
export function refuseForeign(config: Pick<Config, 'publicUrl'>): MiddlewareHandler<DoorEnv> {
  return async (c, next) => {
    if (safeMethods.has(c.req.method)) return next();
    const origin = c.req.header('origin');
    const site = c.req.header('sec-fetch-site');
    if (origin !== undefined) {
      if (!isOwnOrigin(origin, c.req.header('host'), config.publicUrl)) throw foreign();
    } else if (site !== undefined ? site !== 'same-origin' : c.req.header('cookie')) {
      throw foreign();
    }
    await next();
  };
}

const foreign = () =>
  new AppError('forbidden', 'Changes are taken from pages of this address only.');
