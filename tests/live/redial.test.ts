import { createServer } from 'node:net';
import { io } from 'socket.io-client';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { connectionOf, dialing } from '../../dashboard/src/lib/live/connection.ts';

/** A port at which nobody answers, any more. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('It has no port.');
  return address.port;
}

test('a page that finds no server tries on, and never so often that its wait is no number', async () => {
  const socket = io(`http://127.0.0.1:${await deadPort()}`, {
    ...{ ...dialing, reconnectionDelay: 1, reconnectionDelayMax: 2, forceNew: true },
  });
  const attempts: number[] = [];
  const done = new Promise<void>((resolve) =>
    socket.io.on('reconnect_attempt', (attempt) => {
      attempts.push(attempt);
      if (attempts.length === 200) resolve();
    }),
  );
  const connection = connectionOf(socket);
  await done;
  connection.close();
  assert.ok(Math.max(...attempts) <= 64, `${Math.max(...attempts)} attempts in a row`);
  assert.ok(attempts.filter((attempt) => attempt === 1).length >= 3);
});

test.run();
