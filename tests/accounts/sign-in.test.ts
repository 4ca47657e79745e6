import { hashPassword } from 'better-auth/crypto';
import { desc, eq } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { auditEntries, sessions } from '#db/schema.ts';
import type { OwnSession, Role, SessionState } from '#contract/accounts.ts';
import { insertPerson } from '#server/store/people.ts';
import { openApp, type TestApp } from '../support/app.ts';
import { cookieOf } from '../support/session.ts';

interface Context {
  house: TestApp;
  /** Milliseconds by which the limits' clock is ahead. */
  ahead: number;
}
const test = suite<Context>('signing in');
const password = 'correct horse battery';
const passwordHash = await hashPassword(password);
const origin = 'http://localhost';

test.before(async (context) => {
  context.ahead = 0;
  const clock = () => Date.now() + context.ahead;
  context.house = await openApp({ clock, env: { TRUST_PROXY: '1' } });
});
// What one test used up is whole again for the next.
test.before.each((context) => void (context.ahead += 24 * 3_600_000));
test.after(({ house }) => house.close());

let count = 0;
async function makePerson({ house }: Context, role: Role = 'viewer'): Promise<string> {
  const email = `person-${++count}@rollcall.example`;
  await insertPerson(house.fresh.db, { name: `Person ${count}`, email, role, passwordHash });
  return email;
}

type Init = { cookie?: string; body?: object; method?: string; address?: string; agent?: string };
const ask = ({ house }: Context, path: string, init: Init = {}) =>
  house.app.request(path, {
    method: init.method ?? (init.body ? 'POST' : 'GET'),
    headers: {
      host: 'localhost',
      origin,
      'x-forwarded-for': init.address ?? '192.0.2.1',
      'user-agent': init.agent ?? 'A browser',
      ...(init.cookie === undefined ? {} : { cookie: init.cookie }),
    },
    body: init.body && JSON.stringify(init.body),
  });
const signIn = (context: Context, body: object, init: Init = {}) =>
  ask(context, '/api/auth/sign-in/email', { ...init, body });
const whoIs = async (context: Context, cookie?: string) =>
  (await (await ask(context, '/api/session', { cookie })).json()) as SessionState;
const lastNote = async ({ house }: Context) =>
  (await house.fresh.db.select().from(auditEntries).orderBy(desc(auditEntries.id)).limit(1))[0]!;

test('the right password opens a session, whose cookie scripts and other sites do not see', async (context) => {
  const email = await makePerson(context, 'admin');
  const answer = await signIn(context, { email: ` ${email.toUpperCase()} `, password });
  assert.is(answer.status, 204, await answer.text());
  const [cookie] = answer.headers.getSetCookie();
  assert.match(cookie ?? '', /; HttpOnly/);
  assert.match(cookie ?? '', /; SameSite=Lax/);
  assert.match(cookie ?? '', /; Path=\//);
  assert.not.match(cookie ?? '', /Secure/);
  const state = await whoIs(context, cookieOf(answer));
  assert.is(state.state, 'signed-in');
  assert.is(state.person?.email, email);
  assert.equal(state.permissions, ['read', 'manage']);
  const note = await lastNote(context);
  assert.is(note.action, 'session.began');
  assert.is(note.address, '192.0.2.1');
  assert.match(note.requestId ?? '', /^[0-9a-f-]{36}$/);
});

test('behind TLS the cookie goes over TLS only', async () => {
  const house = await openApp({ env: { PUBLIC_URL: 'https://rollcall.example.com' } });
  const email = 'tls@rollcall.example';
  await insertPerson(house.fresh.db, { name: 'Tls', email, role: 'owner', passwordHash });
  const headers = { origin: 'https://rollcall.example.com' };
  const body = JSON.stringify({ email, password });
  const answer = await house.app.request('/api/auth/sign-in/email', {
    method: 'POST',
    headers,
    body,
  });
  const [cookie] = answer.headers.getSetCookie();
  assert.match(cookie ?? '', /^__Secure-rollcall\.session_token=/);
  assert.match(cookie ?? '', /; Secure/);
  const session = await house.app.request('/api/session', {
    headers: { cookie: cookieOf(answer) },
  });
  assert.is(((await session.json()) as SessionState).state, 'signed-in');
  await house.close();
});

test('a wrong password and an unknown address are answered alike', async (context) => {
  const email = await makePerson(context);
  const wrong = await signIn(context, { email, password: 'not this one' });
  const unknown = await signIn(context, { email: 'none@rollcall.example', password });
  const words = async (answer: Response) =>
    ((await answer.json()) as { error: { code: string; message: string } }).error;
  const [one, other] = [await words(wrong), await words(unknown)];
  assert.is(wrong.status, 401);
  assert.is(unknown.status, 401);
  assert.is(one.message, other.message);
  assert.is(one.code, other.code);
  assert.equal(wrong.headers.getSetCookie(), []);
});

test('a failed try is noted with the person it was aimed at, and not what was typed', async (context) => {
  const email = await makePerson(context);
  await signIn(context, { email, password: 'not this one' });
  const note = await lastNote(context);
  assert.is(note.action, 'session.refused');
  assert.is(note.actorKind, 'nobody');
  assert.is(note.targetName, `Person ${count}`);
  assert.not.match(JSON.stringify(note), 'not this one');
  await signIn(context, { email: 'my-password@rollcall.example', password: 'x' });
  assert.is((await lastNote(context)).id, note.id);
});

test('guessing one person’s password is slowed, also from many addresses and all at once', async (context) => {
  const email = await makePerson(context);
  const tries = Array.from({ length: 30 }, (_, n) =>
    signIn(context, { email, password: `guess ${n}` }, { address: `198.51.100.${n}` }),
  );
  const answers = await Promise.all(tries);
  const refused = answers.filter(({ status }) => status === 429);
  assert.is(answers.length - refused.length, 6);
  const wait = Number(refused[0]!.headers.get('retry-after'));
  assert.ok(wait >= 1 && wait <= 60, String(wait));
  // Even the right one: a 429 tells nobody whether a guess was good.
  assert.is((await signIn(context, { email, password })).status, 429);
  context.ahead += wait * 1000;
  assert.is((await signIn(context, { email, password })).status, 204);
});

test('guessing from one address is slowed, whoever is tried, and others may come in', async (context) => {
  const email = await makePerson(context);
  const address = '203.0.113.9';
  const statuses: number[] = [];
  let wait = 0;
  for (let n = 0; n < 25; n++) {
    const answer = await signIn(context, { email: `${n}@x.example`, password: 'x' }, { address });
    statuses.push(answer.status);
    wait = Number(answer.headers.get('retry-after') ?? 0);
  }
  assert.is(statuses.filter((status) => status === 401).length, 20);
  assert.is((await signIn(context, { email, password }, { address })).status, 429);
  assert.is((await signIn(context, { email, password }, { address: '203.0.113.10' })).status, 204);
  context.ahead += wait * 1000;
  assert.is((await signIn(context, { email, password }, { address })).status, 204);
});

test('a whole IPv6 network counts as one address', async (context) => {
  const statuses: number[] = [];
  for (let n = 0; n < 22; n++) {
    const init = { address: `2001:db8:1:2::${n.toString(16)}` };
    statuses.push((await signIn(context, { email: `${n}@y.example`, password: 'x' }, init)).status);
  }
  assert.is(statuses.at(-1), 429);
});

test('who signs in rightly is never slowed', async (context) => {
  const email = await makePerson(context);
  for (let n = 0; n < 10; n++)
    assert.is((await signIn(context, { email, password })).status, 204, `time ${n}`);
});

test('signing out ends the session on the server, and clears the cookie', async (context) => {
  const email = await makePerson(context);
  const cookie = cookieOf(await signIn(context, { email, password }));
  const answer = await ask(context, '/api/auth/sign-out', { cookie, body: {} });
  assert.is(answer.status, 204);
  assert.match(answer.headers.getSetCookie().join(), /session_token=;.*Max-Age=0/);
  assert.is((await whoIs(context, cookie)).state, 'signed-out');
  assert.is((await lastNote(context)).action, 'session.ended');
});

test('signing in again on the same browser ends the session before', async (context) => {
  const email = await makePerson(context);
  const first = cookieOf(await signIn(context, { email, password }));
  const second = cookieOf(await signIn(context, { email, password }, { cookie: first }));
  assert.is((await whoIs(context, first)).state, 'signed-out');
  assert.is((await whoIs(context, second)).state, 'signed-in');
});

test('one sees one’s sessions, ends one of them, and then all', async (context) => {
  const email = await makePerson(context);
  const here = cookieOf(await signIn(context, { email, password }, { agent: 'Here' }));
  const there = cookieOf(
    await signIn(context, { email, password }, { agent: 'There', address: '198.51.100.7' }),
  );
  const list = async () =>
    (await (await ask(context, '/api/account/sessions', { cookie: here })).json()) as OwnSession[];
  const own = await list();
  assert.is(own.length, 2);
  assert.is(own.find(({ current }) => current)?.userAgent, 'Here');
  const other = own.find(({ current }) => !current)!;
  assert.is(other.ip, '198.51.100.7');
  const path = `/api/account/sessions/${other.id}`;
  assert.is((await ask(context, path, { cookie: here, method: 'DELETE' })).status, 204);
  assert.is((await whoIs(context, there)).state, 'signed-out');
  assert.is((await list()).length, 1);
  const all = await ask(context, '/api/account/sessions', { cookie: here, method: 'DELETE' });
  assert.is(all.status, 204);
  assert.is((await whoIs(context, here)).state, 'signed-out');
});

test('the password is changed with the present one, and other sessions end', async (context) => {
  const email = await makePerson(context);
  const here = cookieOf(await signIn(context, { email, password }));
  const there = cookieOf(await signIn(context, { email, password }));
  const newPassword = 'another long password';
  const change = (currentPassword: string, to = newPassword, cookie = here) =>
    ask(context, '/api/auth/change-password', {
      cookie,
      body: { currentPassword, newPassword: to, revokeOtherSessions: true },
    });
  const wrong = await change('not this one');
  assert.is(wrong.status, 400);
  assert.match(await wrong.text(), '"code":"wrong_password"');
  const short = await change(password, 'short');
  assert.is(short.status, 400);
  assert.match(await short.text(), 'newPassword');
  const done = await change(password);
  assert.is(done.status, 204, await done.text());
  assert.is((await lastNote(context)).action, 'password.changed');
  assert.is((await whoIs(context, there)).state, 'signed-out');
  assert.is((await whoIs(context, cookieOf(done))).state, 'signed-in');
  assert.is((await signIn(context, { email, password })).status, 401);
  assert.is((await signIn(context, { email, password: newPassword })).status, 204);
});

test('guessing the present password from an open session is slowed as well', async (context) => {
  const email = await makePerson(context);
  const cookie = cookieOf(await signIn(context, { email, password }));
  const statuses: number[] = [];
  for (let n = 0; n < 8; n++) {
    const body = { currentPassword: `guess ${n}`, newPassword: 'another long password' };
    statuses.push((await ask(context, '/api/auth/change-password', { cookie, body })).status);
  }
  assert.equal(statuses, [400, 400, 400, 400, 400, 400, 429, 429]);
});

test('an expired session is none; one in use is renewed once a day, cookie and all', async (context) => {
  const { db } = context.house.fresh;
  const email = await makePerson(context);
  const cookie = cookieOf(await signIn(context, { email, password }));
  const setExpiry = async (inDays: number) => {
    const [session] = await db.select().from(sessions).orderBy(desc(sessions.createdAt)).limit(1);
    const expiresAt = new Date(Date.now() + inDays * 24 * 3_600_000);
    await db.update(sessions).set({ expiresAt }).where(eq(sessions.id, session!.id));
  };
  assert.equal((await ask(context, '/api/session', { cookie })).headers.getSetCookie(), []);
  await setExpiry(12.5);
  const renewed = await ask(context, '/api/session', { cookie });
  assert.match(renewed.headers.getSetCookie().join(), /Max-Age=1209600/);
  assert.equal((await ask(context, '/api/session', { cookie })).headers.getSetCookie(), []);
  await setExpiry(-0.001);
  assert.is((await ask(context, '/api/fleet', { cookie })).status, 401);
});

test('a session is not taken over from a page of another site', async (context) => {
  const email = await makePerson(context);
  const cookie = cookieOf(await signIn(context, { email, password }));
  for (const headers of [
    { cookie, origin: 'https://evil.example' },
    { cookie, origin: 'null' },
    { cookie, 'sec-fetch-site': 'cross-site' },
    { cookie },
  ] as Record<string, string>[]) {
    const answer = await context.house.app.request('/api/account/sessions', {
      method: 'DELETE',
      headers: { host: 'localhost', ...headers },
    });
    assert.is(answer.status, 403, JSON.stringify(Object.keys(headers)));
  }
  assert.is((await whoIs(context, cookie)).state, 'signed-in');
});

test('a cookie whose signature is not ours is nobody’s', async (context) => {
  const email = await makePerson(context);
  const cookie = cookieOf(await signIn(context, { email, password }));
  const [name, value] = cookie.split('=') as [string, string];
  const [token, signature] = decodeURIComponent(value).split('.') as [string, string];
  for (const forged of [token, `${token}.`, `${token}.${'A'.repeat(43)}=`, `x.${signature}`]) {
    const state = await whoIs(context, `${name}=${encodeURIComponent(forged)}`);
    assert.is(state.state, 'signed-out', forged);
  }
});

test('other paths of the library are not there', async (context) => {
  const email = await makePerson(context);
  const cookie = cookieOf(await signIn(context, { email, password }));
  for (const path of ['sign-up/email', 'update-user', 'delete-user', 'get-session', 'ok']) {
    const answer = await ask(context, `/api/auth/${path}`, { cookie, body: {} });
    assert.is(answer.status, 404, path);
  }
});

test.run();
