import { connect } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sendBytes } from '../support/clients.ts';
import { type House, shareHouse } from '../ingest/real-house.ts';

/** Bytes as no library would send them: what the parser lets through must not make the server fail either. */
const test = suite<House>('raw requests');
shareHouse(test, { LOG_LEVEL: 'warn' });

const long = (n: number) => 'x'.repeat(n);
const requests: [what: string, statuses: number[], lines: string[]][] = [
  ['TRACE', [400, 404, 405, 501], ['TRACE / HTTP/1.1', 'Host: x']],
  ['TRACE of the API', [400, 401, 404, 405, 501], ['TRACE /api/fleet HTTP/1.1', 'Host: x']],
  ['TRACK', [400, 404, 405, 501], ['TRACK / HTTP/1.1', 'Host: x']],
  ['a method that is none', [400], ['toString / HTTP/1.1', 'Host: x']],
  ['no Host', [400], ['GET /healthz HTTP/1.1']],
  ['HTTP/1.0 without Host', [200, 400], ['GET /healthz HTTP/1.0']],
  ['a Host that is no host', [200, 400], ['GET /healthz HTTP/1.1', 'Host: a b<c>']],
  ['a Host with a path', [200, 400], ['GET /healthz HTTP/1.1', 'Host: x/y?z#w']],
  ['an empty Host', [200, 400], ['GET /healthz HTTP/1.1', 'Host: ']],
  ['two Hosts', [200, 400], ['GET /healthz HTTP/1.1', 'Host: x', 'Host: y']],
  ['a whole URL', [200], ['GET http://x/healthz HTTP/1.1', 'Host: x']],
  ['a foreign scheme', [200, 400, 404], ['GET ftp://x/healthz HTTP/1.1', 'Host: x']],
  ['a target without a slash', [400, 404], ['GET healthz HTTP/1.1', 'Host: x']],
  ['an asterisk', [200, 204, 400, 404], ['OPTIONS * HTTP/1.1', 'Host: x']],
  ['two slashes', [200, 400, 404], ['GET //healthz HTTP/1.1', 'Host: x']],
  ['dots', [200, 400, 404], ['GET /../../../etc/passwd HTTP/1.1', 'Host: x']],
  ['encoded dots', [200, 400, 404], ['GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1', 'Host: x']],
  ['a broken escape', [200, 400, 404], ['GET /customers/%E0%A4%A HTTP/1.1', 'Host: x']],
  ['a NUL in the path', [200, 400, 404], ['GET /%00 HTTP/1.1', 'Host: x']],
  ['raw bytes in the path', [200, 400, 404], ['GET /\u00ff\u00fe HTTP/1.1', 'Host: x']],
  ['a long path', [200, 404, 414, 431], [`GET /${long(100_000)} HTTP/1.1`, 'Host: x']],
  ['a long path of the API', [431], [`GET /api/${long(100_000)} HTTP/1.1`, 'Host: x']],
  ['too long a header', [431], ['GET /healthz HTTP/1.1', 'Host: x', `X-A: ${long(300_000)}`]],
  ['many headers', [200, 431], ['GET /healthz HTTP/1.1', 'Host: x', ...many(1500)]],
  [
    'two lengths',
    [400],
    ['POST /api/x HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Content-Length: 2'],
  ],
  [
    'a length and chunks',
    [400],
    ['POST /api/x HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Transfer-Encoding: chunked'],
  ],
  ['a length that is none', [400], ['POST /api/x HTTP/1.1', 'Host: x', 'Content-Length: -1']],
  [
    'a length beyond all bounds',
    [413, 400],
    ['POST /api/x HTTP/1.1', 'Host: x', 'Content-Length: 99999999999999999'],
  ],
  ['an expectation', [400, 404, 401, 417], ['GET /api/x HTTP/1.1', 'Host: x', 'Expect: 200-maybe']],
  ['a bare line feed', [400], ['GET /healthz HTTP/1.1', 'Host: x\nX-B: y']],
  ['a folded header', [200, 400], ['GET /healthz HTTP/1.1', 'Host: x', 'X-C: a', ' b']],
  ['a header without a name', [400], ['GET /healthz HTTP/1.1', 'Host: x', ': y']],
  ['a NUL in a header', [400], ['GET /healthz HTTP/1.1', 'Host: x', 'X-D: a\0b']],
  ['bytes in a header', [200, 400], ['GET /healthz HTTP/1.1', 'Host: x', 'X-E: \u00ff\u0080']],
  ['nonsense', [400], ['\u0016\u0003\u0001\u0002']],
];
function many(n: number): string[] {
  return Array.from({ length: n }, (_, i) => `X-H${i}: y`);
}

for (const [what, statuses, lines] of requests) {
  test(`${what}: the server answers, and not with a failure of its own`, async ({ server }) => {
    const bytes = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
    const answer = await sendBytes({ hostname: '127.0.0.1', port: server.port }, bytes);
    assert.ok(statuses.includes(answer.status), `${answer.status}: ${answer.body}`);
    assert.not.match(answer.body, /node_modules|root:/);
  });
}

test('CONNECT, and an upgrade that nobody serves, end without harm', async ({ server }) => {
  const attempts = [
    'CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /api/fleet HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    'GET /socket.io/?EIO=99&transport=carrier-pigeon HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  ];
  for (const bytes of attempts) {
    const text = await new Promise<string>((resolve) => {
      let received = '';
      const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes));
      socket.setTimeout(3_000, () => socket.destroy());
      socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
      socket.on('error', () => resolve(received));
      socket.on('close', () => resolve(received));
    });
    assert.not.match(text, /^HTTP\/1\.1 5/, bytes);
  }
});

test('after all that the server stands, and has logged no failure', async ({ server }) => {
  assert.is((await fetch(`${server.url}/healthz`)).status, 200);
  assert.not.match(server.output(), /"level":(50|60)/);
});

test.run();
