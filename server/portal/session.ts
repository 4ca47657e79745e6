import { createHash, randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { DoorEnv } from '#server/doors/index.ts';
import { AppError } from '#server/errors.ts';
import { announceCustomers } from '#server/store/announce.ts';
import {
  deletePortalSession,
  holdsPortalSession,
  insertPortalSession,
  type OpenPortal,
} from '#server/store/portal-visits.ts';
import type { Desk } from './desk.ts';

type Ctx = Context<DoorEnv>;

/** Seconds that a login lasts (semantics: 72 hours). */
export const loginLasts = 72 * 3600;

const longestPassword = 200;

/** One cookie for each portal: whoever serves several customers is logged in at each. */
const cookieName = ({ slug }: OpenPortal) => `rollcall_portal_${slug.slice(0, 8)}`;

const hashToken = (token: string) => createHash('sha256').update(token).digest('hex');

/** Whether the request comes from a login at this portal that holds. */
export async function isLoggedIn({ db }: Desk, c: Ctx, portal: OpenPortal): Promise<boolean> {
  const token = getCookie(c, cookieName(portal));
  if (!token) return false;
  return holdsPortalSession(db, portal.customerId, hashToken(token));
}

/**
 * Opens a login with a token of its own, and ends the one that the browser had.
 * @throws AppError unauthorized, the same whether the password is wrong or there is none yet; too_many
 */
export async function logIn(desk: Desk, c: Ctx, portal: OpenPortal, given: string): Promise<void> {
  const { db, config, limits, passwords } = desk;
  const forgive = limits.tryPassword(c.get('clientAddress'), portal.slug);
  const { customerId, passwordHash } = portal;
  const password = given.length > longestPassword ? '' : given;
  const isRight = await passwords.verify(passwordHash, password);
  const token = randomBytes(32).toString('base64url');
  const tokenHash = hashToken(token);
  const before = getCookie(c, cookieName(portal));
  const isIn = await db.transaction(async (tx) => {
    if (!isRight || passwordHash === null) return false;
    const login = { customerId, passwordHash, tokenHash, seconds: loginLasts };
    if (!(await insertPortalSession(tx, login))) return false;
    if (before) await deletePortalSession(tx, hashToken(before));
    await announceCustomers(tx, [customerId]);
    return true;
  });
  if (!isIn) throw new AppError('unauthorized', 'That password is wrong.');
  forgive();
  setCookie(c, cookieName(portal), token, { ...cookieOptions(config), maxAge: loginLasts });
}

export async function logOut({ db, config }: Desk, c: Ctx, portal: OpenPortal): Promise<void> {
  const token = getCookie(c, cookieName(portal));
  if (token) {
    await db.transaction(async (tx) => {
      if (await deletePortalSession(tx, hashToken(token)))
        await announceCustomers(tx, [portal.customerId]);
    });
  }
  deleteCookie(c, cookieName(portal), cookieOptions(config));
}

const cookieOptions = ({ publicUrl }: Desk['config']) =>
  ({
    path: '/portal',
    httpOnly: true,
    sameSite: 'Lax',
    secure: publicUrl.startsWith('https:'),
  }) as const;
