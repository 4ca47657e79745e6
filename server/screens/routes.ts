import { Hono } from 'hono';
import { screenChange, screenDeed, screenRequest } from '#contract/screens.ts';
import { type AccountEnv, byOf, readId, readJson, requires } from '#server/accounts/index.ts';
import { readScreenCustomers } from '#server/store/reads-wall.ts';
import type { Desk } from './desk.ts';
import { addScreen, changeScreen, replaceToken, revokeScreen, tellScreen } from './edit-screens.ts';
import { listScreens } from './list-screens.ts';

/** For people who manage. */
export function screenRoutes(desk: Desk): Hono<AccountEnv> {
  const routes = new Hono<AccountEnv>();
  const manages = requires('manage');

  routes.get('/api/screens', manages, async (c) => c.json(await listScreens(desk)));

  // What a new scope may name.
  routes.get('/api/screens/customers', manages, async (c) =>
    c.json(await readScreenCustomers(desk.db)),
  );

  routes.post('/api/screens', manages, async (c) =>
    c.json(await addScreen(desk, byOf(c), await readJson(c, screenRequest)), 201),
  );

  routes.patch('/api/screens/:id', manages, async (c) => {
    const change = await readJson(c, screenChange);
    return c.json(await changeScreen(desk, byOf(c), readId(c, 'screen'), change));
  });

  routes.post('/api/screens/:id/token', manages, async (c) => {
    const { revision } = await readJson(c, screenDeed);
    return c.json(await replaceToken(desk, byOf(c), readId(c, 'screen'), revision));
  });

  routes.post('/api/screens/:id/revoke', manages, async (c) => {
    const { revision } = await readJson(c, screenDeed);
    return c.json(await revokeScreen(desk, byOf(c), readId(c, 'screen'), revision));
  });

  for (const what of ['reload', 'identify'] as const)
    routes.post(`/api/screens/:id/${what}`, manages, async (c) =>
      c.json(await tellScreen(desk, byOf(c), readId(c, 'screen'), what)),
    );

  return routes;
}
