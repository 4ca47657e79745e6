import { strict as assert } from 'node:assert';
import { suite } from 'uvu';
import { screenScope } from '#contract/screens.ts';
import type { Beat, Scope } from '#contract/socket.ts';
import type { WallTuple } from '#contract/wall.ts';
import { type Heard, type Hub, nothingElse, startHub, until, view, watch } from './hub.ts';

const test = suite<{ hub: Hub }>('walls');
test.before.each(async (context) => {
  context.hub = await startHub({ beatEvery: 200 });
  for (let id = 1; id <= 3; id += 1) context.hub.memory.add(id, id === 3 ? 'roamway' : 'geeglo');
});
test.after.each(({ hub }) => hub.stop());

const wall = (scope: object = {}): Scope => ({ kind: 'wall', scope: screenScope.parse(scope) });

async function viewWall(hub: Hub, scope: object = {}) {
  const { socket, heard } = await view(hub.url);
  const watching = await watch(socket, wall(scope));
  return { socket, heard, watching };
}
const of = (heard: Heard[], event: Heard['event']) =>
  heard.filter((one) => one.event === event).map(({ message }) => message);
const idsIn = (heard: Heard[]) =>
  of(heard, 'screen:changed').flatMap((message) =>
    (message as unknown as { instances: WallTuple[] }).instances.map(([id]) => id),
  );

test('viewers of the same wall share one room, and what they are told is read once', async ({
  hub,
}) => {
  const viewers = await Promise.all([1, 2, 3].map(() => viewWall(hub)));
  assert.equal(new Set(viewers.map(({ watching }) => watching.room)).size, 1);
  const other = await viewWall(hub, { customers: ['roamway'] });
  assert.notEqual(other.watching.room, viewers[0]!.watching.room);
  assert.equal(hub.live.stats().roomsByKind.screen, 2);
  const before = hub.live.stats();
  hub.live.publisher.publish({ ...nothingElse, changed: [hub.memory.change(1, {})] });
  await until('all are told', () => viewers.every(({ heard }) => idsIn(heard).includes(1)));
  const after = hub.live.stats();
  assert.equal(after.messages - before.messages, 1);
  assert.equal(after.summaries - before.summaries, 1);
  assert.deepEqual(idsIn(other.heard), []);
});

test('numbers are consecutive, and beats repeat the last', async ({ hub }) => {
  const { heard, watching } = await viewWall(hub);
  for (let round = 0; round < 4; round += 1) {
    hub.live.publisher.publish({ ...nothingElse, changed: [hub.memory.change(1, {})] });
    await until('it is told', () => idsIn(heard).length === round + 1);
  }
  const seqs = of(heard, 'screen:changed').map(({ seq }) => seq);
  assert.deepEqual(
    seqs,
    [1, 2, 3, 4].map((n) => watching.seq + n),
  );
  await until('a beat says so', () => {
    const beat = of(heard, 'beat').at(-1) as unknown as { rooms: Record<string, number> };
    return beat.rooms[watching.room] === watching.seq + 4;
  });
});

test('what comes into scope or leaves it is told, and plain check-ins of members alone', async ({
  hub,
}) => {
  const { heard } = await viewWall(hub, { customers: ['geeglo'], tags: ['env=prod'] });
  hub.live.publisher.publish({
    ...nothingElse,
    changed: [hub.memory.change(2, { tags: { env: 'prod' } })],
  });
  await until('it came', () => idsIn(heard).includes(2));
  hub.live.publisher.publish({
    ...nothingElse,
    seen: [hub.memory.seen(1, Date.now()), hub.memory.seen(2, Date.now())],
  });
  await until('it was seen', () => of(heard, 'screen:seen').length > 0);
  const [seen] = of(heard, 'screen:seen') as unknown as { seen: [number, number][] }[];
  assert.deepEqual(
    seen!.seen.map(([id]) => id),
    [2],
  );
  hub.live.publisher.publish({
    ...nothingElse,
    left: [hub.memory.change(2, { archived: true })],
  });
  await until('it left', () => of(heard, 'screen:left').length > 0);
  assert.deepEqual((of(heard, 'screen:left')[0] as unknown as { ids: number[] }).ids, [2]);
});

test('a check-in that comes while a new instance is being read is told after it', async ({
  hub,
}) => {
  const { heard } = await viewWall(hub);
  const read = hub.memory.wall.items;
  let goOn = () => {};
  const held = new Promise<void>((resolve) => (goOn = resolve));
  let reading = false;
  hub.memory.wall.items = async (ids) => {
    const answer = await read(ids);
    reading = true;
    await held;
    return answer;
  };
  hub.memory.add(4);
  hub.live.publisher.publish({ ...nothingElse, changed: [hub.memory.change(4, {})] });
  await until('it is being read', () => reading);
  hub.live.publisher.publish({ ...nothingElse, seen: [hub.memory.seen(4, Date.now())] });
  goOn();
  await until('it came', () => idsIn(heard).includes(4));
  await until('it was seen', () => of(heard, 'screen:seen').length === 1);
});

test('an edit of a customer in scope makes the wall fetch again, of another one not', async ({
  hub,
}) => {
  const all = await viewWall(hub);
  const other = await viewWall(hub, { customers: ['roamway'] });
  hub.live.publisher.edited(hub.memory.edit('geeglo'));
  await until('it is stale', () => of(all.heard, 'scope:stale').length === 1);
  assert.equal(of(other.heard, 'scope:stale').length, 0);
});

test('while changes cannot be read nothing is lost, and beats say so', async ({ hub }) => {
  const { heard } = await viewWall(hub);
  hub.memory.failing = true;
  hub.live.publisher.publish({ ...nothingElse, changed: [hub.memory.change(1, {})] });
  await until('it fetches again', () => of(heard, 'scope:stale').length > 0, 8_000);
  await until(
    'a bad beat',
    () => (of(heard, 'beat').at(-1) as unknown as { ok: boolean }).ok === false,
    8_000,
  );
  hub.memory.failing = false;
  await until('it is told at last', () => idsIn(heard).includes(1), 6_000);
  await until(
    'a good beat',
    () => (of(heard, 'beat').at(-1) as unknown as { ok: boolean }).ok === true,
  );
});

test('while changes wait for a database that does not answer, no beat is ok, though others are answered', async ({
  hub,
}) => {
  const { heard } = await viewWall(hub);
  const { items } = hub.memory.wall;
  let answer = () => {};
  hub.memory.wall.items = async (ids) => {
    await new Promise<void>((done) => (answer = done));
    return items(ids);
  };
  hub.live.publisher.publish({ ...nothingElse, changed: [hub.memory.change(1, {})] });
  const last = () => of(heard, 'beat').at(-1) as unknown as Beat;
  try {
    await until('a beat is not ok', () => last().ok === false, 6_000);
    assert.match(JSON.stringify(last()), /Changes cannot be read/);
  } finally {
    hub.memory.wall.items = items;
    answer();
  }
  await until('it is told', () => idsIn(heard).includes(1));
  await until('beats are ok', () => last().ok);
});

test.run();
