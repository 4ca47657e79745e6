import { randomBytes, randomUUID } from 'node:crypto';
import { serializeSigned } from 'hono/utils/cookie';
import type { MiddlewareHandler } from 'hono';
import type { Db } from '#db/client.ts';
import { sessions } from '#db/schema.ts';
import type { Role, TokenScope } from '#contract/accounts.ts';
import type { AccountEnv, Guests } from '#server/accounts/index.ts';
import type { ScreenDoor } from '#server/screens/index.ts';
import { createToken } from '#server/accounts/tokens.ts';
import { byServer } from '#server/audit/index.ts';
import { adoptAuthSecret } from '#server/store/first-start.ts';
import { insertPerson } from '#server/store/people.ts';

/** Whom servers of tests make at their start (server.ts). */
export const firstOwner = {
  email: 'owner@rollcall.example',
  password: 'a long enough password',
} as const;

/** Headers of somebody who is signed in; `origin` is what a browser adds to everything but reading. */
export interface Signed {
  cookie: string;
  origin: string;
}

/** Signs in at a running server, as its first owner unless somebody else is given. */
export async function signIn(
  url: string,
  who: { email: string; password: string } = firstOwner,
): Promise<Signed> {
  const { origin } = new URL(url);
  const answer = await fetch(`${origin}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ email: who.email, password: who.password }),
  });
  if (answer.status !== 204) throw new Error(`Signing in failed: ${await answer.text()}`);
  return { origin, cookie: cookieOf(answer) };
}

/** The session cookie that an answer sets, as it is sent back. */
export function cookieOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/** The same session for a browser's context. */
export function browserCookies({ cookie }: Pick<Signed, 'cookie'>, url: string) {
  return cookie.split('; ').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return { name, value: value.join('='), url };
  });
}

export interface Visitor extends Signed {
  id: string;
  email: string;
  sessionId: string;
}

/** Milliseconds: a session that was opened just now. */
const twoWeeks = 14 * 24 * 3_600_000;

/** A new person with a session, straight in the database; for an application or a server at `url`. */
export async function visitorOf(
  db: Db,
  role: Role,
  { url = 'http://localhost', expiresIn = twoWeeks } = {},
): Promise<Visitor> {
  const email = `${role}-${randomUUID()}@rollcall.example`;
  const id = await insertPerson(db, { name: `The ${role}`, email, role, passwordHash: null });
  if (id === null) throw new Error('That address is taken.');
  return { id, email, ...(await openSessionOf(db, id, { url, expiresIn })) };
}

export const ownerOf = (db: Db, options: { url?: string } = {}) => visitorOf(db, 'owner', options);

/** One more session of a person. */
export async function openSessionOf(
  db: Db,
  personId: string,
  { url = 'http://localhost', expiresIn = twoWeeks } = {},
): Promise<Signed & { sessionId: string }> {
  const token = randomBytes(24).toString('base64url');
  const sessionId = randomUUID();
  const expiresAt = new Date(Date.now() + expiresIn);
  await db.insert(sessions).values({ id: sessionId, userId: personId, token, expiresAt });
  const secret = await adoptAuthSecret(db, 'UTC', randomBytes(32).toString('base64url'));
  const cookie = await serializeSigned('rollcall.session_token', token, secret);
  return { sessionId, cookie, origin: new URL(url).origin };
}

/** Headers of a new API token. */
export async function tokenOf(db: Db, scope: TokenScope): Promise<{ authorization: string }> {
  const { secret } = await createToken({ db }, byServer, { name: `To ${scope}`, scope });
  return { authorization: `Bearer ${secret}` };
}

/** Stands for `identify` where routes are tested by themselves: everybody is a person of this role. */
export function actAs(role: Role): MiddlewareHandler<AccountEnv> {
  return async (c, next) => {
    const person = { id: 'somebody', name: 'Somebody', email: 'somebody@rollcall.example' };
    c.set('actor', { kind: 'person', ...person, role, sessionId: 'a session' });
    c.set('isSetUp', true);
    await next();
  };
}

/** Lets everybody in, where live connections are tested by themselves. */
export const openDoor: Guests = {
  admit: () => Promise.resolve({ sessionId: 'a session', role: 'viewer' }),
  recheck: (ids) => Promise.resolve(new Map(ids.map((id) => [id, 'viewer']))),
};

/** Where live connections are tested without screens: none is known. */
export const noScreens: ScreenDoor = {
  isScreen: () => false,
  admit: () => Promise.resolve(null),
  find: () => Promise.resolve(null),
  recheck: () => Promise.resolve(new Map()),
  left: () => {},
  digest: () => Promise.resolve({ count: 0, revisions: 0, newestCheckInAt: null }),
  close: () => Promise.resolve(),
};
