import { Hono } from 'hono';
import { personRequest, roleRequest, tokenRequest } from '#contract/accounts.ts';
import { type AccountEnv, byOf } from './actor.ts';
import type { Desk } from './desk.ts';
import { addPerson, changeRole, listPeople, removePerson } from './people.ts';
import { readId, readJson, readNumber } from './read-json.ts';
import { demand, requires } from './requires.ts';
import { createToken, listTokens, revokeToken } from './tokens.ts';

/** People and tokens. Who may touch owners is decided where it is done (people.ts). */
export function managementRoutes(desk: Desk): Hono<AccountEnv> {
  const routes = new Hono<AccountEnv>();

  routes.get('/api/people', requires('manage'), async (c) => c.json(await listPeople(desk)));

  routes.post('/api/people', requires('manage'), async (c) => {
    const by = { ...byOf(c), actor: demand(c, 'manage') };
    return c.json(await addPerson(desk, by, await readJson(c, personRequest)), 201);
  });

  routes.patch('/api/people/:id/role', requires('manage'), async (c) => {
    const by = { ...byOf(c), actor: demand(c, 'manage') };
    const { role } = await readJson(c, roleRequest);
    return c.json(await changeRole(desk, by, readId(c, 'person'), role));
  });

  routes.delete('/api/people/:id', requires('manage'), async (c) => {
    const by = { ...byOf(c), actor: demand(c, 'manage') };
    await removePerson(desk, by, readId(c, 'person'));
    return c.body(null, 204);
  });

  routes.get('/api/tokens', requires('manage'), async (c) => c.json(await listTokens(desk)));

  routes.post('/api/tokens', requires('manage'), async (c) =>
    c.json(await createToken(desk, byOf(c), await readJson(c, tokenRequest)), 201),
  );

  routes.delete('/api/tokens/:id', requires('manage'), async (c) => {
    await revokeToken(desk, byOf(c), readNumber(c, 'token'));
    return c.body(null, 204);
  });

  return routes;
}
