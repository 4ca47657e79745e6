import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { allowLongBody, watchSenders } from '#server/doors/index.ts';

/** A server that gives 200 ms to a body, and lets one below /long stand still for 200 ms. */
async function serve() {
  const server = createServer((incoming, outgoing) => {
    if (incoming.url === '/long') allowLongBody(incoming, 200);
    incoming.resume().once('end', () => setTimeout(() => outgoing.end('taken'), 300));
  });
  server.requestTimeout = 0;
  watchSenders(server, 200);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

/** Sends a body of five bytes, one each `pause` ms, or only the first of them. @returns what came back */
async function trickle(port: number, path: string, pause: number, all = true): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
  socket.on('error', () => undefined);
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\n`,
  );
  let sent = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || sent === 5 || (sent === 1 && !all)) return;
    socket.write('x');
    sent += 1;
  }, pause);
  await once(socket, 'close');
  clearInterval(timer);
  return received;
}

test('a body that comes in slowly is cut off, unless it may take its time', async () => {
  const { server, port } = await serve();
  assert.match(await trickle(port, '/', 5), /^HTTP\/1\.1 200/);
  assert.match(await trickle(port, '/', 100), /^HTTP\/1\.1 408/);
  assert.match(await trickle(port, '/long', 100), /^HTTP\/1\.1 200[^]*taken/);
  server.close();
});

test('a body that may take its time is cut off once it stands still', async () => {
  const { server, port } = await serve();
  assert.is(await trickle(port, '/long', 50, false), '');
  server.close();
});

test.run();
