import type { Context } from 'hono';
import { hashPassword } from 'better-auth/crypto';
import type { z } from 'zod';
import type { setUpRequest } from '#contract/accounts.ts';
import { audit } from '#server/audit/index.ts';
import { AppError } from '#server/errors.ts';
import { deleteSetupLinks, isSetupLink } from '#server/store/first-start.ts';
import { hasPeople, insertPerson, lockFirstAccount } from '#server/store/people.ts';
import { type AccountEnv, byOf } from './actor.ts';
import type { Desk } from './desk.ts';
import { hashSecret } from './secrets.ts';
import { openSession } from './session-cookie.ts';

/**
 * Makes the first owner, whom the set-up link lets in, and signs them in.
 * @throws AppError conflict when somebody has an account, forbidden when the link is not or no more one of ours
 */
export async function setUp(
  desk: Desk,
  c: Context<AccountEnv>,
  { token, name, email, password }: z.infer<typeof setUpRequest>,
): Promise<void> {
  const { db, limits, turnstile } = desk;
  const forgive = limits.trySetUp(c.get('clientAddress'));
  const secretHash = hashSecret(token);
  // Before anything slow is done for whoever asks.
  if (await hasPeople(db)) throw done();
  if (!(await isSetupLink(db, secretHash))) throw over();
  const cookie = await turnstile.pass(async () => {
    const passwordHash = await hashPassword(password);
    return db.transaction(async (tx) => {
      await lockFirstAccount(tx);
      if (await hasPeople(tx)) throw done();
      if (!(await isSetupLink(tx, secretHash))) throw over();
      const id = await insertPerson(tx, { name, email, role: 'owner', passwordHash });
      if (id === null) throw done();
      await deleteSetupLinks(tx);
      const session = await openSession(desk, tx, c, id);
      const by = { ...byOf(c), actor: { kind: 'person' as const, id, name } };
      await audit(tx, by, { action: 'workspace.set-up', target: { kind: 'person', id, name } });
      return session.cookie;
    });
  });
  forgive();
  c.header('Set-Cookie', cookie, { append: true });
}

const done = () =>
  new AppError('conflict', 'Rollcall is set up already: sign in, or ask an owner for an account.');
const over = () =>
  new AppError(
    'forbidden',
    'This set-up link is not valid, or not any more: start Rollcall again for a new one.',
  );
