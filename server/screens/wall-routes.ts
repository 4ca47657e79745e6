import { type Context, Hono } from 'hono';
import { wallQuery, wallSessionRequest } from '#contract/screens.ts';
import type { WallSession, WallSnapshot } from '#contract/wall.ts';
import { type AccountEnv, readJson, requires } from '#server/accounts/index.ts';
import { AppError } from '#server/errors.ts';
import { parseQuery } from '#server/reports/index.ts';
import type { TokenHolder } from '#server/store/screens.ts';
import { giveCookie, tokenIn } from './cookie.ts';
import type { Desk } from './desk.ts';
import { findScreen } from './find-screen.ts';
import { isScreenId } from './secrets.ts';

/** What screens ask for, whoever is signed in: a screen proves itself by its own token. */
export function wallRoutes(desk: Desk): Hono<AccountEnv> {
  const routes = new Hono<AccountEnv>();
  const { wall } = desk;

  routes.post('/api/wall/session', async (c) => {
    const { token } = await readJson(c, wallSessionRequest);
    const { id, name } = await findScreen(desk, token, asked(c));
    giveCookie(desk, c, id, token);
    return c.json({ screen: { id, name } } satisfies WallSession);
  });

  routes.get('/api/wall', async (c) => {
    const id = c.req.query('screen') ?? '';
    const token = isScreenId(id) ? tokenIn(c.req.header('cookie'), id) : null;
    if (token === null) throw new AppError('unauthorized', 'Open the screen by its address first.');
    const holder = await findScreen(desk, token, asked(c));
    giveCookie(desk, c, holder.id, token);
    const body = await wall.snapshot(holder.scope, holder.redaction);
    return answer(c, body, presentHolder(holder));
  });
  return routes;
}

/** The same for people who are signed in, without a screen. */
export function fleetWallRoutes({ wall }: Desk): Hono<AccountEnv> {
  const routes = new Hono<AccountEnv>();
  routes.get('/api/fleet/wall', requires('read'), async (c) => {
    const scope = parseQuery(wallQuery, c.req.queries());
    return answer(c, await wall.snapshot(scope, 'full'), null);
  });
  return routes;
}

const asked = (c: Context<AccountEnv>) => ({ plain: false, address: c.get('clientAddress') });

const presentHolder = ({ id, name, revision, options }: TokenHolder): WallSnapshot['screen'] => ({
  id,
  name,
  revision,
  options,
});

/** Screens of the same scope share what is long; only their own few words are put before it. */
function answer(c: Context, shared: string, screen: WallSnapshot['screen']): Response {
  return c.body(`{"screen":${JSON.stringify(screen)},${shared.slice(1)}`, 200, {
    'Cache-Control': 'no-store',
    'Content-Type': 'application/json',
  });
}
