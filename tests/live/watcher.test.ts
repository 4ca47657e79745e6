import { strict as assert } from 'node:assert';
import { suite } from 'uvu';
import { type Hub, type Viewer, nothingElse, sleep, startHub, until, view } from './hub.ts';
import { equals, openPage } from './memory-pages.ts';
import { MemoryReports } from './memory-reports.ts';

const test = suite<{ hub: Hub; socket: Viewer; stop: (() => void)[] }>('watcher');
test.before.each(async (context) => {
  context.hub = await startHub({ beatEvery: 150 });
  context.socket = (await view(context.hub.url)).socket;
  context.stop = [];
  for (let id = 1; id <= 5; id += 1) context.hub.memory.add(id);
});
test.after.each(async ({ hub, socket, stop }) => {
  for (const end of stop) end();
  socket.disconnect();
  await hub.stop();
});

test('what changes while the snapshot is read is merged over it', async ({ hub, socket, stop }) => {
  for (const kind of ['list', 'customer'] as const) {
    const page = openPage(socket, hub.memory, kind);
    stop.push(() => page.watch.stop());
    page.before = async () => {
      page.before = async () => {};
      hub.live.publisher.publish({
        ...nothingElse,
        changed: [hub.memory.change(1, { status: 'missing' })],
        seen: [hub.memory.seen(2, Date.now())],
      });
      await sleep(120);
    };
    await until(
      `${kind}: current and equal`,
      () => page.watch.state.phase === 'current' && equals(page, hub.memory),
    );
    page.watch.stop();
  }
});

test('a page that is cut off while changes flow ends equal to one that is not', async ({
  hub,
  socket,
  stop,
}) => {
  const cut = openPage(socket, hub.memory, 'customer');
  const whole = openPage((await view(hub.url)).socket, hub.memory, 'customer');
  stop.push(
    () => cut.watch.stop(),
    () => whole.watch.stop(),
  );
  await until('both', () => [cut, whole].every((page) => page.watch.state.phase === 'current'));
  for (let round = 0; round < 30; round += 1) {
    if (round === 5) socket.disconnect();
    if (round === 25) socket.connect();
    const id = (round % 5) + 1;
    const status = round % 2 === 0 ? 'degraded' : 'ready';
    hub.live.publisher.publish({
      ...nothingElse,
      changed: [hub.memory.change(id, { status })],
      seen: [hub.memory.seen(id, Date.now() + round)],
    });
    await sleep(10);
    if (round === 10)
      assert.equal(cut.watch.state.phase, 'behind', 'and says meanwhile that it is behind');
  }
  await until('the one that stayed', () => equals(whole, hub.memory));
  await until(
    'the one that was cut off',
    () => equals(cut, hub.memory) && cut.watch.state.phase === 'current',
  );
});

test('a message that is lost before another is noticed by its number', async ({
  hub,
  socket,
  stop,
}) => {
  const page = openPage(socket, hub.memory, 'customer', { digestEvery: 3_600_000 });
  stop.push(() => page.watch.stop());
  await until('current', () => page.watch.state.phase === 'current');
  loseNext(socket, 'instances:changed');
  hub.live.publisher.publish({
    ...nothingElse,
    changed: [hub.memory.change(1, { status: 'missing' })],
  });
  await sleep(120);
  hub.live.publisher.publish({
    ...nothingElse,
    changed: [hub.memory.change(2, { status: 'missing' })],
  });
  await until('equal', () => equals(page, hub.memory));
  assert.equal(page.fetches, 2);
});

test('a message that is lost and followed by none is noticed at the next beat', async ({
  hub,
  socket,
  stop,
}) => {
  const page = openPage(socket, hub.memory, 'customer', { digestEvery: 3_600_000 });
  stop.push(() => page.watch.stop());
  await until('current', () => page.watch.state.phase === 'current');
  loseNext(socket, 'instances:changed');
  hub.live.publisher.publish({
    ...nothingElse,
    changed: [hub.memory.change(1, { status: 'missing' })],
  });
  await until('equal', () => equals(page, hub.memory));
});

test('a change that was committed but never published is noticed by the digest', async ({
  hub,
  socket,
  stop,
}) => {
  for (const kind of ['list', 'customer'] as const) {
    const page = openPage(socket, hub.memory, kind, { digestEvery: 100, digestDoubt: 50 });
    stop.push(() => page.watch.stop());
    await until('current', () => page.watch.state.phase === 'current');
    hub.memory.change(1, { status: 'missing' });
    await until('equal', () => equals(page, hub.memory));
    hub.memory.seen(3, Date.now());
    await until('equal again', () => equals(page, hub.memory));
    page.watch.stop();
  }
});

test('a page that is current is not read again for nothing', async ({ hub, socket, stop }) => {
  const page = openPage(socket, hub.memory, 'customer', { digestEvery: 50, digestDoubt: 300 });
  stop.push(() => page.watch.stop());
  for (let round = 0; round < 80; round += 1) {
    hub.live.publisher.publish({ ...nothingElse, changed: [hub.memory.change(1, {})] });
    await sleep(10);
  }
  await until('equal', () => equals(page, hub.memory));
  assert.equal(page.fetches, 1);
});

test('a reading that fails is tried again', async ({ hub, socket, stop }) => {
  const page = openPage(socket, hub.memory, 'list');
  stop.push(() => page.watch.stop());
  let failures = 0;
  page.before = async () => {
    failures += 1;
    if (failures < 3) throw new Error('away');
  };
  await until('current', () => page.watch.state.phase === 'current');
  assert.equal(page.fetches, 3);
});

test('readings never overlap, however often they are asked for', async ({ hub, socket, stop }) => {
  const page = openPage(socket, hub.memory, 'list');
  stop.push(() => page.watch.stop());
  let running = 0;
  page.before = async () => {
    running += 1;
    assert.equal(running, 1);
    await sleep(20);
    running -= 1;
  };
  for (let round = 0; round < 20; round += 1) {
    page.watch.refresh();
    hub.live.publisher.stale();
    await sleep(10);
  }
  await until('current', () => page.watch.state.phase === 'current');
  assert.ok(page.fetches < 15, `${page.fetches} readings`);
});

test('a list names its new rows when it is asked to', async ({ hub, socket, stop }) => {
  const page = openPage(socket, hub.memory, 'list');
  stop.push(() => page.watch.stop());
  await until('current', () => page.watch.state.phase === 'current');
  const added = hub.memory.add(6);
  page.rows = new Map([
    ...page.rows,
    [6, { ...added, closedDays: [], asOf: new Date().toISOString() }],
  ]);
  hub.memory.change(6, { status: 'missing' });
  page.watch.shownChanged();
  await until('the new row', () => page.rows.get(6)?.status === 'missing');
  assert.equal(page.fetches, 1);
});

test('a server that restarts finds its viewers again, equal', async () => {
  const memory = new MemoryReports();
  memory.add(1);
  const first = await startHub({ memory });
  const { socket } = await view(first.url);
  socket.io.reconnection(true);
  socket.io.reconnectionDelay(20);
  socket.io.reconnectionDelayMax(50);
  const page = openPage(socket, memory, 'customer');
  await until('current', () => page.watch.state.phase === 'current');
  await first.stop();
  await until('behind', () => page.watch.state.phase === 'behind');
  memory.change(1, { status: 'unavailable' });
  const second = await startHub({ memory, port: Number(new URL(first.url).port) });
  await until(
    'current and equal',
    () => page.watch.state.phase === 'current' && equals(page, memory),
  );
  page.watch.stop();
  socket.disconnect();
  await second.stop();
});

test('a page without a connection is read all the same, and is not called current', async ({
  hub,
  socket,
  stop,
}) => {
  socket.disconnect();
  const page = openPage(socket, hub.memory, 'customer', { connectGrace: 20 });
  stop.push(() => page.watch.stop());
  await until('rows', () => page.rows.size === 5);
  assert.equal(page.watch.state.phase, 'behind');
  socket.connect();
  await until('current', () => page.watch.state.phase === 'current');
});

test('a page that lacks a part is read again, lives on meanwhile, and is behind while the part shown is old', async ({
  hub,
  socket,
  stop,
}) => {
  const page = openPage(socket, hub.memory, 'customer');
  stop.push(() => page.watch.stop());
  page.lack = 'unread';
  await until('it is read again and again', () => page.fetches > 2);
  assert.ok(!page.states.includes('behind'), page.states.join());
  hub.live.publisher.publish({
    ...nothingElse,
    changed: [hub.memory.change(1, { status: 'missing' })],
  });
  await until('it hears', () => page.rows.get(1)?.status === 'missing');
  page.lack = 'old';
  await until('what is old is not called current', () => page.watch.state.phase === 'behind');
  page.lack = undefined;
  await until('current', () => page.watch.state.phase === 'current');
  const { fetches } = page;
  await sleep(200);
  assert.equal(page.fetches, fetches, 'what is whole is left alone');
});

/** Loses one message on its way into the client, as a faulty proxy would. */
function loseNext(socket: Viewer, event: string): void {
  const engine = socket.io.engine as unknown as { emitReserved: (...args: unknown[]) => unknown };
  const emit = engine.emitReserved.bind(engine);
  engine.emitReserved = (...args) => {
    if (args[0] !== 'data' || !String(args[1]).includes(`"${event}"`)) return emit(...args);
    engine.emitReserved = emit;
    return engine;
  };
}

test.run();
