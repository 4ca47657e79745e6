import type { Context } from 'hono';
import { type Permission, permissionsOf, type Role, type TokenScope } from '#contract/accounts.ts';
import type { By } from '#server/audit/index.ts';
import type { DoorEnv, DoorVariables } from '#server/doors/index.ts';

/** Who asks. */
export type Actor =
  | { kind: 'person'; id: string; name: string; email: string; role: Role; sessionId: string }
  | { kind: 'token'; id: string; name: string; scope: TokenScope };
export type PersonActor = Extract<Actor, { kind: 'person' }>;

export interface AccountVariables extends DoorVariables {
  /** Null: nobody who is known. */
  actor: Actor | null;
  /** False: nobody has an account yet. Looked up only where nobody is known. */
  isSetUp: boolean;
}

/** Of the routes that know who asks. */
export interface AccountEnv extends DoorEnv {
  Variables: AccountVariables;
}

export function permissionsFor(actor: Actor | null): readonly Permission[] {
  if (actor === null) return [];
  return permissionsOf[actor.kind === 'person' ? actor.role : actor.scope];
}

/** The request's actor, address and id, for what it does to be noted. */
export function byOf(c: Context<AccountEnv>): By {
  return {
    actor: c.get('actor'),
    address: c.get('clientAddress'),
    requestId: c.get('requestId'),
  };
}
