import { randomUUID } from 'node:crypto';
import { desc, sql } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { apiTokens, auditEntries, sessions, users } from '#db/schema.ts';
import type { ApiToken, NewApiToken, Person, Role } from '#contract/accounts.ts';
import { openApp, type TestApp } from '../support/app.ts';
import { type Signed, tokenOf, type Visitor, visitorOf } from '../support/session.ts';

interface Context {
  house: TestApp;
  owner: Visitor;
}
const test = suite<Context>('people and tokens');
test.before(async (context) => {
  context.house = await openApp();
});
test.before.each(async (context) => {
  const { db } = context.house.fresh;
  await db.delete(users);
  await db.delete(auditEntries);
  context.owner = await visitorOf(db, 'owner');
});
test.after(({ house }) => house.close());

type By = Signed | { authorization: string };
async function ask({ house }: Context, by: By, call: string, body?: object) {
  const [method, path] = call.split(' ') as [string, string];
  const headers = {
    host: 'localhost',
    ...('cookie' in by ? { cookie: by.cookie, origin: by.origin } : by),
  };
  return house.app.request(path, { method, headers, body: body && JSON.stringify(body) });
}
const newPerson = (role: Role) => ({
  name: 'Grace',
  email: `${randomUUID()}@Rollcall.example`,
  password: 'a long enough password',
  role,
});
const notes = async ({ house }: Context) =>
  house.fresh.db.select().from(auditEntries).orderBy(desc(auditEntries.id));
const rolesOf = async ({ house }: Context) =>
  Object.fromEntries((await house.fresh.db.select().from(users)).map(({ id, role }) => [id, role]));

test('somebody who manages adds people; the address is kept in lower case, and only once', async (context) => {
  const grace = newPerson('viewer');
  const answer = await ask(context, context.owner, 'POST /api/people', grace);
  assert.is(answer.status, 201);
  const person = (await answer.json()) as Person;
  assert.is(person.email, grace.email.toLowerCase());
  assert.is(person.sessions, 0);
  const again = await ask(context, context.owner, 'POST /api/people', {
    ...grace,
    email: grace.email.toUpperCase(),
  });
  assert.is(again.status, 409);
  const [note, ...others] = await notes(context);
  assert.equal(others, []);
  assert.is(note?.action, 'person.added');
  assert.is(note?.actorId, context.owner.id);
  assert.is(note?.targetId, person.id);
  assert.equal(note?.details, { role: 'viewer' });
  const signIn = { email: grace.email, password: grace.password };
  const signed = await ask(context, context.owner, 'POST /api/auth/sign-in/email', signIn);
  assert.is(signed.status, 204);
});

test('the list tells who there is, and never a password or a session’s secret', async (context) => {
  await ask(context, context.owner, 'POST /api/people', newPerson('admin'));
  const text = await (await ask(context, context.owner, 'GET /api/people')).text();
  const people = JSON.parse(text) as Person[];
  assert.equal(people.map(({ role }) => role).sort(), ['admin', 'owner']);
  assert.equal(Object.keys(people[0]!).sort(), [
    ...['createdAt', 'email', 'id', 'lastSeenAt', 'name', 'role', 'sessions'],
  ]);
});

test('a lesser role and a removal end all sessions of the person', async (context) => {
  const { db } = context.house.fresh;
  const admin = await visitorOf(db, 'admin');
  const changed = await ask(context, context.owner, `PATCH /api/people/${admin.id}/role`, {
    role: 'viewer',
  });
  assert.is(((await changed.json()) as Person).role, 'viewer');
  assert.is((await ask(context, admin, 'GET /api/fleet')).status, 401);
  const viewer = await visitorOf(db, 'viewer');
  const more = await ask(context, context.owner, `PATCH /api/people/${viewer.id}/role`, {
    role: 'admin',
  });
  assert.is(more.status, 200);
  assert.is((await ask(context, viewer, 'GET /api/people')).status, 200);
  const gone = await ask(context, context.owner, `DELETE /api/people/${viewer.id}`);
  assert.is(gone.status, 204);
  assert.is((await ask(context, viewer, 'GET /api/people')).status, 401);
  assert.equal(
    (await notes(context)).map(({ action }) => action),
    ['person.removed', 'person.role-changed', 'person.role-changed'],
  );
});

test('the last owner neither goes nor gets another role; the second-last does', async (context) => {
  const { owner } = context;
  for (const [call, body] of [
    [`DELETE /api/people/${owner.id}`],
    [`PATCH /api/people/${owner.id}/role`, { role: 'admin' }],
  ] as [string, object?][]) {
    const answer = await ask(context, owner, call, body);
    assert.is(answer.status, 409);
    assert.match(await answer.text(), 'The last owner');
  }
  assert.equal(await notes(context), []);
  const second = await visitorOf(context.house.fresh.db, 'owner');
  assert.is((await ask(context, second, `DELETE /api/people/${owner.id}`)).status, 204);
  assert.equal(await rolesOf(context), { [second.id]: 'owner' });
});

test('an admin and a token touch no owner', async (context) => {
  const { db } = context.house.fresh;
  await visitorOf(db, 'owner');
  for (const by of [await visitorOf(db, 'admin'), await tokenOf(db, 'write')]) {
    const path = `/api/people/${context.owner.id}`;
    assert.is((await ask(context, by, `DELETE ${path}`)).status, 403);
    assert.is((await ask(context, by, `PATCH ${path}/role`, { role: 'viewer' })).status, 403);
    assert.is((await ask(context, by, 'POST /api/people', newPerson('owner'))).status, 403);
  }
});

test('two owners who remove or demote each other at once leave one', async (context) => {
  const { db } = context.house.fresh;
  for (let round = 0; round < 12; round++) {
    await db.delete(users);
    const [a, b] = [await visitorOf(db, 'owner'), await visitorOf(db, 'owner')];
    const against = (other: Visitor) =>
      round % 2 === 0 ? `DELETE /api/people/${other.id}` : `PATCH /api/people/${other.id}/role`;
    const body = round % 2 === 0 ? undefined : { role: 'viewer' };
    const answers = await Promise.all([
      ask(context, a, against(b), body),
      ask(context, b, against(a), body),
    ]);
    const statuses = answers.map(({ status }) => status).sort();
    assert.is(statuses.filter((status) => status < 300).length, 1, statuses.join());
    assert.ok(
      statuses.every((status) => status < 500),
      statuses.join(),
    );
    const owners = Object.values(await rolesOf(context)).filter((role) => role === 'owner');
    assert.is(owners.length, 1);
  }
});

test('many owners who remove one another in a circle leave at least one', async (context) => {
  const { db } = context.house.fresh;
  await db.delete(users);
  const circle: Visitor[] = [];
  for (let n = 0; n < 6; n++) circle.push(await visitorOf(db, 'owner'));
  const answers = await Promise.all(
    circle.map((one, n) => ask(context, one, `DELETE /api/people/${circle[(n + 1) % 6]!.id}`)),
  );
  assert.ok(answers.every(({ status }) => status < 500));
  const owners = Object.values(await rolesOf(context));
  assert.ok(owners.length >= 1, String(owners.length));
});

test('a token opens what its scope says, shows its use, and nothing of its secret is kept', async (context) => {
  const { db } = context.house.fresh;
  await db.delete(apiTokens);
  const answer = await ask(context, context.owner, 'POST /api/tokens', {
    name: 'CI',
    scope: 'read',
  });
  const made = (await answer.json()) as NewApiToken;
  assert.match(made.secret, /^rc_[\w-]{43}$/);
  assert.ok(made.secret.startsWith(made.hint));
  assert.is(made.createdBy, 'The owner');
  const by = { authorization: `Bearer ${made.secret}` };
  assert.is((await ask(context, by, 'GET /api/fleet')).status, 200);
  assert.is((await ask(context, by, 'GET /api/tokens')).status, 403);
  const list = await (await ask(context, context.owner, 'GET /api/tokens')).text();
  assert.not.match(list, made.secret);
  const [shown] = JSON.parse(list) as ApiToken[];
  assert.ok(Date.now() - Date.parse(shown?.lastUsedAt ?? '') < 60_000);
  const [stored] = await db.select().from(apiTokens);
  assert.not.ok(JSON.stringify(stored).includes(made.secret.slice(8)));
  assert.not.match(JSON.stringify(await notes(context)), made.secret);
  const revoked = await ask(context, context.owner, `DELETE /api/tokens/${made.id}`);
  assert.is(revoked.status, 204);
  assert.is((await ask(context, by, 'GET /api/fleet')).status, 401);
  assert.is((await ask(context, context.owner, `DELETE /api/tokens/${made.id}`)).status, 404);
  assert.equal(
    (await notes(context)).map(({ action }) => action),
    ['token.revoked', 'token.created'],
  );
});

test('a wrong token is nobody, also beside a good cookie; another scheme leaves the cookie its word', async (context) => {
  const { cookie, origin } = context.owner;
  const at = (authorization: string) =>
    context.house.app.request('/api/fleet', { headers: { cookie, origin, authorization } });
  assert.is((await at('Bearer rc_wrong')).status, 401);
  assert.is((await at('Bearer x')).status, 401);
  assert.is((await at('Basic dmVuZG9yOng=')).status, 200);
});

test('what is undone leaves no note, and what cannot be noted is not done', async (context) => {
  const { db } = context.house.fresh;
  await db.delete(apiTokens);
  const viewer = await visitorOf(db, 'viewer');
  const before = { people: await rolesOf(context), sessions: await db.select().from(sessions) };
  await db.execute(sql`alter table audit_entries add constraint full_up check (false) not valid`);
  try {
    for (const [call, body] of [
      ['POST /api/people', newPerson('viewer')],
      [`PATCH /api/people/${viewer.id}/role`, { role: 'admin' }],
      [`DELETE /api/people/${viewer.id}`],
      ['POST /api/tokens', { name: 'CI', scope: 'read' }],
      ['POST /api/customers/geeglo/license-id'],
      ['DELETE /api/account/sessions'],
      ['POST /api/auth/sign-out', {}],
    ] as [string, object?][]) {
      const answer = await ask(context, context.owner, call, body);
      const text = await answer.text();
      assert.is(answer.status, 500, call);
      assert.not.match(text, /full_up|audit|2Rq8/);
    }
  } finally {
    await db.execute(sql`alter table audit_entries drop constraint full_up`);
  }
  assert.equal(await notes(context), []);
  assert.equal(await rolesOf(context), before.people);
  assert.equal(await db.select().from(sessions), before.sessions);
  assert.equal(await db.select().from(apiTokens), []);
});

test('what is not understood is refused and names the field', async (context) => {
  const grace = newPerson('viewer');
  for (const [call, body, words] of [
    ['POST /api/people', { ...grace, role: 'king' }, /role/],
    ['POST /api/people', { ...grace, password: 'short' }, /password/],
    ['POST /api/people', { ...grace, more: 1 }, /more/],
    ['POST /api/people', [], /object/],
    ['POST /api/people', { ...grace, name: 'a\0' }, /cannot be stored/],
    ['POST /api/people', { ...grace, name: '\ud800' }, /cannot be stored/],
    ['POST /api/tokens', { name: 'x' }, /scope/],
  ] as [string, object, RegExp][]) {
    const answer = await ask(context, context.owner, call, body);
    assert.is(answer.status, 400, JSON.stringify(body));
    assert.match(await answer.text(), words);
  }
  for (const path of [
    '/api/people/nobody',
    '/api/people/a%00b',
    '/api/tokens/x',
    '/api/tokens/1e3',
  ])
    assert.is((await ask(context, context.owner, `DELETE ${path}`)).status, 404, path);
});

test.run();
