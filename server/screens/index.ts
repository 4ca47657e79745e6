import { Hono } from 'hono';
import type { AccountEnv } from '#server/accounts/index.ts';
import type { DoorEnv } from '#server/doors/index.ts';
import type { Desk, ScreenDeps } from './desk.ts';
import { openDoor, type ScreenDoor } from './door.ts';
import { createScreenLimits } from './limits.ts';
import { plainRoutes } from './plain/routes.ts';
import { screenRoutes } from './routes.ts';
import { fleetWallRoutes, wallRoutes } from './wall-routes.ts';

export type { ScreenDoor, ScreenSeat } from './door.ts';

/** Wall screens: who they are, what they read, and how people manage them. */
export interface Screens {
  /** For screens, which prove themselves: below /api/wall. */
  openRoutes: Hono<AccountEnv>;
  /** For browsers without script: below /wall/plain. */
  plainRoutes: Hono<DoorEnv>;
  /** For people. */
  routes: Hono<AccountEnv>;
  /** For the live connections. */
  door: ScreenDoor;
}

export function openScreens(deps: ScreenDeps): Screens {
  const desk: Desk = { ...deps, limits: createScreenLimits(deps.clock) };
  const routes = new Hono<AccountEnv>();
  routes.route('/', screenRoutes(desk));
  routes.route('/', fleetWallRoutes(desk));
  return {
    openRoutes: wallRoutes(desk),
    plainRoutes: plainRoutes(desk),
    routes,
    door: openDoor(desk),
  };
}
