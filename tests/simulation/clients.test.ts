import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createClient } from '../../scripts/simulation/clients.ts';
import { createFleet } from '../../scripts/simulation/fleet.ts';
import { createMember, maySpeak } from '../../scripts/simulation/member.ts';
import type { InstanceScript, Said } from '../../scripts/simulation/model.ts';
import { createRandom } from '../../scripts/simulation/random.ts';
import { createOpening, turnTo } from '../../scripts/simulation/said.ts';
import { createWire } from '../../scripts/simulation/wire.ts';

interface Heard {
  call: string;
  headers: IncomingMessage['headers'];
  body: string;
}
const heard: Heard[] = [];
let answer: { status: number; headers?: Record<string, string> } = { status: 200 };

// A bare listener, to see what the clients say; what Rollcall makes of it is proven with Rollcall itself.
const listener = createServer({ maxHeaderSize: 262_144 }, (request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    const [path] = (request.url ?? '').split('?');
    heard.push({ call: `${request.method} ${path}`, headers: request.headers, body });
    response.writeHead(answer.status, answer.headers).end('licenseSequence: 7\n');
  });
});
listener.listen(0, '127.0.0.1');
await once(listener, 'listening');
const wire = createWire(new URL(`http://127.0.0.1:${(listener.address() as AddressInfo).port}`), {
  inFlight: 4,
});
test.before.each(() => {
  heard.length = 0;
  answer = { status: 200 };
});
test.after(() => {
  wire.close();
  listener.close();
});

const now = Date.UTC(2026, 10, 24, 12);
const fleet = createFleet({ seed: 'demo', now });
const find = (fits: (script: InstanceScript) => boolean): InstanceScript => {
  const script = fleet.instances.find(fits);
  if (!script) throw new Error('There is no such instance.');
  return script;
};
const saidBy = (script: InstanceScript): Said => ({
  ...createOpening(script, now, now, createRandom('said')),
  ...turnTo('ready', createRandom('said')),
});

test('the SDK starts with license, update check and report, and names what it runs', async () => {
  const script = find(({ voice }) => voice === 'sdk');
  await createClient(script, wire, null).start(saidBy(script));
  assert.equal(
    heard.map(({ call }) => call),
    [
      `GET /license/${script.appSlug}`,
      `POST /release/${script.appSlug}/pending`,
      'POST /kots_metrics/license_instance/info',
    ],
  );
  const { headers, body } = heard[2] as Heard;
  const license = Buffer.from(`${script.licenseId}:${script.licenseId}`).toString('base64');
  assert.is(headers.authorization, `Basic ${license}`);
  assert.match(headers['user-agent'] ?? '', /^Replicated-SDK\/\d/);
  assert.is(headers['x-replicated-instanceid'], script.instanceId);
  assert.is(headers['x-replicated-appstatus'], 'ready');
  const states: unknown = JSON.parse(
    (JSON.parse(body) as { resource_states: string }).resource_states,
  );
  assert.ok(Array.isArray(states) && states.length > 0);
});

test('an SDK that gets no license says nothing more', async () => {
  answer = { status: 403 };
  const script = find(({ voice }) => voice === 'sdk');
  await createClient(script, wire, null).start(saidBy(script));
  assert.is(heard.length, 1);
});

test('KOTS counts kURL nodes, and lists the nodes of an embedded cluster in one header', async () => {
  const kurl = find(({ voice, distribution }) => voice === 'kots' && distribution === 'kurl');
  const embedded = find(
    ({ voice, distribution }) => voice === 'kots' && distribution === 'embedded-cluster',
  );
  await createClient(kurl, wire, null).report(saidBy(kurl));
  await createClient(embedded, wire, null).report(saidBy(embedded));
  const [ofKurl, ofEmbedded] = heard.map(({ headers }) => headers);
  assert.match(ofKurl?.['user-agent'] ?? '', /^KOTS\/v\d/);
  assert.is(ofKurl?.['x-replicated-iskurl'], 'true');
  assert.is(ofKurl?.['x-replicated-kurlnodecounttotal'], String(kurl.nodes));
  assert.is(ofEmbedded?.['x-replicated-iskurl'], 'false');
  const list = String(ofEmbedded?.['x-replicated-embeddedclusternodes']);
  assert.is((JSON.parse(list) as { nodes: unknown[] }).nodes.length, embedded.nodes);
});

test('the plain door is told when the next report comes', async () => {
  const script = find(({ mood }) => mood === 'sleeper');
  await createClient(script, wire, 60).report(saidBy(script));
  assert.is(heard[0]?.call, 'POST /api/check-ins');
  assert.is(heard[0]?.headers.authorization, `Bearer ${script.licenseId}`);
  assert.is((JSON.parse(heard[0]?.body ?? '') as { nextWithin: number }).nextWithin, 60);
});

test('a member asked to wait waits that long, and keeps its news', async () => {
  answer = { status: 429, headers: { 'Retry-After': '30' } };
  const script = find(({ voice }) => voice === 'plain');
  const member = createMember(script, saidBy(script), wire, null);
  const at = Date.now();
  await member.speak(at);
  assert.is(member.news, 'start');
  assert.not.ok(maySpeak(member, at + 28_000));
  assert.ok(maySpeak(member, Date.now() + 31_000));
});

test('a server that is not there is a reply without status, not an error', async () => {
  const nowhere = createWire(new URL('http://127.0.0.1:1'), { inFlight: 1 });
  const reply = await nowhere.send({ method: 'GET', path: '/', headers: {} });
  assert.is(reply.status, 0);
  assert.is(nowhere.waiting(), 0);
  nowhere.close();
});

test.run();
