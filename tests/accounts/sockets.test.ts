import { io } from 'socket.io-client';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eq } from 'drizzle-orm';
import { sessions } from '#db/schema.ts';
import type { Role } from '#contract/accounts.ts';
import { customersQuery } from '#contract/customers.ts';
import { screenScope } from '#contract/screens.ts';
import type { ClientToServer, Refusable, Scope, ServerToClient } from '#contract/socket.ts';
import { licenseIds } from '../support/fleet.ts';
import { openSessionOf, ownerOf, visitorOf } from '../support/session.ts';
import { type House, shareHouse } from '../ingest/real-house.ts';
import { list, sleep, until, type Viewer } from '../live/hub.ts';
import { type ActorName, actors, headersOf } from './actors.ts';

const test = suite<House>('the sockets’ door');
shareHouse(test);

/** Longer than a beat and a half. */
const seconds = 9_000;

type Refused = { refused: string };
type Outcome = 'joined' | 'refused';

/** Every scope that a page of any person may watch; one without an entry does not compile. */
const scopes: Record<Exclude<Scope['kind'], 'screen' | 'screens'>, Scope> = {
  list: list(),
  customer: { kind: 'customer', customerId: 'geeglo' },
  instance: { kind: 'instance', customerId: 'geeglo', instanceId: 'seen' },
  customers: { kind: 'customers', query: customersQuery.parse({}), shown: [['geeglo', 0]] },
  catalog: { kind: 'catalog' },
  wall: { kind: 'wall', scope: screenScope.parse({}) },
};

/** Every event that a page may send; one without an entry does not compile. */
const events: Record<keyof ClientToServer, (socket: Viewer) => Promise<Refusable<unknown>>> = {
  watch: (socket) => eachScope((scope) => socket.timeout(2_000).emitWithAck('watch', scope)),
  digest: (socket) =>
    eachScope(async (scope) => {
      const watching = await socket.timeout(2_000).emitWithAck('watch', scope);
      if ('error' in watching) return watching;
      return socket.timeout(2_000).emitWithAck('digest', watching.room);
    }),
  // Has no answer: it is taken when the connection outlives it.
  unwatch: async (socket) => {
    const watching = await socket.timeout(2_000).emitWithAck('watch', list());
    if ('error' in watching) return watching;
    socket.emit('unwatch', watching.room);
    return socket.timeout(2_000).emitWithAck('watch', list());
  },
};
/** The first refusal, or else the last answer. */
async function eachScope(ask: (scope: Scope) => Promise<Refusable<unknown>>) {
  let answer: Refusable<unknown> = null;
  for (const scope of Object.values(scopes)) {
    answer = await ask(scope);
    if (typeof answer === 'object' && answer !== null && 'error' in answer) break;
  }
  return answer;
}

const may: Record<ActorName, Outcome> = {
  nobody: 'refused',
  viewer: 'joined',
  admin: 'joined',
  owner: 'joined',
  'read token': 'refused',
  'write token': 'refused',
  license: 'refused',
  "another customer's license": 'refused',
};

async function connect(
  url: string,
  headers: Record<string, string>,
  transport: 'websocket' | 'polling' = 'websocket',
): Promise<Viewer | Refused> {
  const socket: Viewer = io(url, {
    transports: [transport],
    extraHeaders: headers,
    reconnection: false,
    forceNew: true,
  });
  return new Promise((resolve) => {
    socket.on('connect', () => resolve(socket));
    socket.on('connect_error', (error) => {
      socket.disconnect();
      resolve({ refused: error.message });
    });
  });
}

function joined(outcome: Viewer | Refused): Viewer {
  if ('refused' in outcome) throw new Error(`Not let in: ${outcome.refused}`);
  return outcome;
}

for (const event of Object.keys(events) as (keyof ClientToServer)[]) {
  test(`"${event}" is answered to people who are signed in, and to nobody else`, async ({
    fresh,
    server,
  }) => {
    for (const actor of actors) {
      const headers = await headersOf(fresh.db, actor, { url: server.url });
      const outcome = await connect(server.url, headers);
      assert.is('refused' in outcome ? 'refused' : 'joined', may[actor], actor);
      if ('refused' in outcome) {
        assert.is(outcome.refused, 'Sign in first.', actor);
        continue;
      }
      const answer = await events[event](outcome);
      outcome.disconnect();
      assert.not.ok(typeof answer === 'object' && answer !== null && 'error' in answer, actor);
    }
  });
}

test('the list of screens is for who manages, and a screen’s own scope for screens alone', async ({
  fresh,
  server,
}) => {
  for (const [role, may] of [
    ['viewer', false],
    ['admin', true],
    ['owner', true],
  ] as const) {
    const { cookie, origin } = await visitorOf(fresh.db, role, { url: server.url });
    const socket = joined(await connect(server.url, { cookie, origin }));
    const list = await socket.timeout(2_000).emitWithAck('watch', { kind: 'screens' });
    assert.is('error' in list, !may, role);
    const own = await socket.timeout(2_000).emitWithAck('watch', { kind: 'screen' });
    assert.is('error' in own && own.error.code, 'forbidden', role);
    socket.disconnect();
  }
});

test('polling has the same door as a WebSocket', async ({ fresh, server }) => {
  assert.equal(await connect(server.url, {}, 'polling'), { refused: 'Sign in first.' });
  const { cookie, origin } = await visitorOf(fresh.db, 'viewer', { url: server.url });
  joined(await connect(server.url, { cookie, origin }, 'polling')).disconnect();
});

test('a cookie that is forged, expired or of a page elsewhere opens nothing', async ({
  fresh,
  server,
}) => {
  const { url } = server;
  const { cookie, origin } = await visitorOf(fresh.db, 'owner', { url });
  const forged = cookie.replace(/=(.)/, (_, first: string) => `=${first === 'a' ? 'b' : 'a'}`);
  assert.ok('refused' in (await connect(url, { cookie: forged, origin })));
  const old = await visitorOf(fresh.db, 'owner', { url, expiresIn: -1000 });
  assert.ok('refused' in (await connect(url, { cookie: old.cookie, origin })));
  assert.ok('refused' in (await connect(url, { cookie, origin: 'https://evil.example' })));
});

const changeRole =
  (before: Role, after: Role) =>
  async ({ fresh, server }: House, owner: Record<string, string>) => {
    const { id, cookie } = await visitorOf(fresh.db, before, { url: server.url });
    const body = JSON.stringify({ role: after });
    setTimeout(() => {
      void fetch(`${server.url}/api/people/${id}/role`, { method: 'PATCH', headers: owner, body });
    }, 300);
    return cookie;
  };

/** How a session ends, and the socket with it. */
const ends: [
  what: string,
  end: (house: House, owner: Record<string, string>) => Promise<string>,
][] = [
  [
    'signing out everywhere',
    async ({ fresh, server }) => {
      const { cookie, origin } = await visitorOf(fresh.db, 'viewer', { url: server.url });
      setTimeout(() => {
        const asked = { method: 'DELETE', headers: { cookie, origin } };
        void fetch(`${server.url}/api/account/sessions`, asked);
      }, 300);
      return cookie;
    },
  ],
  [
    'signing out',
    async ({ fresh, server }) => {
      const { cookie, origin } = await visitorOf(fresh.db, 'viewer', { url: server.url });
      setTimeout(() => {
        const asked = { method: 'POST', headers: { cookie, origin } };
        void fetch(`${server.url}/api/auth/sign-out`, asked);
      }, 300);
      return cookie;
    },
  ],
  [
    'the removal of the person',
    async ({ fresh, server }, owner) => {
      const { id, cookie } = await visitorOf(fresh.db, 'viewer', { url: server.url });
      setTimeout(() => {
        void fetch(`${server.url}/api/people/${id}`, { method: 'DELETE', headers: owner });
      }, 300);
      return cookie;
    },
  ],
  ['a lesser role', changeRole('admin', 'viewer')],
  ['a greater role, so that it comes again with it', changeRole('viewer', 'admin')],
  [
    'the end of its time',
    async ({ fresh, server }) => {
      const visitor = await visitorOf(fresh.db, 'viewer', { url: server.url });
      const expiresAt = new Date(Date.now() + 1_500);
      await fresh.db.update(sessions).set({ expiresAt }).where(eq(sessions.id, visitor.sessionId));
      return visitor.cookie;
    },
  ],
];

test('a socket is closed within seconds of the end of its session, and no other', async (house) => {
  const { fresh, server } = house;
  const { cookie, origin } = await ownerOf(fresh.db, { url: server.url });
  const owner = { cookie, origin };
  const bystander = await visitorOf(fresh.db, 'viewer', { url: server.url });
  const beside = await openSessionOf(fresh.db, bystander.id, { url: server.url });
  const stays = [
    joined(await connect(server.url, owner)),
    joined(await connect(server.url, { cookie: beside.cookie })),
  ];
  const closed = new Map<string, string>();
  for (const [what, end] of ends) {
    const socket = joined(await connect(server.url, { cookie: await end(house, owner) }));
    socket.on('disconnect', (reason) => void closed.set(what, reason));
  }
  await until('all are closed', () => closed.size === ends.length, seconds);
  assert.equal([...new Set(closed.values())], ['io server disconnect']);
  await sleep(200);
  for (const socket of stays) {
    assert.ok(socket.connected);
    socket.disconnect();
  }
});

test('a connection that asks too often for lists of customers is told to wait', async ({
  fresh,
  server,
}) => {
  const { cookie, origin } = await visitorOf(fresh.db, 'viewer', { url: server.url });
  const socket = joined(await connect(server.url, { cookie, origin }));
  const asked = Array.from({ length: 40 }, (_, n) =>
    socket.timeout(5_000).emitWithAck('watch', n % 2 ? scopes.customers : scopes.catalog),
  );
  const codes = (await Promise.all(asked)).flatMap((one) => ('error' in one ? one.error.code : []));
  socket.disconnect();
  assert.ok(codes.length > 0);
  assert.equal([...new Set(codes)], ['too_many']);
});

test('no message to a viewer holds a license id', async ({ fresh, server }) => {
  const { cookie, origin } = await visitorOf(fresh.db, 'viewer', { url: server.url });
  const socket = joined(await connect(server.url, { cookie, origin }));
  const heard: string[] = [];
  const names = new Set<string>();
  socket.onAny((event: keyof ServerToClient, ...rest: unknown[]) => {
    names.add(event);
    heard.push(JSON.stringify([event, ...rest]));
  });
  for (const scope of Object.values(scopes))
    heard.push(JSON.stringify(await socket.timeout(2_000).emitWithAck('watch', scope)));
  for (const status of ['ready', 'degraded', 'ready', 'unavailable']) {
    const answer = await fetch(`${server.url}/api/check-ins`, {
      method: 'POST',
      headers: { authorization: `Bearer ${licenseIds.geeglo}` },
      body: JSON.stringify({ instanceId: 'seen', status, versionLabel: '1.0.0' }),
    });
    assert.is(answer.status, 200, await answer.text());
    await sleep(300);
  }
  await until(
    'the news came',
    () =>
      names.has('instances:changed') &&
      names.has('events:recorded') &&
      names.has('customers:changed'),
  );
  await until('a beat came', () => names.has('beat'), seconds);
  socket.disconnect();
  assert.ok(heard.length > 6);
  for (const id of Object.values(licenseIds)) assert.not.match(heard.join('\n'), id);
});

test.run();
