import { parseSigned } from 'hono/utils/cookie';
import type { MiddlewareHandler } from 'hono';
import { hasPeople } from '#server/store/people.ts';
import { findSession, noteSeen, type SessionRecord } from '#server/store/sessions.ts';
import { useToken } from '#server/store/tokens.ts';
import type { AccountEnv, Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { hashSecret } from './secrets.ts';
import { renewSession } from './session-cookie.ts';

/** The session behind a request's cookies; null: none that holds. */
export async function readSession(
  { db, secret, cookie }: Pick<Desk, 'db' | 'secret' | 'cookie'>,
  cookies: string | undefined,
): Promise<SessionRecord | null> {
  if (!cookies) return null;
  // The signature is compared in constant time, and before the database is asked.
  const token = (await parseSigned(cookies, secret, cookie.name))[cookie.name];
  return token ? findSession(db, token) : null;
}

/** Finds out who asks: by `Authorization: Bearer` or by the session cookie. Refuses nobody: that is `requires`. */
export function identify(desk: Desk): MiddlewareHandler<AccountEnv> {
  const isSetUp = createSetUpCheck(desk);
  return async (c, next) => {
    const bearer = /^bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    let actor: Actor | null = null;
    if (bearer !== undefined) actor = await findToken(desk, bearer);
    else {
      const session = await readSession(desk, c.req.header('cookie'));
      if (session) {
        actor = { kind: 'person', ...session.person, sessionId: session.id };
        if (session.seenBefore !== null) await noteSeen(desk.db, [session.id]);
        await renewSession(desk, c, session);
      }
    }
    c.set('actor', actor);
    c.set('isSetUp', actor !== null || (await isSetUp()));
    await next();
  };
}

async function findToken({ db }: Desk, bearer: string): Promise<Actor | null> {
  if (!bearer.startsWith('rc_')) return null;
  const token = await useToken(db, hashSecret(bearer));
  return token && { kind: 'token', id: String(token.id), name: token.name, scope: token.scope };
}

/** The last owner stays, so once there are people, there always are. */
function createSetUpCheck({ db }: Desk): () => Promise<boolean> {
  let found = false;
  return async () => {
    found ||= await hasPeople(db);
    return found;
  };
}
