import { eq, sql } from 'drizzle-orm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { auditEntries, customers, users, workspaces } from '#db/schema.ts';
import type { SessionState } from '#contract/accounts.ts';
import { isAtHome } from '#server/accounts/demo.ts';
import { prepareFirstStart } from '#server/accounts/index.ts';
import { adoptAuthSecret } from '#server/store/first-start.ts';
import { openApp, type TestApp } from '../support/app.ts';
import { freshDatabase } from '../support/database.ts';
import { startServer } from '../support/server.ts';
import { cookieOf, firstOwner, signIn } from '../support/session.ts';

const origin = 'http://localhost';
const headers = { host: 'localhost', origin };
const config = { publicUrl: origin, demo: false, host: '127.0.0.1', admin: null };
const owner = { name: 'Ada', email: 'ada@rollcall.example', password: 'a long enough password' };

async function withApp(
  work: (house: TestApp, token: () => Promise<string>) => Promise<void>,
  options: Parameters<typeof openApp>[0] = {},
): Promise<void> {
  const house = await openApp(options);
  const token = async () => {
    const link = await prepareFirstStart({ db: house.fresh.db, config });
    return new URL(link!).hash.slice(1);
  };
  try {
    await work(house, token);
  } finally {
    await house.close();
  }
}

const setUp = ({ app }: TestApp, body: object) =>
  app.request('/api/setup', { method: 'POST', headers, body: JSON.stringify(body) });
const sessionOf = async ({ app }: TestApp, cookie = '') =>
  (await (
    await app.request('/api/session', { headers: { ...headers, cookie } })
  ).json()) as SessionState;

test('until somebody has an account everything answers that, but the session and set-up', () =>
  withApp(async (house) => {
    assert.is((await sessionOf(house)).state, 'set-up');
    for (const path of ['/api/fleet', '/api/workspace', '/api/people', '/api/nowhere']) {
      const answer = await house.app.request(path);
      assert.is(answer.status, 401, path);
      assert.match(await answer.text(), 'Rollcall is not set up yet.');
    }
  }));

test('the link makes the first owner, once, and signs them in', () =>
  withApp(async (house, token) => {
    const secret = await token();
    const made = await setUp(house, { ...owner, token: secret });
    assert.is(made.status, 204, await made.text());
    const state = await sessionOf(house, cookieOf(made));
    assert.is(state.person?.role, 'owner');
    assert.is(state.person?.email, owner.email);
    const again = await setUp(house, { ...owner, email: 'eve@rollcall.example', token: secret });
    assert.is(again.status, 409);
    assert.is(await prepareFirstStart({ db: house.fresh.db, config }), null);
    const notes = await house.fresh.db.select().from(auditEntries);
    assert.equal(
      notes.map(({ action, actorName }) => [action, actorName]),
      [['workspace.set-up', 'Ada']],
    );
    // Signing out works with this session too.
    const cookie = cookieOf(made);
    const path = '/api/auth/sign-out';
    await house.app.request(path, { method: 'POST', headers: { ...headers, cookie }, body: '{}' });
    assert.is((await sessionOf(house, cookie)).state, 'signed-out');
  }));

test('two people with the link at once make one owner', () =>
  withApp(async (house, token) => {
    // Also with two links, as two processes print them.
    const secrets = [await token(), await token()];
    const tries = ['a', 'b', 'c', 'd'].map((name, n) =>
      setUp(house, { ...owner, email: `${name}@x.example`, token: secrets[n % 2] }),
    );
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    assert.equal(statuses.sort(), [204, 409, 409, 409]);
    assert.is((await house.fresh.db.select().from(users)).length, 1);
  }));

test('a link that is not ours, or too old, makes nobody; after many the next has to wait', () => {
  let ahead = 0;
  return withApp(
    async (house, token) => {
      const secret = await token();
      const wrong = await setUp(house, { ...owner, token: `${secret.slice(1)}x` });
      assert.is(wrong.status, 403);
      assert.match(await wrong.text(), /start Rollcall again/);
      await house.fresh.db.execute(sql`update setup_links set expires_at = now() - interval '1 s'`);
      assert.is((await setUp(house, { ...owner, token: secret })).status, 403);
      assert.is((await house.fresh.db.select().from(users)).length, 0);

      const statuses: number[] = [];
      for (let n = 0; n < 10; n++)
        statuses.push((await setUp(house, { ...owner, token: `guess ${n}` })).status);
      assert.is(statuses.at(-1), 429);
      const good = await token();
      const slowed = await setUp(house, { ...owner, token: good });
      assert.is(slowed.status, 429);
      ahead = Number(slowed.headers.get('retry-after')) * 1000;
      assert.is((await setUp(house, { ...owner, token: good })).status, 204);
    },
    { clock: () => Date.now() + ahead },
  );
});

test('a set-up that is not complete is refused and does not use the link up', () =>
  withApp(async (house, token) => {
    const secret = await token();
    for (const [field, value] of [
      ['email', 'nobody'],
      ['password', 'short'],
      ['name', ' '],
      ['role', 'owner'],
      ['name', 'a\0b'],
    ]) {
      const answer = await setUp(house, { ...owner, token: secret, [field!]: value });
      assert.is(answer.status, 400, field);
    }
    assert.is((await setUp(house, { ...owner, token: secret })).status, 204);
  }));

test('a server without accounts prints one link, and none of its log holds it', async () => {
  const { open, close } = await freshDatabase();
  const env = { ADMIN_EMAIL: '', ADMIN_PASSWORD: '', LOG_LEVEL: 'trace' };
  const server = await startServer({ databaseUrl: open.url, env });
  const link = () => [...server.output().matchAll(/(http\S+\/setup#(\S+))$/gm)];
  while (link().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  const [, address, token] = link()[0]!;
  assert.ok(address?.startsWith(`${server.url}/setup#`));
  const body = JSON.stringify({ ...owner, token });
  const made = await fetch(`${server.url}/api/setup`, {
    method: 'POST',
    headers: { origin: server.url },
    body,
  });
  assert.is(made.status, 204);
  await server.stop();
  const log = server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  assert.ok(log.length > 0);
  assert.not.match(log.join('\n'), token!);

  const later = await startServer({ databaseUrl: open.url, env });
  await signIn(later.url, owner);
  await later.stop();
  assert.not.match(later.output(), '/setup#');
  await close();
});

test('ADMIN_EMAIL and ADMIN_PASSWORD make the first owner, and nobody after that', async () => {
  const { db, open, close } = await freshDatabase();
  const env = { LOG_LEVEL: 'trace' };
  const server = await startServer({ databaseUrl: open.url, env });
  await signIn(server.url, firstOwner);
  await server.stop();
  const other = { ...env, ADMIN_EMAIL: 'other@rollcall.example' };
  const later = await startServer({ databaseUrl: open.url, env: other });
  await later.stop();
  const people = await db.select().from(users);
  assert.equal(
    people.map(({ email, role }) => [email, role]),
    [[firstOwner.email, 'owner']],
  );
  for (const { output } of [server, later]) {
    assert.not.match(output(), firstOwner.password);
    assert.not.match(output(), '/setup#');
  }
  const [note] = await db.select().from(auditEntries);
  assert.is(note?.actorKind, 'server');
  await close();
});

test('several processes share the secret that signs cookies', async () => {
  const { db, close } = await freshDatabase();
  const candidates = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(43));
  const adopted = await Promise.all(candidates.map((one) => adoptAuthSecret(db, 'UTC', one)));
  assert.is(new Set(adopted).size, 1);
  assert.is((await db.select().from(workspaces))[0]?.authSecret, adopted[0]);
  await close();
});

test('a demo’s visitor is signed in by themselves, on the machine itself only', async () => {
  const house = await openApp({ env: { DEMO: 'true' } });
  const { db } = house.fresh;
  const demo = { ...config, demo: true };
  const enter = (more: Record<string, string> = {}) =>
    house.app.request('/api/session/demo', { method: 'POST', headers: { ...headers, ...more } });
  // The folder holds customers that no demo made.
  assert.match((await prepareFirstStart({ db, config: demo })) ?? '', '/setup#');
  assert.is((await enter()).status, 403);
  await db.execute(sql`update workspaces set demo = true`);
  assert.is(await prepareFirstStart({ db, config: demo }), null);
  assert.ok((await sessionOf(house)).demo);
  for (const more of [
    { host: 'rollcall.example.com', origin: 'http://rollcall.example.com' },
    { 'x-forwarded-for': '127.0.0.1' },
    { via: '1.1 proxy' },
  ] as Record<string, string>[])
    assert.is((await enter(more)).status, 403, JSON.stringify(more));
  const entered = await enter();
  assert.is(entered.status, 204);
  const state = await sessionOf(house, cookieOf(entered));
  assert.is(state.person?.role, 'owner');
  const [note] = await db
    .select()
    .from(auditEntries)
    .where(eq(auditEntries.action, 'session.began'));
  assert.is(note?.actorName, 'Demo visitor');
  await house.close();
});

test('an empty folder becomes a demo’s where its visitor sits at the machine, else a link is printed', async () => {
  const { db, close } = await freshDatabase();
  await adoptAuthSecret(db, 'UTC', 'x'.repeat(43));
  const demo = { ...config, demo: true };
  assert.match(
    (await prepareFirstStart({ db, config: { ...demo, host: '0.0.0.0' } })) ?? '',
    '/setup#',
  );
  assert.is(await prepareFirstStart({ db, config: demo }), null);
  // Beyond the machine the settings still make somebody who can sign in.
  const { email, password } = firstOwner;
  const admin = { email, password };
  assert.is(await prepareFirstStart({ db, config: { ...demo, host: '0.0.0.0', admin } }), null);
  assert.equal((await db.select().from(users)).map((one) => one.email).sort(), [
    email,
    'visitor@demo.invalid',
  ]);
  assert.ok((await db.select().from(workspaces))[0]?.demo);
  assert.is((await db.select().from(customers)).length, 0);
  await close();
});

test('at home is: a demo, bound to loopback, called by a name of it, through nobody', () => {
  const home = { demo: true, host: '127.0.0.1' };
  const at = (host: string | undefined, ...names: string[]) => ({ host, headers: names });
  for (const host of ['localhost', 'localhost:3000', '127.0.0.1:80', 'LOCALHOST', '[::1]:3000'])
    assert.ok(isAtHome(home, at(host, 'accept', 'cookie')), host);
  assert.ok(isAtHome({ demo: true, host: '::1' }, at('localhost')));
  for (const host of [
    undefined,
    '',
    'localhost.evil.example',
    'evil.example',
    '10.0.0.1',
    'localhost:x',
  ])
    assert.not.ok(isAtHome(home, at(host)), String(host));
  for (const bind of ['0.0.0.0', '::', '192.168.1.2', 'rollcall.example.com'])
    assert.not.ok(isAtHome({ demo: true, host: bind }, at('localhost')), bind);
  for (const name of ['X-Forwarded-For', 'x-forwarded-proto', 'Forwarded', 'via', 'X-Real-IP'])
    assert.not.ok(isAtHome(home, at('localhost', name)), name);
  assert.not.ok(isAtHome({ ...home, demo: false }, at('localhost')));
});

test.run();
