import { createWire } from '#lib/live/wire.ts';
import { strict as assert } from 'node:assert';
import { suite } from 'uvu';
import { type Hub, type Viewer, sleep, startHub, until, view } from './hub.ts';
import { openPage } from './memory-pages.ts';

const test = suite<{ hub: Hub; socket: Viewer; stop: (() => void)[] }>('rooms that pages leave');
test.before.each(async (context) => {
  context.hub = await startHub({ beatEvery: 150 });
  context.socket = (await view(context.hub.url)).socket;
  context.stop = [];
});
test.after.each(async ({ hub, socket, stop }) => {
  for (const end of stop) end();
  socket.disconnect();
  await hub.stop();
});

test('a page that ends leaves its room, unless the next page is already there', async ({
  hub,
  socket,
  stop,
}) => {
  const first = openPage(socket, hub.memory, 'customer');
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

test.run();
