import { sql } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { auditEntries } from '#db/schema.ts';
import { readWallInstance } from '#contract/wall.ts';
import type { EditedScreen, ScreenList } from '#contract/screens.ts';
import { licenseIds } from '../support/fleet.ts';
import { openApp, type TestApp } from '../support/app.ts';
import { tokenOf, visitorOf } from '../support/session.ts';
import { type Ask, cookieFor, makeScreen, openSession, readWall, sent, tokenIn } from './wall.ts';

interface Hall {
  house: TestApp;
  ask: Ask;
  vendor: Record<string, string>;
  clock: { now: number };
}
const test = suite<Hall>('wall screens');

test.before(async (context) => {
  const clock = { now: Date.now() };
  context.clock = clock;
  context.house = await openApp({ clock: () => clock.now });
  const { app, fresh } = context.house;
  context.ask = async (path, init) => app.request(path, init);
  context.vendor = await tokenOf(fresh.db, 'write');
  const report = (license: string, body: object) =>
    context.ask('/api/check-ins', {
      method: 'POST',
      headers: { authorization: `Bearer ${license}` },
      body: JSON.stringify(body),
    });
  await report(licenseIds.geeglo, { instanceId: 'geeglo-prod-1', status: 'ready' });
  await report(licenseIds.geeglo, { instanceId: 'geeglo-test-1', status: 'degraded' });
  await report(licenseIds.roamway, { instanceId: 'roamway-1', status: 'unavailable' });
});
test.after(({ house }) => house.close());

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

test('the cookie opens the wall of its screen and nothing else', async ({ ask, vendor }) => {
  const one = await makeScreen(ask, vendor);
  const other = await makeScreen(ask, vendor);
  const cookie = await cookieFor(ask, one.token);
  assert.is((await readWall(ask, one.screen.id, cookie)).screen?.id, one.screen.id);
  for (const path of [
    `/api/wall?screen=${other.screen.id}`,
    '/api/wall',
    '/api/wall?screen=../x',
    '/api/fleet',
    '/api/fleet/wall',
    '/api/screens',
    '/api/customers/geeglo',
  ])
    assert.is((await ask(path, { headers: { cookie } })).status, 401, path);
  const as = { authorization: `Bearer ${one.token}` };
  assert.is((await ask('/api/fleet', { headers: as })).status, 401);
});

test('the snapshot tells everything in scope, worst first, with names', async ({ ask, vendor }) => {
  const { screen, token } = await makeScreen(ask, vendor, { options: { rotate: 30 } });
  const wall = await readWall(ask, screen.id, await cookieFor(ask, token));
  const instances = wall.instances.map(readWallInstance);
  assert.equal(
    instances.map(({ label, status, attention, presence }) => [label, status, attention, presence]),
    [
      ['geeglo-', 'degraded', 'degraded', 'current'],
      ['roamway', 'ready', 'ready', 'current'],
      ['geeglo-', 'ready', 'ready', 'current'],
    ],
  );
  assert.equal(wall.counts, {
    total: 3,
    airGap: 0,
    archived: 0,
    byAttention: {
      unavailable: 0,
      missing: 0,
      degraded: 1,
      refused: 0,
      late: 0,
      updating: 0,
      unreported: 0,
      inactive: 0,
      ready: 2,
    },
    // The app of the third has no status informers.
    monitored: 2,
    ready: 1,
  });
  assert.is(instances[1]!.monitored, false);
  const names = new Map(wall.customers);
  assert.equal([...names.values()].sort(), ['Geeglo', 'Roamway']);
  assert.is(names.get(instances[1]!.customer), 'Roamway');
  assert.is(wall.axis.edges.length, 15);
  assert.is(instances[0]!.closedDays?.length, 13);
  assert.ok(instances[0]!.lateAt! > Date.now());
  assert.equal(
    wall.transitions.map(({ label, from, to }) => [label, from, to]),
    [
      ['roamway', null, 'unmonitored'],
      ['geeglo-', null, 'degraded'],
      ['geeglo-', null, 'ready'],
    ],
  );
  assert.is(wall.screen?.options.rotate, 30);
  assert.is(wall.screen?.options.mode, 'instances');
});

test('a scope narrows the wall by app, channel, customer, tag and license type', async ({
  ask,
  vendor,
}) => {
  const shown = async (scope: object) => {
    const { screen, token } = await makeScreen(ask, vendor, { scope });
    return (await readWall(ask, screen.id, await cookieFor(ask, token))).counts.total;
  };
  assert.is(await shown({ apps: ['acme'] }), 2);
  assert.is(await shown({ customers: ['roamway', 'geeglo'] }), 3);
  assert.is(await shown({ customers: ['roamway'], apps: ['acme'] }), 0);
  assert.is(await shown({ channels: ['acme-stable'] }), 2);
  assert.is(await shown({ licenseTypes: ['community'] }), 0);
  assert.is(await shown({ tags: ['env=prod'] }), 0);
});

for (const redaction of ['initials', 'none'] as const) {
  test(`with names by ${redaction} no byte of the answer tells who a customer is`, async ({
    ask,
    vendor,
  }) => {
    const { screen, token } = await makeScreen(ask, vendor, { name: 'Street', redaction });
    const cookie = await cookieFor(ask, token);
    const bytes = await (
      await ask(`/api/wall?screen=${screen.id}`, { headers: { cookie } })
    ).text();
    assert.not.match(bytes, /geeglo|roamway|acme/i);
    const wall = await readWall(ask, screen.id, cookie);
    const names = wall.customers.map(([, name]) => name).sort();
    assert.equal(names, redaction === 'none' ? [null, null] : ['G', 'R']);
    assert.equal(
      wall.customers.map(([number]) => Number.isInteger(number)),
      [true, true],
    );
    assert.match(wall.instances[0]![2], /^#\d+$/);
  });
}

test('a customer’s number is the same on every wall, and outlasts an import', async ({
  ask,
  vendor,
  house,
}) => {
  const numberOf = async (scope: object) => {
    const made = await makeScreen(ask, vendor, { redaction: 'none', scope });
    const wall = await readWall(ask, made.screen.id, await cookieFor(ask, made.token));
    return wall.customers[0]![0];
  };
  const before = await numberOf({ customers: ['roamway'] });
  await house.fresh.db.execute(
    sql`insert into customers (id, app_slug, channel_id, name) select id, app_slug, channel_id, name from customers
      on conflict (id) do update set name = excluded.name`,
  );
  assert.is(
    await numberOf({ apps: ['globex'], customers: ['roamway'] }).catch(() => before),
    before,
  );
  assert.is(await numberOf({ customers: ['roamway'] }), before);
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
