import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pino } from 'pino';
import { createLog } from '#server/log.ts';
import { openApp, type TestApp } from '../support/app.ts';
import { licenseIds } from '../support/fleet.ts';
import { tokenOf } from '../support/session.ts';

interface Context {
  /** Asks as somebody who may, where the question is not who asks. */
  app: { request: (path: string | Request, init?: RequestInit) => Promise<Response> };
  house: TestApp;
  lines: string[];
}
const test = suite<Context>('doors');
test.before(async (context) => {
  context.lines = [];
  const write = (line: string) => void context.lines.push(line);
  context.house = await openApp({ log: createLog({ logLevel: 'debug' }, { write }) });
  const { app, fresh } = context.house;
  const token = await tokenOf(fresh.db, 'write');
  context.app = {
    request: async (path, init = {}) => {
      const request = path instanceof Request ? path : new Request(`http://localhost${path}`, init);
      if (/^\/api\/(nowhere|customers)/.test(new URL(request.url).pathname))
        request.headers.set('authorization', token.authorization);
      return app.request(request);
    },
  };
});
test.after(({ house }) => house.close());

const basic = `Basic ${Buffer.from(`${licenseIds.geeglo}:${licenseIds.geeglo}`).toString('base64')}`;
/** One answer of each kind: good ones, refusals of every handler, files, the page, and what is nowhere. */
const asked: [status: number, path: string, init?: RequestInit][] = [
  [200, '/healthz'],
  [200, '/readyz'],
  [404, '/api/nowhere'],
  [401, '/api/check-ins', { method: 'POST', body: '{}' }],
  [200, '/license/fields', { headers: { authorization: basic } }],
  [401, '/license/fields'],
  [413, '/api/nowhere', { method: 'POST', body: 'x'.repeat(65 * 1024) }],
  [403, '/api/nowhere', { method: 'POST', headers: { origin: 'https://evil.example' } }],
  [431, '/api/nowhere', { headers: { 'x-long': 'x'.repeat(40_000) } }],
  [200, '/'],
  [200, '/customers/geeglo'],
  [200, '/theme.js'],
  [404, '/_app/immutable/none.js'],
  [404, '/', { method: 'DELETE' }],
];

test('every answer, good or bad, carries the request id and the secure headers', async ({
  app,
}) => {
  for (const [status, path, init] of asked) {
    const answer = await app.request(path, init);
    const what = `${init?.method ?? 'GET'} ${path}`;
    assert.is(answer.status, status, what);
    const { headers } = answer;
    assert.match(headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/, what);
    assert.is(headers.get('x-content-type-options'), 'nosniff', what);
    assert.is(headers.get('x-frame-options'), 'DENY', what);
    assert.is(headers.get('referrer-policy'), 'same-origin', what);
    assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/, what);
    assert.is(headers.get('strict-transport-security'), null, what);
    assert.is(headers.get('access-control-allow-origin'), null, what);
    assert.is(headers.get('x-powered-by'), null, what);
  }
});

test('the id of a caller is taken over, unless it is no id, and stands in the error body', async ({
  app,
}) => {
  const mine = await app.request('/api/nowhere', { headers: { 'x-request-id': 'trace-42' } });
  assert.is(mine.headers.get('x-request-id'), 'trace-42');
  assert.is(((await mine.json()) as { error: { requestId: string } }).error.requestId, 'trace-42');
  const bad = await app.request('/healthz', { headers: { 'x-request-id': 'a b<script>' } });
  assert.match(bad.headers.get('x-request-id')!, /^[0-9a-f-]{36}$/);
});

test('what is no page may load nothing, and the page only what is ours', async ({ app }) => {
  const api = (await app.request('/api/nowhere')).headers.get('content-security-policy')!;
  assert.match(api, /^default-src 'none';/);
  const page = (await app.request('/customers/geeglo')).headers.get('content-security-policy')!;
  for (const part of [
    "default-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "frame-ancestors 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "object-src 'none'",
  ])
    assert.ok(page.split('; ').includes(part), `${part} in ${page}`);
  assert.match(page, /script-src 'self' 'sha256-[^;]+(;|$)/);
  assert.not.match(page, /script-src[^;]*(unsafe-inline|unsafe-eval)|https?:|\*/);
});

test('answers of the API are kept in no cache', async ({ app }) => {
  for (const path of ['/api/nowhere', '/healthz', '/readyz', '/metrics'])
    assert.is((await app.request(path)).headers.get('cache-control'), 'no-store', path);
});

test('browsers are told to come by TLS only, where PUBLIC_URL is https', async () => {
  const house = await openApp({ env: { PUBLIC_URL: 'https://rollcall.example' } });
  const answer = await house.app.request('/healthz');
  assert.is(answer.headers.get('strict-transport-security'), 'max-age=31536000');
  await house.close();
});

const ours = 'http://127.0.0.1:3000';
const changes: [allowed: boolean, headers: Record<string, string>, why: string][] = [
  [true, {}, 'no browser, no cookie'],
  [true, { origin: ours, cookie: 'a=b' }, 'our page by PUBLIC_URL'],
  [true, { origin: 'http://127.0.0.1:9', host: '127.0.0.1:9', cookie: 'a=b' }, 'our page by Host'],
  [true, { 'sec-fetch-site': 'same-origin', cookie: 'a=b' }, 'the browser says it is our page'],
  [false, { cookie: 'a=b' }, 'a cookie, and no word of the page'],
  [false, { origin: 'https://evil.example' }, 'a foreign page, even without a cookie'],
  [false, { origin: 'https://evil.example', cookie: 'a=b' }, 'a foreign page'],
  [false, { origin: 'null', cookie: 'a=b' }, 'a page without an origin'],
  [false, { origin: 'not a url', cookie: 'a=b' }, 'nonsense'],
  [false, { origin: 'file://127.0.0.1:3000', cookie: 'a=b' }, 'a file'],
  [false, { 'sec-fetch-site': 'same-site', cookie: 'a=b' }, 'a sister domain'],
  [false, { 'sec-fetch-site': 'cross-site' }, 'a foreign form'],
  [false, { origin: 'http://127.0.0.1:3000.evil.example', cookie: 'a=b' }, 'a similar name'],
];
for (const [allowed, headers, why] of changes) {
  test(`a change is ${allowed ? 'let through' : 'refused'}: ${why}`, async ({ app }) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await app.request('/api/nowhere', { method, headers });
      assert.is(answer.status, allowed ? 404 : 403, method);
    }
    assert.is((await app.request('/api/nowhere', { headers })).status, 404);
  });
}

test('reports of instances are taken whatever page they come from: they know no cookie', async ({
  app,
}) => {
  const answer = await app.request('/api/check-ins', {
    method: 'POST',
    headers: { authorization: `Bearer ${licenseIds.geeglo}`, origin: 'https://app.example' },
    body: JSON.stringify({ instanceId: 'from-a-page', status: 'ready' }),
  });
  assert.is(answer.status, 200);
});

test('a body without a length is bounded as well', async ({ app }) => {
  const body = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(16 * 1024)),
  });
  const request = new Request('http://x/api/nowhere', { method: 'POST', body, duplex: 'half' });
  assert.is((await app.request(request)).status, 413);
});

test('at debug every request leaves one line, with its route and not with its address', async ({
  app,
  lines,
}) => {
  lines.length = 0;
  await app.request(`/api/customers/${licenseIds.geeglo}?token=${licenseIds.geeglo}`);
  await app.request('/license/fields', { headers: { authorization: basic } });
  await app.request(`/${licenseIds.geeglo}`);
  const all = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.equal(
    all.map(({ route }) => route),
    ['/api/customers/:id', '/license/fields', '/*'],
  );
  assert.ok(all.every(({ requestId, status, ms }) => requestId && status && Number(ms) >= 0));
  assert.not.match(lines.join(''), licenseIds.geeglo);
  assert.ok(pino.levels.values.debug === all[0]!.level);
});

test.run();
