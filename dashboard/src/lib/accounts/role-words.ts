import type { Person, Role, SessionState, TokenScope } from '#contract/accounts.ts';

export const roleWords: Record<Role, string> = { owner: 'Owner', admin: 'Admin', viewer: 'Viewer' };

/** From the most powerful on. The contract's own list would bring its whole validation along. */
export const roles = Object.keys(roleWords) as Role[];

export const roleMeans: Record<Role, string> = {
  owner: 'Everything an admin may, and decides who the owners are.',
  admin: 'Manages customers, people and API tokens.',
  viewer: 'Reads what the pages show; never a license id.',
};

export const scopeWords: Record<TokenScope, string> = { read: 'Read', write: 'Write' };

export const scopes = Object.keys(scopeWords) as TokenScope[];

export const scopeMeans: Record<TokenScope, string> = {
  read: 'Reads what the pages show; never a license id.',
  write: 'Reads, and manages customers, people and API tokens.',
};

/** "an admin", "a viewer". */
export const aRole = (role: Role) => (role === 'viewer' ? 'a viewer' : `an ${role}`);

type Me = NonNullable<SessionState['person']>;

/** Why `me` can neither remove `person` nor give them another role; null: both can be done. Pure. */
export function whyFixed(person: Person, people: readonly Person[], me: Me): string | null {
  if (person.role !== 'owner') return null;
  const owners = people.filter(({ role }) => role === 'owner').length;
  if (owners === 1) return 'The last owner stays; make another first.';
  return me.role === 'owner' ? null : 'Only an owner changes an owner.';
}

/** Why `me` cannot give this role; null: it can be given. Pure. */
export function whyNotGiven(role: Role, me: Me): string | null {
  return role === 'owner' && me.role !== 'owner' ? 'Only an owner makes owners.' : null;
}
