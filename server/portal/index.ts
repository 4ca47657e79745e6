import { Hono } from 'hono';
import { portalPasswordRequest } from '#contract/portal.ts';
import { type AccountEnv, byOf, readId, readJson, requires } from '#server/accounts/index.ts';
import type { DoorEnv } from '#server/doors/index.ts';
import { deleteExpiredPortalSessions } from '#server/store/portal-visits.ts';
import { loadAssets } from './assets.ts';
import type { Desk, PortalDeps } from './desk.ts';
import { createPortalLimits } from './limits.ts';
import { portalRoutes } from './routes.ts';
import { setPassword } from './set-password.ts';

/** Milliseconds between two looks for logins that are over. */
const cleaning = 3_600_000;

/** The customers' download portals. */
export interface Portal {
  /** For customers: below /portal. */
  routes: Hono<DoorEnv>;
  /** For the vendor: below /api. */
  apiRoutes: Hono<AccountEnv>;
  close(): void;
}

export function openPortal(deps: PortalDeps): Portal {
  const { db, log } = deps;
  const desk: Desk = { ...deps, limits: createPortalLimits(deps.clock), assets: loadAssets() };
  const failed = (error: unknown) => log.error({ err: error }, 'cannot delete expired logins');
  const timer = setInterval(() => void deleteExpiredPortalSessions(db).catch(failed), cleaning);
  timer.unref();

  const apiRoutes = new Hono<AccountEnv>();
  apiRoutes.post('/api/customers/:id/portal/password', requires('manage'), async (c) => {
    const { password } = await readJson(c, portalPasswordRequest);
    return c.json(await setPassword(desk, byOf(c), readId(c, 'customer'), password));
  });
  return { routes: portalRoutes(desk), apiRoutes, close: () => clearInterval(timer) };
}
