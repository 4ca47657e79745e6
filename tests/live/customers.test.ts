import { strict as assert } from 'node:assert';
import { suite } from 'uvu';
import { type CustomersQuery, customersQuery } from '#contract/customers.ts';
import type { Digest, Refusable, Scope, ServerToClient } from '#contract/socket.ts';
import {
  type Heard,
  type Hub,
  type Viewer,
  list,
  nothingElse,
  sleep,
  startHub,
  until,
  view,
  watch,
} from './hub.ts';

const test = suite<{ hub: Hub }>('lists of customers and the catalog');
test.before.each(async (context) => {
  context.hub = await startHub({ beatEvery: 150 });
  context.hub.memory.add(1);
  context.hub.memory.add(2, 'roamway');
});
test.after.each(({ hub }) => hub.stop());

const customers = (
  shown: [string, number][] = [],
  query: Partial<CustomersQuery> = {},
): Extract<Scope, { kind: 'customers' }> => ({
  kind: 'customers',
  query: customersQuery.parse(query),
  shown,
});
const count = (heard: Heard[], event: keyof ServerToClient) =>
  heard.filter((one) => one.event === event).length;
type Told = Parameters<ServerToClient['customers:changed']>[0];
const told = (heard: Heard[]) =>
  heard.flatMap(({ event, message }) =>
    event === 'customers:changed' ? (message as unknown as Told).customers : [],
  );
const revisionOf = (hub: Hub, id: string) => hub.memory.customer(id)!.revision;
const digest = async (socket: Viewer, room: string) =>
  (await socket.timeout(2_000).emitWithAck('digest', room)) as Refusable<Digest>;

/** Watches rows as they are now. */
const show = (hub: Hub, socket: Viewer, ids: string[], query: Partial<CustomersQuery> = {}) =>
  watch(
    socket,
    customers(
      ids.map((id) => [id, revisionOf(hub, id)]),
      query,
    ),
  );

test('two lists are told of the customer both show, whose rows are read once for both', async ({
  hub,
}) => {
  const viewers = [await view(hub.url), await view(hub.url)];
  for (const { socket } of viewers) await show(hub, socket, ['geeglo']);
  hub.live.publisher.publish({
    ...nothingElse,
    changed: [
      hub.memory.change(1, { attention: 'unavailable' }),
      hub.memory.change(2, { attention: 'missing' }),
    ],
  });
  for (const { heard } of viewers) {
    await until('the row', () => told(heard).length > 0);
    assert.deepEqual(
      told(heard).map(({ id, worst }) => [id, worst]),
      [['geeglo', 'unavailable']],
    );
  }
  assert.deepEqual(hub.memory.askedCustomers, [['geeglo']]);
});

test('a flood becomes one message a second, with the newest state', async ({ hub }) => {
  const { socket, heard } = await view(hub.url);
  await show(hub, socket, ['geeglo']);
  const startedAt = performance.now();
  let at = 0;
  for (let round = 0; round < 40; round += 1) {
    at = Date.parse('2026-11-24T08:00:00Z') + round * 1_000;
    hub.live.publisher.publish({ ...nothingElse, seen: [hub.memory.seen(1, at)] });
    await sleep(30);
  }
  const last = new Date(at).toISOString();
  await until('the last check-in', () => told(heard).at(-1)?.lastCheckInAt === last);
  const most = Math.ceil((performance.now() - startedAt) / 1_000) + 1;
  assert.ok(count(heard, 'customers:changed') <= most);
  assert.equal(count(heard, 'fleet:moved'), 0, 'by name no check-in moves anything');
});

test('order and membership may move by what the query goes by, and by nothing else', async ({
  hub,
}) => {
  const cases: [Partial<CustomersQuery>, 'changed' | 'seen', moves: boolean][] = [
    [{}, 'changed', false],
    [{ sort: 'expires' }, 'changed', false],
    [{ problems: true }, 'changed', true],
    [{ sort: 'worst' }, 'changed', true],
    [{ sort: 'uptime' }, 'changed', true],
    [{ sort: 'worst' }, 'seen', false],
    [{ sort: 'lastCheckIn' }, 'seen', true],
  ];
  const viewers: { query: object; kind: string; moves: boolean; heard: Heard[] }[] = [];
  for (const [query, kind, moves] of cases) {
    const { socket, heard } = await view(hub.url);
    await show(hub, socket, [], query);
    viewers.push({ query, kind, moves, heard });
  }
  const hears = (wanted: 'changed' | 'seen') => viewers.filter(({ kind }) => kind === wanted);
  hub.live.publisher.publish({ ...nothingElse, seen: [hub.memory.seen(1, Date.now())] });
  await until('a move', () =>
    hears('seen').every(({ moves, heard }) => !moves || count(heard, 'fleet:moved') > 0),
  );
  for (const { moves, heard, query } of hears('seen'))
    assert.equal(count(heard, 'fleet:moved') > 0, moves, JSON.stringify(query));
  hub.live.publisher.publish({ ...nothingElse, changed: [hub.memory.change(1, {})] });
  await until('a move', () =>
    hears('changed').every(({ moves, heard }) => !moves || count(heard, 'fleet:moved') > 0),
  );
  for (const { moves, heard, query } of hears('changed'))
    assert.equal(count(heard, 'fleet:moved') > 0, moves, JSON.stringify(query));
});

test('an edit reaches every page that shows the customer, and no other', async ({ hub }) => {
  const scopes: [Scope, expected: (keyof ServerToClient)[]][] = [
    [{ kind: 'customer', customerId: 'geeglo' }, ['scope:stale']],
    [{ kind: 'customer', customerId: 'roamway' }, []],
    [{ kind: 'instance', customerId: 'geeglo', instanceId: 'instance-1' }, ['scope:stale']],
    [{ kind: 'instance', customerId: 'geeglo', instanceId: 'unknown yet' }, ['scope:stale']],
    [{ kind: 'instance', customerId: 'roamway', instanceId: 'instance-2' }, []],
    [list([[1, 1]]), ['fleet:moved']],
    [list([], { customer: ['geeglo'] }), ['fleet:moved']],
    [list([], { customer: ['roamway'] }), []],
    [customers([['geeglo', revisionOf(hub, 'geeglo')]]), ['customers:changed', 'fleet:moved']],
    [customers([['roamway', revisionOf(hub, 'roamway')]]), ['fleet:moved']],
    [{ kind: 'catalog' }, []],
  ];
  const viewers: { heard: Heard[]; expected: (keyof ServerToClient)[] }[] = [];
  for (const [scope, expected] of scopes) {
    const { socket, heard } = await view(hub.url);
    await watch(socket, scope);
    viewers.push({ heard, expected });
  }
  hub.live.publisher.edited(hub.memory.edit('geeglo'));
  const events = (heard: Heard[]) =>
    [...new Set(heard.map(({ event }) => event))].filter((event) => event !== 'beat').toSorted();
  await until('all are told', () =>
    viewers.every(({ heard, expected }) => expected.every((event) => count(heard, event) > 0)),
  );
  await sleep(300);
  for (const { heard, expected } of viewers) assert.deepEqual(events(heard), expected);
});

test('pages of the catalog are told that it is another, once a second at most', async ({ hub }) => {
  const { socket, heard } = await view(hub.url);
  await watch(socket, { kind: 'catalog' });
  for (let n = 0; n < 10; n += 1) {
    hub.live.publisher.stale();
    await sleep(20);
  }
  await until('stale', () => count(heard, 'scope:stale') > 0);
  assert.equal(count(heard, 'scope:stale'), 1);
});

test('a digest of the catalog is its version, which the watch has told before', async ({ hub }) => {
  hub.memory.catalogVersion = 7;
  const { socket } = await view(hub.url);
  const watching = await watch(socket, { kind: 'catalog' });
  assert.equal(watching.digest?.revisions, 7);
  hub.memory.catalogVersion = 8;
  const now = await digest(socket, watching.room);
  assert.deepEqual(now, { count: 1, revisions: 8, newestCheckInAt: null });
});

test('a digest of customers notices a lost change of a row, of a check-in and of an edit', async ({
  hub,
}) => {
  const { socket } = await view(hub.url);
  const { room } = await show(hub, socket, ['geeglo', 'roamway']);
  let before = (await digest(socket, room)) as Digest;
  const differs = async (what: string) => {
    const after = (await digest(socket, room)) as Digest;
    assert.notDeepEqual(after, before, what);
    before = after;
  };
  hub.memory.change(1, {});
  await differs('a change');
  hub.memory.seen(2, Date.now());
  await differs('a check-in');
  hub.memory.edit('roamway');
  await differs('an edit');
  hub.memory.catalogVersion += 1;
  await differs('the catalog');
});

test('who watches after the fetch is told of what changed in between, and of nothing else', async ({
  hub,
}) => {
  const { socket, heard } = await view(hub.url);
  const shown: [string, number][] = [
    ['geeglo', revisionOf(hub, 'geeglo')],
    ['roamway', revisionOf(hub, 'roamway')],
  ];
  hub.memory.change(1, { attention: 'late' });
  await watch(socket, customers(shown));
  await until('the row', () => told(heard).length > 0);
  assert.deepEqual(
    told(heard).map(({ id }) => id),
    ['geeglo'],
  );
});

test('a plain check-in between fetch and watch is told too', async ({ hub }) => {
  const other = await view(hub.url);
  await show(hub, other.socket, []);
  const shown: [string, number][] = [['geeglo', revisionOf(hub, 'geeglo')]];
  hub.live.publisher.publish({ ...nothingElse, seen: [hub.memory.seen(1, Date.now())] });
  const { socket, heard } = await view(hub.url);
  await watch(socket, customers(shown));
  await until('the row', () => told(heard).length > 0);
});

test('while customers cannot be read beats say so, and the rows come later', async ({ hub }) => {
  const { socket, heard } = await view(hub.url);
  await show(hub, socket, ['geeglo']);
  hub.memory.failing = true;
  hub.live.publisher.publish({ ...nothingElse, changed: [hub.memory.change(1, {})] });
  const bad = () =>
    heard.some(
      ({ event, message }) => event === 'beat' && !(message as unknown as { ok: boolean }).ok,
    );
  await until('a bad beat', bad, 8_000);
  hub.memory.failing = false;
  await until('the row', () => told(heard).length > 0, 6_000);
});

test.run();
