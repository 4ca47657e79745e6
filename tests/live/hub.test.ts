import { strict as assert } from 'node:assert';
import { suite } from 'uvu';
import { type Hub, list, nothingElse, sleep, startHub, until, view, watch } from './hub.ts';

const test = suite<{ hub: Hub }>('live room');
test.before.each(async (context) => {
  context.hub = await startHub({ beatEvery: 150 });
});
test.after.each(({ hub }) => hub.stop());

test('two viewers of a customer are told of a change once, with consecutive numbers', async ({
  hub,
}) => {
  hub.memory.add(1);
  const viewers = [await view(hub.url), await view(hub.url)];
  const scope = { kind: 'customer', customerId: 'geeglo' } as const;
  const watching = await Promise.all(viewers.map(({ socket }) => watch(socket, scope)));
  hub.live.publisher.publish({
    ...nothingElse,
    changed: [hub.memory.change(1, { status: 'degraded' })],
  });
  for (const [index, { heard }] of viewers.entries()) {
    await until('the change', () => heard.some(({ event }) => event === 'instances:changed'));
    const [told, ...more] = heard.filter(({ event }) => event === 'instances:changed');
    assert.equal(more.length, 0);
    assert.equal(told?.message.room, 'customer:geeglo');
    assert.equal(told?.message.seq, watching[index]!.seq + 1);
    assert.equal(told?.message.origin, watching[index]!.origin);
  }
  assert.deepEqual(hub.memory.asked, [[1]], 'summaries are loaded once for both');
});

test('a flood for one room becomes one message in a tenth of a second, with the newest state', async ({
  hub,
}) => {
  for (let id = 1; id <= 50; id += 1) hub.memory.add(id);
  const { socket, heard } = await view(hub.url);
  await watch(socket, { kind: 'customer', customerId: 'geeglo' });
  const startedAt = performance.now();
  for (let round = 0; round < 20; round += 1) {
    const changed = Array.from({ length: 50 }, (_, index) => hub.memory.change(index + 1, {}));
    hub.live.publisher.publish({ ...nothingElse, changed });
    await sleep(15);
  }
  const told = () => heard.filter(({ event }) => event === 'instances:changed');
  await until('the last revision', () => JSON.stringify(told().at(-1)).includes('"revision":21'));
  const most = Math.ceil((performance.now() - startedAt) / 100) + 1;
  assert.ok(told().length <= most, `${told().length} messages, at most ${most} expected`);
});

test('nothing is loaded while nobody watches', async ({ hub }) => {
  hub.memory.add(1);
  hub.live.publisher.publish({ ...nothingElse, changed: [hub.memory.change(1, {})] });
  await sleep(150);
  assert.deepEqual(hub.memory.asked, []);
});

test('a list hears of the rows it shows, of counts, and of movement, but of no other row', async ({
  hub,
}) => {
  hub.memory.add(1);
  hub.memory.add(2);
  const { socket, heard } = await view(hub.url);
  const { room } = await watch(socket, list([[1, 1]]));
  assert.equal(room, `list:${socket.id}`);
  hub.live.publisher.publish({ ...nothingElse, changed: [hub.memory.change(2, {})] });
  await until('movement', () => heard.some(({ event }) => event === 'fleet:moved'));
  await until('counts', () => heard.some(({ event }) => event === 'fleet:counted'));
  assert.ok(!heard.some(({ event }) => event === 'instances:changed'));
  hub.live.publisher.publish({ ...nothingElse, changed: [hub.memory.change(1, {})] });
  await until('its own row', () => heard.some(({ event }) => event === 'instances:changed'));
});

test('a list of one customer is not moved by another', async ({ hub }) => {
  hub.memory.add(1, 'other');
  const { socket, heard } = await view(hub.url);
  await watch(socket, list([], { customer: ['geeglo'] }));
  hub.live.publisher.publish({ ...nothingElse, changed: [hub.memory.change(1, {})] });
  await until('counts', () => heard.some(({ event }) => event === 'fleet:counted'));
  assert.ok(!heard.some(({ event }) => event === 'fleet:moved'));
});

test('plain check-ins come as pairs, at most once a second, and move only lists sorted by them', async ({
  hub,
}) => {
  hub.memory.add(1);
  const plain = await view(hub.url);
  const sorted = await view(hub.url);
  await watch(plain.socket, list([[1, 1]]));
  await watch(sorted.socket, list([[1, 1]], { sort: 'lastCheckIn' }));
  const base = Date.parse('2026-11-02T00:00:00Z');
  for (let index = 0; index < 10; index += 1) {
    hub.live.publisher.publish({ ...nothingElse, seen: [hub.memory.seen(1, base + index)] });
    await sleep(20);
  }
  const last = new Date(base + 9).toISOString();
  const told = () => plain.heard.filter(({ event }) => event === 'instances:seen');
  await until('the newest', () => JSON.stringify(told()).includes(last));
  assert.equal(told().length, 2, 'the first at once, the rest together');
  assert.ok(!plain.heard.some(({ event }) => event === 'fleet:moved'));
  assert.ok(sorted.heard.some(({ event }) => event === 'fleet:moved'));
});

test('a list is told what moved on between its fetch and its watch, and what is gone', async ({
  hub,
}) => {
  for (const id of [1, 2, 3]) hub.memory.add(id);
  hub.memory.change(2, { status: 'missing' });
  const { socket, heard } = await view(hub.url);
  await watch(socket, list([]));
  hub.live.publisher.publish({
    ...nothingElse,
    seen: [hub.memory.seen(1, Date.parse('2026-11-03T00:00:00Z'))],
  });
  await watch(
    socket,
    list([
      [1, 1],
      [2, 1],
      [3, 1],
      [99, 4],
    ]),
  );
  await until('the changed row', () => heard.some(({ event }) => event === 'instances:changed'));
  const changed = heard.find(({ event }) => event === 'instances:changed');
  assert.match(JSON.stringify(changed), /"id":2,"revision":2/);
  assert.ok(!JSON.stringify(changed).includes('"id":1,'));
  assert.match(
    JSON.stringify(heard.find(({ event }) => event === 'instances:left')),
    /"ids":\[99\]/,
  );
  assert.match(
    JSON.stringify(heard.find(({ event }) => event === 'instances:seen')),
    /\[1,"2026-11-03T00:00:00.000Z"\]/,
    'a plain check-in in between raises no revision, and is told all the same',
  );
});

test('an archived instance leaves a list, but not the page of its customer', async ({ hub }) => {
  hub.memory.add(1);
  const fleet = await view(hub.url);
  const customer = await view(hub.url);
  await watch(fleet.socket, list([[1, 1]]));
  await watch(customer.socket, { kind: 'customer', customerId: 'geeglo' });
  hub.live.publisher.publish({ ...nothingElse, left: [hub.memory.change(1, { archived: true })] });
  await until('the list', () => fleet.heard.some(({ event }) => event === 'instances:left'));
  await until('the customer page', () =>
    JSON.stringify(customer.heard).includes('"archived":true'),
  );
});

test('an instance page hears of its events, and of an instance that first appears while it waits', async ({
  hub,
}) => {
  const { socket, heard } = await view(hub.url);
  await watch(socket, { kind: 'instance', customerId: 'geeglo', instanceId: 'instance-7' });
  hub.memory.add(7);
  hub.live.publisher.publish({ ...nothingElse, changed: [hub.memory.change(7, {})] });
  await until('it is told to fetch', () => heard.some(({ event }) => event === 'scope:stale'));
  hub.live.publisher.publish({
    ...nothingElse,
    changed: [hub.memory.change(7, {})],
    events: [event(5, 7), event(6, 8)],
  });
  await until('the event', () => heard.some((one) => one.event === 'events:recorded'));
  const recorded = JSON.stringify(heard.find((one) => one.event === 'events:recorded'));
  assert.match(recorded, /"id":5/);
  assert.ok(!recorded.includes('"id":6'), 'not another instance’s');
});

test('beats name the last number of each room, so that a lost message shows', async ({ hub }) => {
  hub.memory.add(1);
  const { socket, heard } = await view(hub.url);
  const { room, seq } = await watch(socket, { kind: 'customer', customerId: 'geeglo' });
  socket.off('instances:changed');
  hub.live.publisher.publish({ ...nothingElse, changed: [hub.memory.change(1, {})] });
  await until('a beat after it', () => {
    const last = heard.findLast((one) => one.event === 'beat')?.message as
      { rooms?: Record<string, number> } | undefined;
    return last?.rooms?.[room] === seq + 1;
  });
});

test('a room that emptied and came back does not repeat numbers', async ({ hub }) => {
  hub.memory.add(1);
  const scope = { kind: 'customer', customerId: 'geeglo' } as const;
  const first = await view(hub.url);
  await watch(first.socket, scope);
  hub.live.publisher.publish({ ...nothingElse, changed: [hub.memory.change(1, {})] });
  await until('the change', () => first.heard.some(({ event }) => event === 'instances:changed'));
  first.socket.disconnect();
  await until('the room is gone', () => hub.live.stats().rooms === 0);
  const again = await watch((await view(hub.url)).socket, scope);
  assert.ok(again.seq >= 1);
});

test('beats are not ok while the database does not answer', async ({ hub }) => {
  const { heard } = await view(hub.url);
  const last = () =>
    heard.findLast(({ event }) => event === 'beat')?.message as
      { ok?: boolean; reason?: string } | undefined;
  await until('a good beat', () => last()?.ok === true);
  hub.probe.answer = () => Promise.reject(new Error('away'));
  await until('a bad beat', () => last()?.ok === false);
  assert.equal(last()?.reason, 'The database does not answer.');
  hub.probe.answer = async () => {};
  await until('a good beat again', () => last()?.ok === true);
});

test('changes that cannot be read are read later; if it takes long, viewers are told to fetch', async ({
  hub,
}) => {
  hub.memory.add(1);
  const { socket, heard } = await view(hub.url);
  await watch(socket, { kind: 'customer', customerId: 'geeglo' });
  hub.memory.failing = true;
  hub.live.publisher.publish({ ...nothingElse, changed: [hub.memory.change(1, {})] });
  await until('stale', () => heard.some(({ event }) => event === 'scope:stale'), 6_000);
  hub.memory.failing = false;
  await until('the change', () => heard.some(({ event }) => event === 'instances:changed'), 6_000);
});

test('nonsense is refused with a sentence and harms nobody', async ({ hub }) => {
  const { socket } = await view(hub.url);
  const raw = socket as unknown as { emit: (...args: unknown[]) => void };
  const ask = (...args: unknown[]) => new Promise<unknown>((resolve) => raw.emit(...args, resolve));
  for (const scope of [
    null,
    1,
    {},
    { kind: 'list' },
    { kind: 'customer', customerId: '' },
    { kind: 'nobody' },
  ]) {
    assert.equal(
      ((await ask('watch', scope)) as { error: { code: string } }).error.code,
      'invalid',
    );
  }
  assert.equal(
    ((await ask('digest', 'customer:other')) as { error: { code: string } }).error.code,
    'not_found',
  );
  raw.emit('watch');
  raw.emit('watch', {}, 'no function');
  raw.emit('unwatch', { room: 1 });
  raw.emit('digest');
  await sleep(50);
  assert.ok(socket.connected);
});

test('a connection that asks too often is told so', async ({ hub }) => {
  const { socket } = await view(hub.url);
  const answers = await Promise.all(
    Array.from({ length: 40 }, () =>
      socket.timeout(2_000).emitWithAck('watch', { kind: 'customer', customerId: 'a' }),
    ),
  );
  assert.ok(answers.some((answer) => 'error' in answer && answer.error.code === 'too_many'));
});

test('pages of other sites get no connection', async ({ hub }) => {
  await assert.rejects(view(hub.url, { origin: 'https://evil.example' }));
  await view(hub.url, { origin: hub.url });
  await view(hub.url, { origin: 'https://rollcall.example.com' });
});

test('a digest says what the viewer should have', async ({ hub }) => {
  hub.memory.add(1);
  hub.memory.add(2);
  const { socket } = await view(hub.url);
  const { room } = await watch(socket, list([[1, 1]]));
  const digest = await socket.timeout(2_000).emitWithAck('digest', room);
  assert.deepEqual(digest, { count: 1, revisions: 1, newestCheckInAt: '2026-11-01T00:00:00.000Z' });
});

function event(id: number, instance: number) {
  const at = '2026-11-02T00:00:00.000Z';
  return {
    id,
    instance,
    at,
    category: 'app status',
    field: 'status',
    before: 'ready',
    after: 'degraded',
    reporter: 'sdk',
    receivedAt: null,
  } as const;
}

test.run();
