import type { InstanceSummary, Instant } from '#contract/instance.ts';
import { fleetQuery } from '#contract/reports.ts';
import type { Scope } from '#contract/socket.ts';
import { type Rows, mergeChanged, mergeSeen, removeLeft, rowsOf } from '#lib/live/merge.ts';
import {
  type Lack,
  type News,
  type Watch,
  type WatchState,
  defaultTiming,
} from '#lib/live/watch-options.ts';
import { watchScope } from '#lib/live/watcher.ts';
import { connect } from '#lib/live/connection.ts';
import { createWire } from '#lib/live/wire.ts';
import { freePort } from '../support/port.ts';
import { strict as assert } from 'node:assert';
import { suite } from 'uvu';
import { type Hub, type Viewer, nothingElse, sleep, startHub, until, view } from './hub.ts';
import { MemoryReports } from './memory-reports.ts';

/** A page of one customer's instances, as the dashboard builds it, over a real connection. */
interface Page {
  rows: Rows;
  fetches: number;
  states: WatchState['phase'][];
  watch: Watch;
  /** What the next reading does first. */
  before: () => Promise<void>;
  /** What the next snapshots lack. */
  lack: Lack | undefined;
}

const timing = { ...defaultTiming, spacing: 50, firstRetry: 30, shownSettle: 10 };

function open(
  socket: Viewer,
  memory: MemoryReports,
  kind: 'list' | 'customer',
  patch: Partial<typeof timing> = {},
): Page {
  const page: Page = {
    rows: new Map(),
    fetches: 0,
    states: [],
    before: async () => {},
  } as unknown as Page;
  page.watch = watchScope<{ asOf: Instant; rows: InstanceSummary[] }>(
    createWire(socket),
    {
      scope: (): Scope => {
        if (kind === 'customer') return { kind: 'customer', customerId: 'geeglo' };
        const shown = [...page.rows.values()].map(({ id, revision }): [number, number] => [
          id,
          revision,
        ]);
        return { kind: 'list', query: fleetQuery.parse({}), shown };
      },
      async fetch() {
        page.fetches += 1;
        const rows = [...memory.instances.values()].filter(({ archived }) => !archived);
        const asOf = new Date().toISOString();
        await page.before();
        return { asOf, rows };
      },
      apply({ asOf, rows }) {
        page.rows = rowsOf({ asOf, rows: rows.map((row) => ({ ...row, closedDays: [] })) });
        return page.lack;
      },
      hear: (news) => void (page.rows = merge(page.rows, news, kind === 'customer')),
      known: () => page.rows.values(),
      onState: ({ phase }) => page.states.push(phase),
    },
    { ...timing, ...patch },
  );
  return page;
}

function merge(rows: Rows, { event, message }: News, inserting: boolean): Rows {
  if (event === 'instances:changed') return mergeChanged(rows, message, inserting);
  if (event === 'instances:seen') return mergeSeen(rows, message.seen);
  if (event === 'instances:left') return removeLeft(rows, message.ids);
  return rows;
}

const state = (rows: Iterable<InstanceSummary>) =>
  [...rows]
    .map(({ id, revision, lastCheckInAt, status }) => ({ id, revision, lastCheckInAt, status }))
    .sort((a, b) => a.id - b.id);
const equals = (page: Page, memory: MemoryReports) =>
  JSON.stringify(state(page.rows.values())) === JSON.stringify(state(memory.instances.values()));

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
    const page = open(socket, hub.memory, kind);
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
  const cut = open(socket, hub.memory, 'customer');
  const whole = open((await view(hub.url)).socket, hub.memory, 'customer');
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
  const page = open(socket, hub.memory, 'customer', { digestEvery: 3_600_000 });
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
  const page = open(socket, hub.memory, 'customer', { digestEvery: 3_600_000 });
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
    const page = open(socket, hub.memory, kind, { digestEvery: 100, digestDoubt: 50 });
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
  const page = open(socket, hub.memory, 'customer', { digestEvery: 50, digestDoubt: 300 });
  stop.push(() => page.watch.stop());
  for (let round = 0; round < 80; round += 1) {
    hub.live.publisher.publish({ ...nothingElse, changed: [hub.memory.change(1, {})] });
    await sleep(10);
  }
  await until('equal', () => equals(page, hub.memory));
  assert.equal(page.fetches, 1);
});

test('a reading that fails is tried again', async ({ hub, socket, stop }) => {
  const page = open(socket, hub.memory, 'list');
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
  const page = open(socket, hub.memory, 'list');
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
  const page = open(socket, hub.memory, 'list');
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
  const page = open(socket, memory, 'customer');
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
  const page = open(socket, hub.memory, 'customer', { connectGrace: 20 });
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
  const page = open(socket, hub.memory, 'customer');
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

test('a page that ends leaves its room, unless the next page is already there', async ({
  hub,
  socket,
  stop,
}) => {
  const first = open(socket, hub.memory, 'customer');
  await until('current', () => first.watch.state.phase === 'current');
  first.watch.stop();
  await until('the room is empty', () => hub.live.stats().rooms === 0);
  const wire = createWire(socket);
  const scope = { kind: 'customer', customerId: 'geeglo' } as const;
  const [one, two] = [{}, {}];
  await wire.watch(scope, one);
  await wire.watch(scope, two);
  wire.unwatch('customer:geeglo', one);
  await sleep(50);
  assert.equal(hub.live.stats().rooms, 1);
  stop.push(() => wire.unwatch('customer:geeglo', two));
});

test('a page that ends before the next page of the same room is let in does not take the room with it', async ({
  hub,
  socket,
  stop,
}) => {
  const { reports } = hub.memory;
  const { catalogDigest } = reports;
  // So long the server takes to answer: it lets the second in while the first already goes.
  reports.catalogDigest = () => sleep(60).then(catalogDigest);
  const wire = createWire(socket);
  const [one, two] = [{}, {}];
  const first = wire.watch({ kind: 'catalog' }, one);
  await sleep(30);
  const second = wire.watch({ kind: 'catalog' }, two);
  await first;
  wire.unwatch('catalog', one);
  await second;
  let heard = 0;
  stop.push(wire.on('scope:stale', () => (heard += 1)));
  hub.live.publisher.stale();
  await until('the second page hears its room', () => heard === 1);

  const third = wire.watch({ kind: 'catalog' }, one);
  wire.unwatch('catalog', two);
  await third;
  assert.equal(hub.live.stats().rooms, 1);
  wire.unwatch('catalog', one);
  await until('whoever ends last leaves the room', () => hub.live.stats().rooms === 0);
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
