import type { MiddlewareHandler } from 'hono';
import type { Config } from '#server/config.ts';
import { AppError } from '#server/errors.ts';
import type { DoorEnv } from './env.ts';
import { isOwnOrigin } from './own-origin.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request that changes something comes from a page of another site. Browsers say of every such request which
 * page it comes from; a request that says nothing of it comes from no browser, and then it has no cookie either.
 */
export function isForeign(
  { method, header }: Asked,
  { publicUrl }: Pick<Config, 'publicUrl'>,
): boolean {
  if (safeMethods.has(method)) return false;
  const origin = header('origin');
  const site = header('sec-fetch-site');
  if (origin !== undefined) return !isOwnOrigin(origin, header('host'), publicUrl);
  return site === undefined ? Boolean(header('cookie')) : site !== 'same-origin';
}

/** As much of a request as says where it comes from. */
interface Asked {
  method: string;
  header: (name: string) => string | undefined;
}

/**
 * Keeps pages of other sites from acting with a visitor's cookie (cross-site request forgery), and from signing a
 * visitor in as somebody else.
 */
export function refuseForeign(config: Pick<Config, 'publicUrl'>): MiddlewareHandler<DoorEnv> {
  return async (c, next) => {
    const { method } = c.req;
    if (isForeign({ method, header: (name) => c.req.header(name) }, config))
      throw new AppError('forbidden', 'Changes are taken from pages of this address only.');
    await next();
  };
}
