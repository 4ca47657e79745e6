import { io } from 'socket.io-client';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { connect, connectionOf, dialing } from '#lib/live/connection.ts';
import { freePort } from '../support/port.ts';
import { sleep, startHub, until } from './hub.ts';

test('a page that finds no server tries on, and never so often that its wait is no number', async () => {
  const socket = io(`http://127.0.0.1:${await freePort()}`, {
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

test('a page that wakes does not wait for the next attempt to connect', async () => {
  const port = await freePort();
  const connection = connect(`http://127.0.0.1:${port}`);
  await sleep(2_500);
  const hub = await startHub({ port });
  connection.hurry();
  const startedAt = performance.now();
  await until('connected', () => connection.wire.connected());
  assert.ok(performance.now() - startedAt < 400);
  connection.close();
  await hub.stop();
});

test.run();
