import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Logger } from 'pino';
import type { DoorEnv } from './env.ts';

/**
 * One line a request, at `debug`. It names the route and not the address that was asked for: addresses are typed and
 * pasted by people, and may hold what no log may.
 */
export function logRequests(log: Logger): MiddlewareHandler<DoorEnv> {
  return async (c, next) => {
    if (!log.isLevelEnabled('debug')) return next();
    const begun = performance.now();
    await next();
    log.debug(
      {
        requestId: c.get('requestId'),
        method: c.req.method,
        route: routePath(c),
        status: c.res.status,
        ms: Math.round((performance.now() - begun) * 10) / 10,
        address: c.get('clientAddress'),
      },
      'answered',
    );
  };
}
