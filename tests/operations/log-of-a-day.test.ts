import { sql } from 'drizzle-orm';
import { io } from 'socket.io-client';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ClientRequest, kots, sdk, send } from '../support/clients.ts';
import { licenseIds } from '../support/fleet.ts';
import { type House, shareHouse } from '../ingest/real-house.ts';
import { ownerOf } from '../support/session.ts';

/** Everything that the server does, at the most talkative level, and then a search for every secret that it was told. */
const test = suite<House>('the log');
const invented = 'Never4Any0ne2See';
shareHouse(test, { LOG_LEVEL: 'trace', TRUST_PROXY: '1', NEW_INSTANCES_BURST: '20' });

const ids = [...Object.values(licenseIds), invented];
/** A license id as it is, and as HTTP carries it. */
const secrets = ids.flatMap((id) => [
  id,
  Buffer.from(`${id}:${id}`).toString('base64'),
  encodeURIComponent(id),
]);

async function speakAs(licenseId: string, { server }: House): Promise<number[]> {
  const sdkState = { licenseId, appSlug: 'acme', instanceId: 'i-1', channelId: 'acme-stable' };
  const kotsState = { licenseId, appSlug: 'acme', instanceId: 'i-2' };
  const requests: ClientRequest[] = [
    sdk.license(sdkState),
    sdk.licenseFields(sdkState),
    sdk.licenseField(sdkState, 'seats'),
    sdk.licenseField(sdkState, licenseId),
    sdk.pending(sdkState),
    sdk.info(sdkState),
    sdk.customMetrics(sdkState, { users: 3 }),
    { ...sdk.customMetrics(sdkState, {}), body: `{"data": {"id": ${licenseId}` },
    kots.license(kotsState),
    kots.pending(kotsState),
    kots.info(kotsState),
  ];
  const statuses: number[] = [];
  for (const request of requests) statuses.push((await send(server.url, request)).status);
  return statuses;
}

/** Requests with the secret wherever somebody might have pasted it. */
async function pasteEverywhere(id: string, { server, fresh }: House): Promise<void> {
  const bearer = { authorization: `Bearer ${id}` };
  const cookie = { cookie: `rollcall.session_token=${id}; other=${id}` };
  const post = (path: string, body: string, headers: Record<string, string>) =>
    fetch(server.url + path, { method: 'POST', headers, body });
  await post('/api/check-ins', JSON.stringify({ instanceId: 'i-3', status: 'ready' }), bearer);
  await post('/api/check-ins', `{"licenseId": ${id}}`, bearer);
  await post('/api/check-ins', JSON.stringify({ instanceId: 'i-4', [id]: id }), bearer);
  await post('/api/nowhere', JSON.stringify({ password: id, token: id }), cookie);
  for (const path of ['/', '/api/', '/api/customers/', '/license/', '/customers/', '/socket.io/'])
    await fetch(`${server.url}${path}${encodeURIComponent(id)}?token=${id}&before=${id}`, {
      headers: { ...bearer, ...cookie, 'x-forwarded-for': id, referer: `http://x/?token=${id}` },
    });
  await fetch(`${server.url}/healthz`, { headers: { 'x-request-id': `a b ${id}` } });
  const foreign = { origin: `https://${id}.example`, cookie: `session=${id}` };
  await post('/api/nowhere', '', foreign);
  const handshake = { transports: ['websocket'], forceNew: true, reconnection: false };
  const stranger = io(server.url, {
    ...handshake,
    auth: { token: id },
    query: { token: id },
    extraHeaders: { ...bearer, ...cookie },
  });
  await new Promise((resolve) => stranger.once('connect_error', resolve));
  const owner = await ownerOf(fresh.db);
  await fetch(`${server.url}/api/customers/${encodeURIComponent(id)}?token=${id}`, {
    headers: { cookie: owner.cookie },
  });
  const socket = io(server.url, {
    ...handshake,
    auth: { token: id },
    query: { token: id },
    extraHeaders: { cookie: owner.cookie },
  });
  await socket.emitWithAck('watch', { kind: 'customer', customerId: id });
  await socket.emitWithAck('watch', { kind: id });
  await socket.emitWithAck('digest', id);
  socket.close();
  stranger.close();
}

test('no secret stands in it, whatever was asked and whatever failed', async (house) => {
  for (const id of ids) {
    const statuses = await speakAs(id, house);
    if (id === licenseIds.geeglo) assert.is(Math.min(...statuses), 200);
    await pasteEverywhere(id, house);
  }
  // Failures are where parameters reach a log: the statements that look licenses and customers up are made to fail.
  const { db } = house.fresh;
  await db.execute(sql`alter table licenses rename to licenses_away`);
  for (const id of ids) {
    await speakAs(id, house);
    await pasteEverywhere(id, house);
  }
  await db.execute(sql`alter table licenses_away rename to licenses`);

  const output = house.server.output();
  assert.ok(output.split('\n').length > 200, 'it did talk');
  assert.match(output, /"level":50/, 'failures were written');
  assert.match(output, /DrizzleQueryError/);
  assert.match(output, /"route":"\/api\/customers\/:id"/);
  for (const line of output.trim().split('\n')) {
    assert.not.throws(() => JSON.parse(line) as unknown, line);
    for (const secret of secrets)
      assert.ok(!line.toLowerCase().includes(secret.toLowerCase()), `${secret} in ${line}`);
  }
});

test.run();
