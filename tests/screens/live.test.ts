import { sql } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ScreenList } from '#contract/screens.ts';
import { readWallInstance, type WallTransition, type WallTuple } from '#contract/wall.ts';
import { type House, shareHouse } from '../ingest/real-house.ts';
import { sleep, until } from '../live/hub.ts';
import { licenseIds } from '../support/fleet.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { tokenOf } from '../support/session.ts';
import { connectTv, messagesOf, switchOn } from './tv.ts';
import { type Ask, askAt, cookieFor, makeScreen, sent } from './wall.ts';

interface Hall extends House {
  ask: Ask;
  vendor: Record<string, string>;
  /** A second process on the same database, which logs whatever there is to log. */
  other: TestServer;
}
const test = suite<Hall>('walls that live');
shareHouse(test);
test.before(async (context) => {
  context.ask = askAt(context.server.url);
  context.vendor = await tokenOf(context.fresh.db, 'write');
  context.other = await startServer({
    databaseUrl: context.fresh.open.url,
    env: { LOG_LEVEL: 'trace' },
  });
});
test.after(({ other }) => other.stop());

const report = async ({ ask }: Hall, license: string, body: object): Promise<void> => {
  const answer = await ask('/api/check-ins', {
    method: 'POST',
    headers: { authorization: `Bearer ${license}` },
    body: JSON.stringify(body),
  });
  assert.is(answer.status, 200, await answer.text());
};
const tuplesIn = (messages: Record<string, unknown>[]) =>
  messages.flatMap(({ instances }) => (instances as WallTuple[]).map(readWallInstance));

test('a screen is told what changes in its scope, and of nothing else', async (context) => {
  const { server, ask, vendor } = context;
  const made = await makeScreen(ask, vendor, { scope: { customers: ['geeglo'] } });
  const tv = await switchOn(server.url, made);
  assert.is((await tv.read()).counts.total, 0);
  await report(context, licenseIds.roamway, { instanceId: 'far-away', status: 'ready' });
  await report(context, licenseIds.geeglo, { instanceId: 'near', status: 'ready' });
  await report(context, licenseIds.geeglo, { instanceId: 'near', status: 'unavailable' });
  await report(context, licenseIds.geeglo, { instanceId: 'near', status: 'unavailable' });
  const readTicks = () =>
    messagesOf(tv, 'screen:ticked').flatMap(({ transitions }) => transitions as WallTransition[]);
  await until('it is told', () => {
    const last = tuplesIn(messagesOf(tv, 'screen:changed')).at(-1);
    const seen = messagesOf(tv, 'screen:seen').length > 0;
    return last?.status === 'unavailable' && seen && readTicks().at(-1)?.to === 'unavailable';
  });
  const changed = tuplesIn(messagesOf(tv, 'screen:changed'));
  assert.equal([...new Set(changed.map(({ label }) => label))], ['near']);
  assert.equal(
    readTicks().map(({ label, customerName, from, to }) => [label, customerName, from, to]),
    [
      ['near', 'Geeglo', null, 'ready'],
      ['near', 'Geeglo', 'ready', 'unavailable'],
    ],
  );
  const wall = await tv.read();
  assert.is(wall.instances.length, 1);
  const [snapshot] = wall.instances.map(readWallInstance);
  assert.is(snapshot!.revision, changed.at(-1)!.revision);
  const watching = await tv.watch();
  if ('error' in watching) throw new Error(watching.error.message);
  const digest = await tv.socket.timeout(2_000).emitWithAck('digest', watching.room);
  assert.equal(digest, {
    count: 1,
    revisions: snapshot!.revision,
    newestCheckInAt: new Date(snapshot!.lastCheckInAt).toISOString(),
  });
  assert.not.match(watching.room, /geeglo/);
  tv.socket.disconnect();
});

test('what an edit takes out of the scope leaves the screen', async (context) => {
  const { server, ask, vendor } = context;
  await report(context, licenseIds.geeglo, { instanceId: 'tagged', tags: { env: 'prod' } });
  const made = await makeScreen(ask, vendor, { scope: { tags: ['env=prod'] } });
  const tv = await switchOn(server.url, made);
  const before = await tv.read();
  assert.is(before.instances.length, 1);
  await report(context, licenseIds.geeglo, { instanceId: 'tagged', tags: { env: 'test' } });
  await until('it left', () => messagesOf(tv, 'screen:left').length > 0);
  assert.equal(messagesOf(tv, 'screen:left')[0]!.ids, [before.instances[0]![0]]);
  assert.is((await tv.read()).instances.length, 0);
  tv.socket.disconnect();
});

for (const redaction of ['initials', 'none'] as const) {
  test(`with names by ${redaction} nothing that is sent tells who a customer is`, async (context) => {
    const { server, ask, vendor } = context;
    const scope = { customers: ['geeglo', 'roamway'], apps: ['acme', 'other-app'] };
    const made = await makeScreen(ask, vendor, { name: 'Street', redaction, scope });
    const tv = await switchOn(server.url, made);
    await tv.read();
    const id = `geeglo-secret-${redaction}`;
    for (const status of ['ready', 'degraded', 'degraded', 'unavailable']) {
      await report(context, licenseIds.geeglo, { instanceId: id, status });
      await sleep(150);
    }
    await until('all kinds came', () =>
      (['screen:changed', 'screen:seen', 'screen:ticked'] as const).every(
        (event) => messagesOf(tv, event).length > 0,
      ),
    );
    await sent(ask, 'POST', `/api/screens/${made.screen.id}/identify`, vendor);
    await until('it is told its name', () => messagesOf(tv, 'screen:identify').length > 0);
    await tv.read();
    assert.match(tv.bytes(), /screen:changed/);
    for (const secret of [/geeglo/i, /roamway/i, /acme/i, /other-app/, /secret-/, ...idsOf()])
      assert.not.match(tv.bytes(), secret);
    tv.socket.disconnect();
  });
}
const idsOf = () => Object.values(licenseIds).map((id) => new RegExp(id));

test('a screen’s connection opens its own scope and nothing else', async ({
  server,
  ask,
  vendor,
}) => {
  const tv = await switchOn(server.url, await makeScreen(ask, vendor));
  for (const scope of [
    { kind: 'customer', customerId: 'geeglo' },
    { kind: 'catalog' },
    { kind: 'screens' },
    { kind: 'wall', scope: {} },
  ]) {
    const answer = await tv.socket.timeout(2_000).emitWithAck('watch', scope as never);
    assert.is('error' in answer && answer.error.code, 'forbidden', scope.kind);
  }
  tv.socket.disconnect();
  for (const [id, cookie] of [
    [tv.id, ''],
    [tv.id, tv.cookie.replace(/rcw_..../, 'rcw_xxxx')],
    ['0123456789ab', tv.cookie],
  ] as const) {
    const refused = await connectTv(server.url, { id, cookie }).then(
      () => 'let in',
      (error: Error) => error.message,
    );
    assert.is(refused, 'This screen is not known here.');
  }
});

test('commands and revocation reach a screen at once, also in another process', async (context) => {
  const { server, other, ask, vendor } = context;
  const made = await makeScreen(ask, vendor, { name: 'Lobby' });
  const at = `/api/screens/${made.screen.id}`;
  const tvs = [await switchOn(server.url, made), await switchOn(other.url, made)];
  const bystander = await switchOn(other.url, await makeScreen(ask, vendor));
  const list = async () => {
    const { screens } = await sent<ScreenList>(ask, 'GET', '/api/screens', vendor);
    return screens.find(({ id }) => id === made.screen.id)!;
  };
  await until('both are noted', async () => (await list()).connected === 2);
  const there = await list();
  assert.is(there.connections[0]!.build, 'tv-1');
  assert.ok(there.lastSeenAt !== null);

  await sent(ask, 'POST', `${at}/identify`, vendor);
  await sent(ask, 'POST', `${at}/reload`, vendor);
  const allHeard = (event: 'screen:reload' | 'screen:identify' | 'screen:edited') =>
    until(event, () => tvs.every((tv) => messagesOf(tv, event).length > 0));
  await allHeard('screen:identify');
  await allHeard('screen:reload');
  assert.equal(messagesOf(tvs[1]!, 'screen:identify'), [{ name: 'Lobby' }]);

  await sent(ask, 'PATCH', at, vendor, { redaction: 'none', revision: 0 });
  await allHeard('screen:edited');
  for (const tv of tvs) {
    const watching = await tv.watch();
    assert.not.ok('error' in watching);
    const snapshot = await tv.read();
    assert.is(snapshot.redaction, 'none');
    assert.is(snapshot.screen?.revision, 1);
  }

  const begun = performance.now();
  await sent(ask, 'POST', `${at}/revoke`, vendor, { revision: 1 });
  await until('both are cut', () => tvs.every(({ socket }) => !socket.connected), 1_500);
  assert.ok(performance.now() - begun < 1_500);
  for (const tv of tvs) assert.is(messagesOf(tv, 'screen:revoked').length, 1);
  assert.ok(bystander.socket.connected);
  for (const event of ['screen:reload', 'screen:identify', 'screen:edited'] as const)
    assert.is(messagesOf(bystander, event).length, 0);
  await until('neither is noted', async () => (await list()).connected === 0);
  bystander.socket.disconnect();
});

test('settings that changed without a word are noticed within a beat', async (context) => {
  const { server, ask, vendor, fresh } = context;
  const made = await makeScreen(ask, vendor);
  const tv = await switchOn(server.url, made);
  await fresh.db.execute(sql`
    update screens set revision = revision + 1, redaction = 'none' where id = ${made.screen.id}`);
  await until('it is told', () => messagesOf(tv, 'screen:edited').length > 0, 9_000);
  await fresh.db.execute(sql`
    update screen_tokens set revoked_at = now() where screen_id = ${made.screen.id}`);
  await until('it is cut', () => !tv.socket.connected, 9_000);
  assert.is(messagesOf(tv, 'screen:revoked').length, 1);
});

test('connections of a process that was killed are forgotten', async (context) => {
  const { ask, vendor, fresh, server } = context;
  const made = await makeScreen(ask, vendor);
  await fresh.db.execute(sql`
    insert into screen_connections (id, screen_id, seen_at)
    values ('of a dead process', ${made.screen.id}, now() - interval '50 seconds')`);
  const tv = await switchOn(server.url, made);
  await until('only its own is noted', async () => {
    const rows = await fresh.db.execute(sql`
      select id from screen_connections where screen_id = ${made.screen.id}`);
    return rows.length === 1 && rows[0]!.id !== 'of a dead process';
  });
  tv.socket.disconnect();
});

test('a connection of a moment was there, too', async (context) => {
  const { ask, vendor, server } = context;
  const made = await makeScreen(ask, vendor);
  (await switchOn(server.url, made)).socket.disconnect();
  await until('it is noted as gone', async () => {
    const { screens } = await sent<ScreenList>(ask, 'GET', '/api/screens', vendor);
    const { connected, lastSeenAt, lastBuild } = screens.find(({ id }) => id === made.screen.id)!;
    return connected === 0 && lastSeenAt !== null && lastBuild === 'tv-1';
  });
});

test('no token is in the log, whatever was asked', async (context) => {
  const { server, other: chatty, ask, vendor } = context;
  const made = await makeScreen(ask, vendor, { plain: true });
  const plain = made.plainAddress!.split('/').at(-1)!;
  const cookie = await cookieFor(askAt(chatty.url), made.token);
  const tv = await connectTv(chatty.url, { id: made.screen.id, cookie });
  await tv.watch();
  await tv.read();
  await fetch(`${chatty.url}/wall/plain/${plain}`);
  await fetch(`${chatty.url}/wall/plain/${plain}x`);
  await fetch(`${chatty.url}/api/wall/session`, { method: 'POST', body: `"${made.token}` });
  await connectTv(chatty.url, { id: made.screen.id, cookie: `${cookie}x` }).catch(() => {});
  tv.socket.disconnect();
  await sleep(400);
  assert.match(chatty.output(), /answered/);
  for (const secret of [made.token, plain])
    assert.not.ok(`${chatty.output()}${server.output()}`.includes(secret.slice(4, 20)));
});

test.run();
