import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PortalSummary } from '#contract/portal.ts';
import { openApp } from '../support/app.ts';
import { tokenOf, visitorOf } from '../support/session.ts';
import { type PortalHouse, sharePortal } from './house.ts';
import { logIn, password, portalOf, postLogin, setPassword } from './visit.ts';

const test = suite<PortalHouse>('logging in to a portal');
sharePortal(test);

const isIn = async ({ ask }: PortalHouse, portal: string, cookie: string) =>
  (await (await ask(portal, { headers: { cookie } })).text()).includes('Log out');

test('the right password opens it for 72 hours, with a cookie for the portals alone', async (context) => {
  const { ask, portal, house } = context;
  const answer = await postLogin(ask, portal, password);
  assert.is(answer.status, 303);
  assert.is(answer.headers.get('location'), portal);
  const [cookie = ''] = answer.headers.getSetCookie();
  assert.match(cookie, new RegExp(`^rollcall_portal_${portal.slice(8, 16)}=[\\w-]{43}; `));
  for (const part of ['Max-Age=259200', 'Path=/portal', 'HttpOnly', 'SameSite=Lax'])
    assert.ok(cookie.includes(part), part);
  assert.not.match(cookie, 'Secure');
  assert.ok(await isIn(context, portal, cookie.split(';')[0]!));
  const token = /=([\w-]{43})/.exec(cookie)![1]!;
  const kept = await house.fresh.db.execute<{ token_hash: string; hours: number }>(
    sql`select token_hash, extract(epoch from expires_at - created_at)::int / 3600 as hours
      from portal_sessions order by created_at desc limit 1`,
  );
  assert.is(kept[0]?.token_hash, createHash('sha256').update(token).digest('hex'));
  assert.is(kept[0]?.hours, 72);
});

test('behind https the cookie is Secure', async () => {
  const house = await openApp({ env: { PUBLIC_URL: 'https://rollcall.example' } });
  const ask = async (path: string, init?: RequestInit) => house.app.request(path, init);
  await setPassword(ask, await tokenOf(house.fresh.db, 'write'), 'geeglo');
  const answer = await postLogin(ask, await portalOf(house.fresh.db, 'geeglo'), password);
  assert.match(answer.headers.getSetCookie()[0]!, '; Secure');
  await house.close();
});

test('a wrong password and a portal without one are answered alike', async ({
  ask,
  portal,
  house,
  clock,
}) => {
  const other = await portalOf(house.fresh.db, 'lapsed');
  const texts: string[] = [];
  for (const at of [portal, other]) {
    const answer = await postLogin(ask, at, 'not the password');
    assert.is(answer.status, 401);
    assert.equal(answer.headers.getSetCookie(), []);
    const text = await answer.text();
    texts.push(
      text
        .replaceAll(at, '')
        .replaceAll('Geeglo', '')
        .replaceAll(/Lapsed[^<]*?Sons/g, ''),
    );
  }
  assert.is(texts[0], texts[1]);
  assert.match(texts[0]!, 'That password is wrong.');
  clock.now += 3_600_000;
});

test('guessing is slowed down by portal, and the page says when to try again', async ({
  ask,
  portal,
  clock,
}) => {
  for (let n = 0; n < 8; n += 1)
    assert.is((await postLogin(ask, portal, `guess ${n}`)).status, 401);
  const answer = await postLogin(ask, portal, password);
  assert.is(answer.status, 429, 'the right one is not looked at either');
  assert.is(answer.headers.get('retry-after'), '60');
  assert.match(await answer.text(), 'Too many wrong passwords. Try again in 60 seconds.');
  clock.now += 60_000;
  assert.is((await postLogin(ask, portal, password)).status, 303);
  clock.now += 3_600_000;
});

test('logging in anew brings another token, and ends the login before it', async (context) => {
  const { ask, portal } = context;
  const before = await logIn(ask, portal);
  const answer = await postLogin(ask, portal, password, {
    cookie: before,
    origin: 'http://localhost',
    host: 'localhost',
  });
  const after = answer.headers.getSetCookie()[0]!.split(';')[0]!;
  assert.is.not(after, before);
  assert.not.ok(await isIn(context, portal, before));
  assert.ok(await isIn(context, portal, after));
});

test('a token that somebody else chose is no login', async (context) => {
  const { portal } = context;
  const name = `rollcall_portal_${portal.slice(8, 16)}`;
  for (const value of ['chosen', '', 'a'.repeat(43), '%00', '"'])
    assert.not.ok(await isIn(context, portal, `${name}=${value}`));
});

test('logging out ends the login, and clears the cookie', async (context) => {
  const { ask, portal } = context;
  const cookie = await logIn(ask, portal);
  const answer = await ask(`${portal}/logout`, {
    method: 'POST',
    headers: { cookie, origin: 'http://localhost', host: 'localhost' },
  });
  assert.is(answer.status, 303);
  assert.match(answer.headers.getSetCookie()[0]!, /Max-Age=0; Path=\/portal/);
  assert.not.ok(await isIn(context, portal, cookie));
});

const foreign: Record<string, string>[] = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
];
test('a page of another site neither logs somebody in nor out', async (context) => {
  const { ask, portal } = context;
  const cookie = await logIn(ask, portal);
  for (const headers of foreign) {
    const login = await postLogin(ask, portal, password, headers);
    assert.is(login.status, 403);
    assert.equal(login.headers.getSetCookie(), []);
    const logout = await ask(`${portal}/logout`, {
      method: 'POST',
      headers: { ...headers, cookie },
    });
    assert.is(logout.status, 403);
  }
  const silent = await ask(`${portal}/logout`, { method: 'POST', headers: { cookie } });
  assert.is(silent.status, 403, 'a cookie, and no word of the page');
  assert.ok(await isIn(context, portal, cookie));
});

test('a login that is over opens nothing', async (context) => {
  const { ask, portal, house } = context;
  const cookie = await logIn(ask, portal);
  await house.fresh.db.execute(sql`update portal_sessions set expires_at = now()`);
  assert.not.ok(await isIn(context, portal, cookie));
  assert.is((await ask(`${portal}/license`, { headers: { cookie } })).status, 401);
});

test('a new password ends all logins at once; the server makes one of 20 letters nobody mistakes', async (context) => {
  const { ask, portal, vendor, house } = context;
  const cookies = [await logIn(ask, portal), await logIn(ask, portal)];
  const made = await setPassword(ask, vendor, 'geeglo', null);
  assert.match(made, /^[a-km-np-z2-9]{20}$/);
  for (const cookie of cookies) {
    assert.not.ok(await isIn(context, portal, cookie));
    assert.is((await ask(`${portal}/license`, { headers: { cookie } })).status, 401);
  }
  assert.is((await postLogin(ask, portal, password)).status, 401, 'the old one');
  assert.ok(await isIn(context, portal, await logIn(ask, portal, made)));
  const summary = (await (await ask('/api/customers/geeglo', { headers: vendor })).json()) as {
    portal: PortalSummary;
  };
  assert.is(summary.portal.sessions, 1);
  assert.ok(summary.portal.passwordSetAt);
  assert.not.ok(JSON.stringify(summary).includes(made));
  const [note] = await house.fresh.db.execute<{ action: string; details: unknown }>(
    sql`select action, details from audit_entries order by id desc limit 1`,
  );
  assert.is(note?.action, 'portal.password-set');
  assert.not.ok(JSON.stringify(note).includes(made));
});

test('a password of one’s own is checked, and an unknown customer has none', async ({
  ask,
  vendor,
}) => {
  const set = (id: string, body: object) =>
    ask(`/api/customers/${id}/portal/password`, {
      method: 'POST',
      headers: vendor,
      body: JSON.stringify(body),
    });
  const short = await set('geeglo', { password: 'short' });
  assert.is(short.status, 400);
  assert.match(await short.text(), /password: must be at least 12 characters long/);
  assert.is((await set('geeglo', {})).status, 400);
  assert.is((await set('nobody', { password: null })).status, 404);
});

test('neither side’s session is worth anything on the other', async ({ ask, portal, house }) => {
  const { cookie } = await visitorOf(house.fresh.db, 'owner');
  assert.match(await (await ask(portal, { headers: { cookie } })).text(), 'Log in');
  assert.is((await ask(`${portal}/license`, { headers: { cookie } })).status, 401);
  const mine = await logIn(
    ask,
    portal,
    await setPassword(ask, await tokenOf(house.fresh.db, 'write'), 'geeglo', null),
  );
  const token = mine.split('=')[1]!;
  for (const headers of [
    { cookie: mine },
    { cookie: `rollcall.session_token=${token}` },
    { authorization: `Bearer ${token}` },
  ])
    for (const path of ['/api/fleet', '/api/customers/geeglo', '/api/nowhere', '/metrics'])
      assert.is((await ask(path, { headers })).status, 401, path);
});

test.run();
