import { sql } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { auditEntries } from '#db/schema.ts';
import type { EditedScreen, ScreenList } from '#contract/screens.ts';
import { visitorOf } from '../support/session.ts';
import { type Hall, shareHall } from './hall.ts';
import { cookieFor, makeScreen, openSession, sent, tokenIn } from './wall.ts';

const test = suite<Hall>('wall screens');
shareHall(test);

const errorOf = async (answer: Response) =>
  ((await answer.json()) as { error: { code: string; message: string } }).error;

test('a token is exchanged for a cookie that goes to the wall’s own addresses alone', async ({
  ask,
  vendor,
  house,
}) => {
  const { screen, address, token } = await makeScreen(ask, vendor, { name: 'Front hall' });
  assert.match(address ?? '', /^http:\/\/127\.0\.0\.1:3000\/wall#rcw_[\w-]{32}$/);
  const answer = await openSession(ask, token);
  assert.is(answer.status, 200);
  assert.equal(await answer.json(), { screen: { id: screen.id, name: 'Front hall' } });
  const cookies = answer.headers.getSetCookie();
  assert.is(cookies.length, 2);
  for (const [n, path] of ['/api/wall', '/socket.io'].entries()) {
    for (const part of [`Path=${path}`, 'HttpOnly', 'SameSite=Strict', 'Max-Age=34560000'])
      assert.ok(cookies[n]!.includes(part), `${part} in ${cookies[n]}`);
  }
  const kept = await house.fresh.db.execute(sql`select * from screen_tokens`);
  assert.not.match(JSON.stringify(kept), token);
});

test('a scope may name every customer that is not archived, with or without instances', async ({
  ask,
  vendor,
}) => {
  const answer = await ask('/api/screens/customers', { headers: vendor });
  assert.is(answer.status, 200);
  assert.equal(await answer.json(), [
    { id: 'geeglo', name: 'Geeglo', instances: 2 },
    { id: 'lapsed', name: 'Lapsed & Sons', instances: 0 },
    { id: 'roamway', name: 'Roamway', instances: 1 },
  ]);
});

test('a revoked screen’s token opens nothing, and its holder is told why', async ({
  ask,
  vendor,
}) => {
  const { screen, token } = await makeScreen(ask, vendor);
  const cookie = await cookieFor(ask, token);
  const { revision } = screen;
  await sent(ask, 'POST', `/api/screens/${screen.id}/revoke`, vendor, { revision });
  for (const answer of [
    await openSession(ask, token),
    await ask(`/api/wall?screen=${screen.id}`, { headers: { cookie } }),
  ]) {
    assert.is(answer.status, 410);
    assert.is((await errorOf(answer)).code, 'revoked');
  }
  const again = await ask(`/api/screens/${screen.id}/reload`, { method: 'POST', headers: vendor });
  assert.is(again.status, 409);
});

test('a replaced token is told apart from one that nobody ever had', async ({ ask, vendor }) => {
  const { screen, token } = await makeScreen(ask, vendor, { plain: true });
  const path = `/api/screens/${screen.id}/token`;
  const replaced = await sent<EditedScreen>(ask, 'POST', path, vendor, { revision: 0 });
  assert.match(replaced.plainAddress ?? '', /\/wall\/plain\/rcw_/);
  assert.is((await openSession(ask, token)).status, 410);
  assert.is((await openSession(ask, tokenIn(replaced))).status, 200);
  const never = `rcw_${'x'.repeat(32)}`;
  assert.is((await openSession(ask, never)).status, 401);
  // The plain address opens the plain page alone.
  const plain = replaced.plainAddress!.split('/').at(-1)!;
  assert.is((await openSession(ask, plain)).status, 401);
});

test('who edits an older revision is refused, and nothing changes', async ({ ask, vendor }) => {
  const { screen } = await makeScreen(ask, vendor, { name: 'First' });
  const change = (body: object) =>
    ask(`/api/screens/${screen.id}`, {
      method: 'PATCH',
      headers: vendor,
      body: JSON.stringify(body),
    });
  const { revision, redaction, options, scope } = screen;
  const same = await change({ name: 'First', revision, redaction, options, scope });
  assert.is(((await same.json()) as EditedScreen).screen.revision, 0, 'nothing changed');
  assert.is((await change({ name: 'Second', revision: 0 })).status, 200);
  const stale = await change({ name: 'Third', revision: 0 });
  assert.is(stale.status, 409);
  assert.match((await errorOf(stale)).message, 'Somebody else changed Second meanwhile');
  const list = await sent<ScreenList>(ask, 'GET', '/api/screens', vendor);
  assert.is(list.screens.find(({ id }) => id === screen.id)?.name, 'Second');
});

test('what a change leaves out stays as it is', async ({ ask, vendor }) => {
  const { screen } = await makeScreen(ask, vendor, {
    name: 'Quiet',
    redaction: 'none',
    scope: { customers: ['geeglo'] },
    options: { theme: 'light', night: { from: '22:00', to: '06:00' } },
    plain: true,
  });
  const at = `/api/screens/${screen.id}`;
  const change = async (body: object) =>
    (await sent<EditedScreen>(ask, 'PATCH', at, vendor, body)).screen;
  const settingsOf = ({ name, redaction, scope, options, plain }: EditedScreen['screen']) => ({
    ...{ name, redaction, scope, options, plain },
  });
  const before = settingsOf(screen);
  const renamed = await change({ name: 'Calm', revision: 0 });
  assert.equal(settingsOf(renamed), { ...before, name: 'Calm' });
  const bright = await change({ options: { night: null, cols: 4 }, revision: 1 });
  assert.equal(settingsOf(bright), {
    ...before,
    name: 'Calm',
    options: { ...before.options, night: null, cols: 4 },
  });
  // What comes must go with what stays.
  await change({ options: { mode: 'customer' }, revision: 2 });
  const body = JSON.stringify({ scope: {}, revision: 3 });
  const wrong = await ask(at, { method: 'PATCH', headers: vendor, body });
  assert.is(wrong.status, 400);
  assert.match((await errorOf(wrong)).message, 'exactly one customer');
});

test('what is wrong with a screen is said in one sentence', async ({ ask, vendor }) => {
  const wrong: [object, RegExp][] = [
    [{ name: '' }, /name/],
    [{ options: { rotate: 1 } }, /rotate/],
    [{ options: { tz: 'Mars/Olympus' } }, /IANA time zone/],
    [{ options: { night: { from: '25:00', to: '06:00' } } }, /must be a time such as 22:30/],
    [{ options: { mode: 'customer' } }, /exactly one customer/],
    [{ redaction: 'some' }, /redaction/],
    [{ scope: { nonsense: [] } }, /nonsense/],
  ];
  for (const [body, words] of wrong) {
    const answer = await ask('/api/screens', {
      method: 'POST',
      headers: vendor,
      body: JSON.stringify({ name: 'Wrong', ...body }),
    });
    assert.is(answer.status, 400, JSON.stringify(body));
    assert.match((await errorOf(answer)).message, words);
  }
});

test('every deed is noted with who did it, and no token with it', async ({ ask, house }) => {
  const { db } = house.fresh;
  const { cookie, origin } = await visitorOf(db, 'admin');
  const as = { cookie, origin, host: 'localhost' };
  const { screen, token } = await makeScreen(ask, as, { name: 'Noted' });
  const at = `/api/screens/${screen.id}`;
  await sent(ask, 'PATCH', at, as, { name: 'Noted too', revision: 0 });
  await sent(ask, 'POST', `${at}/reload`, as);
  await sent(ask, 'POST', `${at}/token`, as, { revision: 1 });
  await sent(ask, 'POST', `${at}/revoke`, as, { revision: 2 });
  const all = await db.select().from(auditEntries);
  const mine = all.filter(({ targetId }) => targetId === screen.id);
  assert.equal(
    mine.map(({ action, actorKind }) => [action, actorKind]),
    ['added', 'changed', 'reloaded', 'token-replaced', 'revoked'].map((what) => [
      `screen.${what}`,
      'person',
    ]),
  );
  assert.not.match(JSON.stringify(all), token);
});

test('whoever guesses tokens is made to wait, and real screens are not', async ({
  ask,
  vendor,
  clock,
}) => {
  const { token } = await makeScreen(ask, vendor);
  for (let n = 0; n < 400; n++) assert.is((await openSession(ask, token)).status, 200);
  let last = 0;
  for (let n = 0; n < 301; n++) last = (await openSession(ask, `rcw_${'y'.repeat(32)}`)).status;
  assert.is(last, 429);
  // One that was right before is not kept from its wall by whoever guesses from the same network.
  assert.is((await openSession(ask, token)).status, 200);
  const fresh = (await makeScreen(ask, vendor)).token;
  assert.is((await openSession(ask, fresh)).status, 429);
  clock.now += 10_000;
  assert.is((await openSession(ask, fresh)).status, 200);
  clock.now += 3_600_000;
});

test.run();
