import type { Context } from 'hono';
import { APIError } from 'better-auth/api';
import type { z } from 'zod';
import type { passwordChange, signInRequest } from '#contract/accounts.ts';
import { audit, auditRefusal } from '#server/audit/index.ts';
import { AppError } from '#server/errors.ts';
import type { Tx } from '#server/store/instances.ts';
import { deleteExpiredSessions, deleteSession, findSession } from '#server/store/sessions.ts';
import { type AccountEnv, byOf, type PersonActor } from './actor.ts';
import type { Desk } from './desk.ts';
import { authFor, cookiesOf, setCookies } from './session-cookie.ts';

type Ctx = Context<AccountEnv>;

/** @throws AppError unauthorized for a wrong address or password, too_many after too many of them */
export async function signIn(
  desk: Desk,
  c: Ctx,
  { email, password }: z.infer<typeof signInRequest>,
): Promise<void> {
  const { db, limits, turnstile } = desk;
  const forgive = limits.tryPassword(c.get('clientAddress'), email);
  const headers = await turnstile.pass(async () => {
    try {
      return await db.transaction((tx) => openByPassword(desk, tx, c, { email, password }));
    } catch (error) {
      if (!(error instanceof APIError)) throw error;
      await auditRefusal(db, byOf(c), email);
      throw new AppError('unauthorized', 'Email address or password is wrong.');
    }
  });
  forgive();
  setCookies(c, headers);
}

async function openByPassword(
  desk: Desk,
  tx: Tx,
  c: Ctx,
  body: z.infer<typeof signInRequest>,
): Promise<Headers> {
  const { headers, response } = await authFor(desk, tx, c).api.signInEmail({
    body,
    returnHeaders: true,
  });
  const session = await findSession(tx, response.token);
  if (!session) throw new Error('The session that was opened is not there.');
  const { id, name } = session.person;
  const by = { ...byOf(c), actor: { kind: 'person' as const, id, name } };
  await audit(tx, by, { action: 'session.began', details: { session: session.id } });
  await deleteExpiredSessions(tx, id);
  // Whoever was signed in on this browser until now is not any more.
  const before = c.get('actor');
  if (before?.kind === 'person') await deleteSession(tx, before.id, before.sessionId);
  return headers;
}

/** Does nothing but clear the cookie where nobody is signed in. */
export async function signOut(desk: Desk, c: Ctx): Promise<void> {
  const actor = c.get('actor');
  const headers = await desk.db.transaction(async (tx) => {
    const left = await authFor(desk, tx, c).api.signOut({
      headers: cookiesOf(c),
      returnHeaders: true,
    });
    if (actor?.kind === 'person')
      await audit(tx, byOf(c), {
        action: 'session.ended',
        details: { session: actor.sessionId, own: true },
      });
    return left.headers;
  });
  setCookies(c, headers);
}

/** @throws AppError wrong_password, too_many after too many of those */
export async function changePassword(
  desk: Desk,
  c: Ctx,
  actor: PersonActor,
  body: z.infer<typeof passwordChange>,
): Promise<void> {
  const { db, limits, turnstile } = desk;
  // Under the person and not the address: whoever guesses at the door must not lock the one inside out, nor the reverse.
  const forgive = limits.tryPassword(c.get('clientAddress'), `person ${actor.id}`);
  const change = (tx: Tx) =>
    authFor(desk, tx, c).api.changePassword({ body, headers: cookiesOf(c), returnHeaders: true });
  const headers = await turnstile
    .pass(() =>
      db.transaction(async (tx) => {
        const changed = await change(tx);
        const target = { kind: 'person', id: actor.id, name: actor.name };
        const details = { otherSessionsEnded: body.revokeOtherSessions };
        await audit(tx, byOf(c), { action: 'password.changed', target, details });
        return changed.headers;
      }),
    )
    .catch((error: unknown) => {
      throw error instanceof APIError ? explain(error) : error;
    });
  forgive();
  setCookies(c, headers);
}

function explain(error: APIError): AppError {
  const { code } = (error.body ?? {}) as { code?: string };
  if (code === 'INVALID_PASSWORD')
    return new AppError('wrong_password', 'This is not your present password.');
  if (code === 'CREDENTIAL_ACCOUNT_NOT_FOUND')
    return new AppError('conflict', 'This account has no password.');
  return new AppError('unauthorized', 'Sign in first.');
}
