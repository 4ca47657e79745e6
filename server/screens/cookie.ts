import type { Context } from 'hono';
import { setCookie } from 'hono/cookie';
import { parse } from 'hono/utils/cookie';
import type { AccountEnv } from '#server/accounts/index.ts';
import type { Desk } from './desk.ts';
import { isToken } from './secrets.ts';

/** Seconds: the longest that browsers keep a cookie. It is given anew with every snapshot. */
const lasts = 400 * 24 * 3600;
/** The only addresses that the cookie is sent to. */
const paths = ['/api/wall', '/socket.io'];

/** One for each screen: a browser may show several. */
const nameOf = (screenId: string) => `rollcall_screen_${screenId}`;

/** Keeps the token where the page's scripts cannot read it, for as long as browsers let one. */
export function giveCookie(
  { config }: Desk,
  c: Context<AccountEnv>,
  id: string,
  token: string,
): void {
  const secure = config.publicUrl.startsWith('https:');
  for (const path of paths)
    setCookie(c, nameOf(id), token, {
      path,
      httpOnly: true,
      sameSite: 'Strict',
      secure,
      maxAge: lasts,
    });
}

/** The token in a request's cookies for this screen; null: none. */
export function tokenIn(cookies: string | undefined, screenId: string): string | null {
  if (!cookies) return null;
  const token = parse(cookies, nameOf(screenId))[nameOf(screenId)];
  return token !== undefined && isToken(token) ? token : null;
}
