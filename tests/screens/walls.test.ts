import { sql } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readWallInstance } from '#contract/wall.ts';
import { type Hall, shareHall } from './hall.ts';
import { cookieFor, makeScreen, readWall } from './wall.ts';

const test = suite<Hall>('the walls of screens');
shareHall(test);

test('the cookie opens the wall of its screen and nothing else', async ({ ask, vendor }) => {
  const one = await makeScreen(ask, vendor);
  const other = await makeScreen(ask, vendor);
  const cookie = await cookieFor(ask, one.token);
  assert.is((await readWall(ask, one.screen.id, cookie)).screen?.id, one.screen.id);
  for (const path of [
    `/api/wall?screen=${other.screen.id}`,
    '/api/wall',
    '/api/wall?screen=../x',
    '/api/fleet',
    '/api/fleet/wall',
    '/api/screens',
    '/api/customers/geeglo',
  ])
    assert.is((await ask(path, { headers: { cookie } })).status, 401, path);
  const as = { authorization: `Bearer ${one.token}` };
  assert.is((await ask('/api/fleet', { headers: as })).status, 401);
});

test('the snapshot tells everything in scope, worst first, with names', async ({ ask, vendor }) => {
  const { screen, token } = await makeScreen(ask, vendor, { options: { rotate: 30 } });
  const wall = await readWall(ask, screen.id, await cookieFor(ask, token));
  const instances = wall.instances.map(readWallInstance);
  assert.equal(
    instances.map(({ label, status, attention, presence }) => [label, status, attention, presence]),
    [
      ['geeglo-', 'degraded', 'degraded', 'current'],
      ['roamway', 'ready', 'ready', 'current'],
      ['geeglo-', 'ready', 'ready', 'current'],
    ],
  );
  assert.equal(wall.counts, {
    total: 3,
    airGap: 0,
    archived: 0,
    byAttention: {
      unavailable: 0,
      missing: 0,
      degraded: 1,
      refused: 0,
      late: 0,
      updating: 0,
      unreported: 0,
      inactive: 0,
      ready: 2,
    },
    // The app of the third has no status informers.
    monitored: 2,
    ready: 1,
  });
  assert.is(instances[1]!.monitored, false);
  const names = new Map(wall.customers);
  assert.equal([...names.values()].sort(), ['Geeglo', 'Roamway']);
  assert.is(names.get(instances[1]!.customer), 'Roamway');
  assert.is(wall.axis.edges.length, 15);
  assert.is(instances[0]!.closedDays?.length, 13);
  assert.ok(instances[0]!.lateAt! > Date.now());
  assert.equal(
    wall.transitions.map(({ label, from, to }) => [label, from, to]),
    [
      ['roamway', null, 'unmonitored'],
      ['geeglo-', null, 'degraded'],
      ['geeglo-', null, 'ready'],
    ],
  );
  assert.is(wall.screen?.options.rotate, 30);
  assert.is(wall.screen?.options.mode, 'instances');
});

test('a scope narrows the wall by app, channel, customer, tag and license type', async ({
  ask,
  vendor,
}) => {
  const shown = async (scope: object) => {
    const { screen, token } = await makeScreen(ask, vendor, { scope });
    return (await readWall(ask, screen.id, await cookieFor(ask, token))).counts.total;
  };
  assert.is(await shown({ apps: ['acme'] }), 2);
  assert.is(await shown({ customers: ['roamway', 'geeglo'] }), 3);
  assert.is(await shown({ customers: ['roamway'], apps: ['acme'] }), 0);
  assert.is(await shown({ channels: ['acme-stable'] }), 2);
  assert.is(await shown({ licenseTypes: ['community'] }), 0);
  assert.is(await shown({ tags: ['env=prod'] }), 0);
});

for (const redaction of ['initials', 'none'] as const) {
  test(`with names by ${redaction} no byte of the answer tells who a customer is`, async ({
    ask,
    vendor,
  }) => {
    const { screen, token } = await makeScreen(ask, vendor, { name: 'Street', redaction });
    const cookie = await cookieFor(ask, token);
    const bytes = await (
      await ask(`/api/wall?screen=${screen.id}`, { headers: { cookie } })
    ).text();
    assert.not.match(bytes, /geeglo|roamway|acme/i);
    const wall = await readWall(ask, screen.id, cookie);
    const names = wall.customers.map(([, name]) => name).sort();
    assert.equal(names, redaction === 'none' ? [null, null] : ['G', 'R']);
    assert.equal(
      wall.customers.map(([number]) => Number.isInteger(number)),
      [true, true],
    );
    assert.match(wall.instances[0]![2], /^#\d+$/);
  });
}

test('a customer’s number is the same on every wall, and outlasts an import', async ({
  ask,
  vendor,
  house,
}) => {
  const numberOf = async (scope: object) => {
    const made = await makeScreen(ask, vendor, { redaction: 'none', scope });
    const wall = await readWall(ask, made.screen.id, await cookieFor(ask, made.token));
    return wall.customers[0]![0];
  };
  const before = await numberOf({ customers: ['roamway'] });
  await house.fresh.db.execute(
    sql`insert into customers (id, app_slug, channel_id, name) select id, app_slug, channel_id, name from customers
      on conflict (id) do update set name = excluded.name`,
  );
  assert.is(
    await numberOf({ apps: ['globex'], customers: ['roamway'] }).catch(() => before),
    before,
  );
  assert.is(await numberOf({ customers: ['roamway'] }), before);
});

test.run();
