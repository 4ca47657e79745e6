import type { Context } from 'hono';
import { serializeSigned } from 'hono/utils/cookie';
import type { Tx } from '#server/store/instances.ts';
import type { AccountEnv } from './actor.ts';
import { createAuth, type Origin, sessionLasts, sessionRenewedAfter } from './auth.ts';
import type { Desk } from './desk.ts';

type Ctx = Context<AccountEnv>;

export const originOf = (c: Ctx): Origin => ({
  address: c.get('clientAddress'),
  userAgent: c.req.header('user-agent') ?? null,
});

/** better-auth over the transaction, for sessions that begin with this request. */
export const authFor = (desk: Desk, tx: Tx, c: Ctx) =>
  createAuth(tx, { publicUrl: desk.config.publicUrl, secret: desk.secret }, originOf(c));

/** The one header of the request that better-auth is to see. */
export const cookiesOf = (c: Ctx): Headers => new Headers({ cookie: c.req.header('cookie') ?? '' });

/** Opens a session for a person who has proven to be them in another way than by a password. @returns its cookie */
export async function openSession(
  desk: Desk,
  tx: Tx,
  c: Ctx,
  personId: string,
): Promise<{ id: string; cookie: string }> {
  const { internalAdapter } = await authFor(desk, tx, c).$context;
  const { id, token } = await internalAdapter.createSession(personId);
  const { name, options } = desk.cookie;
  return { id, cookie: await serializeSigned(name, token, desk.secret, options) };
}

export function setCookies(c: Ctx, headers: Headers): void {
  for (const cookie of headers.getSetCookie()) c.header('Set-Cookie', cookie, { append: true });
}

/** Once a day of use the session and its cookie are given their full time again. */
export async function renewSession(
  desk: Desk,
  c: Ctx,
  session: { expiresAt: number },
): Promise<void> {
  const age = Date.now() - (session.expiresAt - sessionLasts * 1000);
  if (age < sessionRenewedAfter * 1000) return;
  const { headers } = await authFor(desk, desk.db, c).api.getSession({
    headers: cookiesOf(c),
    returnHeaders: true,
  });
  setCookies(c, headers);
}
