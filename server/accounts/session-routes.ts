import { type Context, Hono } from 'hono';
import {
  passwordChange,
  type SessionState,
  setUpRequest,
  signInRequest,
} from '#contract/accounts.ts';
import { type AccountEnv, byOf, permissionsFor } from './actor.ts';
import { enterDemo, mayEnterDemo } from './demo.ts';
import type { Desk } from './desk.ts';
import { endOwnSession, endOwnSessions, listOwnSessions } from './own-sessions.ts';
import { readId, readJson } from './read-json.ts';
import { demandPerson } from './requires.ts';
import { setUp } from './set-up.ts';
import { changePassword, signIn, signOut } from './sign-in.ts';

/** What somebody who is not signed in may ask for. */
export function openRoutes(desk: Desk): Hono<AccountEnv> {
  const routes = new Hono<AccountEnv>();

  routes.get('/api/session', async (c) => c.json(await describeSession(desk, c)));

  routes.post('/api/session/demo', async (c) => {
    await enterDemo(desk, c);
    return c.body(null, 204);
  });

  routes.post('/api/setup', async (c) => {
    await setUp(desk, c, await readJson(c, setUpRequest));
    return c.body(null, 204);
  });

  routes.post('/api/auth/sign-in/email', async (c) => {
    await signIn(desk, c, await readJson(c, signInRequest));
    return c.body(null, 204);
  });

  routes.post('/api/auth/sign-out', async (c) => {
    await signOut(desk, c);
    return c.body(null, 204);
  });

  return routes;
}

/** What every person may do with their own account. */
export function ownRoutes(desk: Desk): Hono<AccountEnv> {
  const routes = new Hono<AccountEnv>();

  routes.post('/api/auth/change-password', async (c) => {
    const actor = demandPerson(c);
    await changePassword(desk, c, actor, await readJson(c, passwordChange));
    return c.body(null, 204);
  });

  routes.get('/api/account/sessions', async (c) =>
    c.json(await listOwnSessions(desk, demandPerson(c))),
  );

  routes.delete('/api/account/sessions', async (c) => {
    await endOwnSessions(desk, byOf(c), demandPerson(c));
    return c.body(null, 204);
  });

  routes.delete('/api/account/sessions/:id', async (c) => {
    await endOwnSession(desk, byOf(c), demandPerson(c), readId(c, 'session'));
    return c.body(null, 204);
  });

  return routes;
}

async function describeSession(desk: Desk, c: Context<AccountEnv>): Promise<SessionState> {
  const actor = c.get('actor');
  const demo = await mayEnterDemo(desk, c);
  const base = { permissions: [...permissionsFor(actor)], demo };
  if (actor?.kind === 'person') {
    const { id, name, email, role } = actor;
    return { ...base, state: 'signed-in', person: { id, name, email, role } };
  }
  return { ...base, state: c.get('isSetUp') ? 'signed-out' : 'set-up', person: null };
}
