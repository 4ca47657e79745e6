import type { Context } from 'hono';
import { audit } from '#server/audit/index.ts';
import type { Config } from '#server/config.ts';
import { AppError } from '#server/errors.ts';
import { isDemo } from '#server/store/first-start.ts';
import { findOwnerWithoutPassword } from '#server/store/people.ts';
import { type AccountEnv, byOf } from './actor.ts';
import type { Desk } from './desk.ts';
import { openSession } from './session-cookie.ts';

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);
const forwarding = /^(x-forwarded(-.*)?|forwarded|via|x-real-ip|cf-connecting-ip|true-client-ip)$/i;

/** Whether the server listens on this machine only. */
export function isLoopback(host: string): boolean {
  return loopbackNames.has(host.includes(':') ? `[${host}]` : host);
}

/**
 * Whether the one who asks sits at the machine that a demo runs on: the server listens there only, was called by a name
 * of it, so no page of another site leads here under its own, and nobody has passed the request on. Pure.
 */
export function isAtHome(
  config: Pick<Config, 'demo' | 'host'>,
  request: { host: string | undefined; headers: Iterable<string> },
): boolean {
  if (!config.demo || !isLoopback(config.host)) return false;
  const name = request.host?.toLowerCase().replace(/:\d{1,5}$/, '');
  if (name === undefined || !loopbackNames.has(name)) return false;
  return ![...request.headers].some((header) => forwarding.test(header));
}

/** Whether this request's visitor may be signed in without a password: as `isAtHome`, and the data is a demo's. */
export async function mayEnterDemo(desk: Desk, c: Context<AccountEnv>): Promise<boolean> {
  const headers = Object.keys(c.req.header());
  if (!isAtHome(desk.config, { host: c.req.header('host'), headers })) return false;
  return isDemo(desk.db);
}

/** Signs a visitor in as the demo's owner. @throws AppError forbidden where that is not allowed */
export async function enterDemo(desk: Desk, c: Context<AccountEnv>): Promise<void> {
  const owner = (await mayEnterDemo(desk, c)) ? await findOwnerWithoutPassword(desk.db) : null;
  if (!owner)
    throw new AppError('forbidden', 'Nobody is signed in by themselves here: sign in first.');
  if (c.get('actor')?.kind === 'person') return;
  desk.limits.enterDemo(c.get('clientAddress'));
  const cookie = await desk.db.transaction(async (tx) => {
    const session = await openSession(desk, tx, c, owner.id);
    const by = { ...byOf(c), actor: { kind: 'person' as const, ...owner } };
    const details = { session: session.id, demo: true };
    await audit(tx, by, { action: 'session.began', details });
    return session.cookie;
  });
  c.header('Set-Cookie', cookie, { append: true });
}
