import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReleaseFile } from '#contract/portal.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { importFleet } from '../support/fleet.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { tokenOf } from '../support/session.ts';
import { release, sha256, someBytes, tusClient } from './tus.ts';

interface Context {
  fresh: FreshDatabase;
  server: TestServer;
  token: { authorization: string };
}
const test = suite<Context>('uploads to a real server');
test.before(async (context) => {
  context.fresh = await freshDatabase();
  await importFleet(context.fresh.db);
  context.server = await startServer({ databaseUrl: context.fresh.open.url });
  context.token = await tokenOf(context.fresh.db, 'write');
});
test.after(async ({ server, fresh }) => {
  await server.stop();
  await fresh.close();
});

const megabyte = 1024 ** 2;
const clientOf = ({ server, token }: Context) =>
  tusClient((path, init) => fetch(server.url + path, init), token);

/** Begins to send `body`, and breaks the connection once the server has taken a part of it. */
async function breakOff({ server, token }: Context, at: string, body: Uint8Array): Promise<void> {
  const headers = {
    ...token,
    'tus-resumable': '1.0.0',
    'upload-offset': '0',
    'content-type': 'application/offset+octet-stream',
    'content-length': String(body.length),
  };
  const sending = request(server.url + at, { method: 'PATCH', headers });
  sending.on('error', () => undefined);
  sending.write(body.subarray(0, body.length / 2));
  const path = join(server.dataDir, 'uploads', at.split('/').pop()!);
  while ((await readFile(path)).length < megabyte) await new Promise((r) => setTimeout(r, 20));
  sending.destroy();
}

async function content({ server, token }: Context, id: number, headers = {}): Promise<Response> {
  return fetch(`${server.url}/api/files/${id}/content`, { headers: { ...token, ...headers } });
}

test('an upload that broke off goes on where it was, also after the server was killed', async (context) => {
  const client = clientOf(context);
  const body = someBytes(8 * megabyte);
  const begun = await client.begin({ name: 'big.airgap', size: body.length, kind: 'airgap' });
  const at = begun.headers.get('location')!;
  await breakOff(context, at, body);
  const { server } = context;
  await server.kill('SIGKILL');
  context.server = await startServer({
    databaseUrl: context.fresh.open.url,
    dataDir: server.dataDir,
    port: server.port,
  });
  const offset = Number((await client.head(at)).headers.get('upload-offset'));
  assert.ok(offset >= megabyte && offset < body.length, String(offset));
  assert.is((await client.send(at, offset, body.subarray(offset))).status, 204);
  const answer = await content(context, 1);
  assert.is(answer.status, 200);
  assert.is(sha256(new Uint8Array(await answer.arrayBuffer())), sha256(body));
  assert.is(answer.headers.get('etag'), `"${sha256(body)}"`);
});

test('what was whole when the server died becomes a file when it is asked for', async (context) => {
  const client = clientOf(context);
  const body = someBytes(1000);
  const begun = await client.begin({ name: 'almost.txt', size: body.length });
  const at = begun.headers.get('location')!;
  // As if it had died between the last byte and the file.
  await writeFile(join(context.server.dataDir, 'uploads', at.split('/').pop()!), body);
  const head = await client.head(at);
  assert.is(head.headers.get('upload-offset'), '1000');
  const answer = await content(context, 2);
  assert.is(sha256(new Uint8Array(await answer.arrayBuffer())), sha256(body));
});

/** Runs a shell example of the README, the one that holds these words. */
async function runExample(words: string, env: Record<string, string>): Promise<string> {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const examples = [...readme.matchAll(/```sh\n([^]*?)```/g)].map(([, example]) => example!);
  const example = examples.find((text) => text.includes(words));
  const options = { env: { ...process.env, ...env } };
  return (await promisify(execFile)('sh', ['-ec', example!], options)).stdout;
}

test('the README’s commands upload a file in one request, and go on with one that broke off', async (context) => {
  const { server, token } = context;
  const path = join(server.dataDir, 'by curl.bin');
  const body = someBytes(3 * megabyte);
  await writeFile(path, body);
  const env = {
    APP: `${server.url}/api/apps/acme`,
    TOKEN: token.authorization.split(' ')[1]!,
    RELEASE: '13',
    FILE: path,
  };
  const made = JSON.parse(await runExample('base64of()', env)) as ReleaseFile;
  assert.equal([made.name, made.kind, made.sha256], ['by curl.bin', 'airgap', sha256(body)]);

  const begun = await clientOf(context).begin({ name: 'gone on with.bin', size: body.length });
  const at = begun.headers.get('location')!;
  await clientOf(context).send(at, 0, body.subarray(0, megabyte));
  await runExample('tail -c', { ...env, UPLOAD: server.url + at });
  const answer = await content(context, made.id + 1);
  assert.is(sha256(new Uint8Array(await answer.arrayBuffer())), sha256(body));
});

test('a part of a file is answered as a part, if it is still the same file', async (context) => {
  const whole = await (await content(context, 2)).bytes();
  const etag = `"${sha256(whole)}"`;
  const part = await content(context, 2, { range: 'bytes=990-' });
  assert.is(part.status, 206);
  assert.is(part.headers.get('content-range'), 'bytes 990-999/1000');
  assert.equal(await part.bytes(), whole.slice(990));
  const same = await content(context, 2, { range: 'bytes=0-9', 'if-range': etag });
  assert.is(same.status, 206);
  assert.is((await same.bytes()).length, 10);
  const other = await content(context, 2, { range: 'bytes=0-9', 'if-range': '"other"' });
  assert.is(other.status, 200);
  assert.is((await other.bytes()).length, 1000);
  const beyond = await content(context, 2, { range: 'bytes=1000-' });
  assert.is(beyond.status, 416);
  assert.is(beyond.headers.get('content-range'), 'bytes */1000');
  const known = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
  assert.is((await content(context, 2, known)).status, 304);
  assert.is((await content(context, 2, { 'if-match': '"other"' })).status, 412);
  const { server, token } = context;
  const head = await fetch(`${server.url}/api/files/2/content`, { method: 'HEAD', headers: token });
  assert.is(head.headers.get('content-length'), '1000');
  assert.is(head.headers.get('accept-ranges'), 'bytes');
});

test('the log has no failure, and the other bodies are bounded as before', async (context) => {
  const { server, token } = context;
  const long = await fetch(`${server.url}/api/nowhere`, {
    method: 'POST',
    headers: token,
    body: 'x'.repeat(65 * 1024),
  });
  assert.is(long.status, 413);
  const stranger = await fetch(server.url + release, {
    method: 'POST',
    body: 'x'.repeat(megabyte),
  });
  assert.is(stranger.status, 401);
  assert.not.match(server.output(), /"level":(50|60)/);
});

test.run();
