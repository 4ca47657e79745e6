import { hashPassword } from 'better-auth/crypto';
import { toInstant } from '#domain/instant.ts';
import type { z } from 'zod';
import { type Person, type personRequest, type Role, roles } from '#contract/accounts.ts';
import { audit, type By } from '#server/audit/index.ts';
import { AppError } from '#server/errors.ts';
import type { Tx } from '#server/store/instances.ts';
import {
  deletePerson,
  insertPerson,
  lockOwners,
  lockPerson,
  type PersonRecord,
  readPeople,
  writeRole,
} from '#server/store/people.ts';
import { deleteSessions } from '#server/store/sessions.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { mustHave } from './requires.ts';

type Deps = Pick<Desk, 'db' | 'turnstile'>;
type Asking = By & { actor: Actor };

export async function listPeople({ db }: Pick<Desk, 'db'>): Promise<Person[]> {
  return (await readPeople(db)).map(present);
}

/** @throws AppError forbidden when somebody who is no owner makes one, conflict when the address is taken */
export async function addPerson(
  { db, turnstile }: Deps,
  by: Asking,
  { name, email, role, password }: z.infer<typeof personRequest>,
): Promise<Person> {
  if (role === 'owner') mustHave(by.actor, 'own');
  const passwordHash = await turnstile.pass(() => hashPassword(password));
  return db.transaction(async (tx) => {
    await takeTurn(tx, by.actor, role === 'owner');
    const id = await insertPerson(tx, { name, email, role, passwordHash });
    if (id === null)
      throw new AppError('conflict', 'Somebody with this email address has an account already.');
    const target = { kind: 'person', id, name };
    await audit(tx, by, { action: 'person.added', target, details: { role } });
    return readOne(tx, id);
  });
}

/**
 * Whoever gets a lesser role is signed out everywhere.
 * @throws AppError forbidden when somebody who is no owner touches or makes one, conflict for the last owner
 */
export async function changeRole(
  { db }: Deps,
  by: Asking,
  id: string,
  role: Role,
): Promise<Person> {
  return db.transaction(async (tx) => {
    const person = await hold(tx, by.actor, id, role === 'owner');
    if (person.role !== role) {
      if (person.role === 'owner') refuseLast(person.owners, 'gets no other role');
      await writeRole(tx, id, role);
      if (roles.indexOf(role) > roles.indexOf(person.role)) await deleteSessions(tx, id);
      const target = { kind: 'person', id, name: person.name };
      const details = { before: person.role, after: role };
      await audit(tx, by, { action: 'person.role-changed', target, details });
    }
    return readOne(tx, id);
  });
}

/** With all their sessions. @throws AppError as `changeRole` */
export async function removePerson({ db }: Deps, by: Asking, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const person = await hold(tx, by.actor, id, false);
    if (person.role === 'owner') refuseLast(person.owners, 'stays');
    await deletePerson(tx, id);
    const target = { kind: 'person', id, name: person.name };
    await audit(tx, by, { action: 'person.removed', target, details: { role: person.role } });
  });
}

/**
 * Waits for others who change people, and looks again what the actor may: one of them may have been about it.
 * @returns the owners there are, and the actor as they are now
 */
async function takeTurn(tx: Tx, given: Actor, owns: boolean) {
  const owners = await lockOwners(tx);
  let actor = given;
  if (given.kind === 'person') {
    const now = await lockPerson(tx, given.id);
    if (!now) throw new AppError('unauthorized', 'Sign in first.');
    actor = { ...given, role: now.role };
  }
  mustHave(actor, owns ? 'own' : 'manage');
  return { owners, actor };
}

async function hold(tx: Tx, given: Actor, id: string, owns: boolean) {
  const { owners, actor } = await takeTurn(tx, given, owns);
  const person = await lockPerson(tx, id);
  if (!person) throw new AppError('not_found', 'There is no such person.');
  if (person.role === 'owner') mustHave(actor, 'own');
  return { ...person, owners };
}

function refuseLast(owners: string[], what: string): void {
  if (owners.length > 1) return;
  throw new AppError('conflict', `The last owner ${what}: make somebody else an owner first.`);
}

async function readOne(tx: Tx, id: string): Promise<Person> {
  const [person] = await readPeople(tx, id);
  if (!person) throw new AppError('not_found', 'There is no such person.');
  return present(person);
}

function present({ createdAt, lastSeenAt, ...person }: PersonRecord): Person {
  return {
    ...person,
    createdAt: toInstant(createdAt),
    lastSeenAt: toInstant(lastSeenAt),
  };
}
