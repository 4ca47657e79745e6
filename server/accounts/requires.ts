import type { Context, MiddlewareHandler } from 'hono';
import type { Permission } from '#contract/accounts.ts';
import { AppError } from '#server/errors.ts';
import { type AccountEnv, type Actor, permissionsFor, type PersonActor } from './actor.ts';

/** The one guard of routes: lets through whoever has the permission, and tells all others what they lack. */
export function requires(permission: Permission): MiddlewareHandler<AccountEnv> {
  return async (c, next) => {
    demand(c, permission);
    await next();
  };
}

/** @throws AppError unauthorized when nobody is known, forbidden when the permission is missing */
export function demand(c: Context<AccountEnv>, permission: Permission): Actor {
  const actor = known(c);
  mustHave(actor, permission);
  return actor;
}

/** @throws AppError forbidden */
export function mustHave(actor: Actor, permission: Permission): void {
  if (permissionsFor(actor).includes(permission)) return;
  if (actor.kind === 'token') {
    throw new AppError(
      'forbidden',
      permission === 'own'
        ? 'No token may do this: sign in as an owner.'
        : 'This token only reads.',
    );
  }
  throw new AppError(
    'forbidden',
    permission === 'own' ? 'Only an owner may do this.' : 'Only an owner or an admin may do this.',
  );
}

/** For what concerns the person who asks. @throws AppError unauthorized for nobody, forbidden for a token */
export function demandPerson(c: Context<AccountEnv>): PersonActor {
  const actor = known(c);
  if (actor.kind === 'person') return actor;
  throw new AppError('forbidden', 'A token has no account: sign in as a person.');
}

/** What a scraper reads: for any token, and for people who manage. */
export function demandMetrics(c: Context<AccountEnv>): void {
  const actor = known(c);
  if (actor.kind === 'person') mustHave(actor, 'manage');
}

function known(c: Context<AccountEnv>): Actor {
  const actor = c.get('actor');
  if (actor !== null) return actor;
  throw new AppError(
    'unauthorized',
    c.get('isSetUp') ? 'Sign in first.' : 'Rollcall is not set up yet.',
  );
}
