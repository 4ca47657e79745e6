import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openApp } from '../support/app.ts';
import { licenseIds } from '../support/fleet.ts';
import { ownerOf } from '../support/session.ts';
import { type ActorName, actors, headersOf } from './actors.ts';
import { accounts } from './matrix/accounts.ts';
import { catalog } from './matrix/catalog.ts';
import type { Cell, Entry } from './matrix/cells.ts';
import { customers } from './matrix/customers.ts';
import { fleet } from './matrix/fleet.ts';
import { house } from './matrix/house.ts';
import { protocol } from './matrix/protocol.ts';
import { screens } from './matrix/screens.ts';

/** Every route, some of them twice: a route of the application without an entry fails the test. */
const matrix: Entry[] = [
  ...protocol,
  ...accounts,
  ...catalog,
  ...fleet,
  ...customers,
  ...screens,
  ...house,
];

const opened = await openApp();
const { app, fresh } = opened;
const { db } = fresh;
// Whatever happens below, somebody owns.
await ownerOf(db);
await app.request('/api/check-ins', {
  method: 'POST',
  headers: { authorization: `Bearer ${licenseIds.geeglo}` },
  body: JSON.stringify({ instanceId: 'known', status: 'ready', metrics: { users: 1 } }),
});

async function ask(route: string, cell: Cell, actor: ActorName): Promise<Response> {
  const [method, pattern] = route.split(' ') as [string, string];
  const path = typeof cell.path === 'function' ? await cell.path(db) : (cell.path ?? pattern);
  const basic = !pattern.startsWith('/api') && pattern !== '/metrics';
  const headers = await headersOf(db, actor, { basic });
  return app.request(path, {
    method: method === 'ALL' ? 'GET' : method,
    headers: { host: 'localhost', ...headers },
    body: cell.body ? JSON.stringify(cell.body(db)) : undefined,
  });
}

for (const [route, cell] of matrix) {
  test(`${route}${cell.body ? ' …' : ''} answers each as it should: ${cell.expected}`, async () => {
    const statuses: number[] = [];
    for (const actor of actors) statuses.push((await ask(route, cell, actor)).status);
    assert.is(statuses.join(' '), cell.expected, actors.join(', '));
  });
}

test('every route of the application has an entry, and every entry a route', () => {
  const has = (route: string) => matrix.some(([entry]) => entry === route);
  const guards = new Set([
    'ALL /*',
    'POST /portal/*',
    'ALL /metrics',
    'ALL /_app/immutable/*',
    'ALL /wall/assets/*',
    'ALL /wall/plain/*',
  ]);
  const routes = new Set(app.routes.map(({ method, path }) => `${method} ${path}`));
  const without = [...routes].filter((route) => !guards.has(route) && !has(route));
  assert.equal(without, [], 'Say in the matrix who may do this.');
  const gone = matrix.filter(([route]) => !routes.has(route)).map(([route]) => route);
  assert.equal(gone, []);
});

test('who is refused is told why, in one sentence', async () => {
  const refused: [string, ActorName, RegExp][] = [
    ['GET /api/people', 'nobody', /^Sign in first\.$/],
    ['GET /api/people', 'viewer', /^Only an owner or an admin may do this\.$/],
    ['GET /api/people', 'read token', /^This token only reads\.$/],
    ['GET /api/account/sessions', 'write token', /^A token has no account: .*\.$/],
  ];
  for (const [route, actor, words] of refused) {
    const { error } = (await (await ask(route, { expected: '' }, actor)).json()) as {
      error: { message: string; requestId: string };
    };
    assert.match(error.message, words);
    assert.match(error.requestId, /^[0-9a-f-]{36}$/);
  }
});

test.after(() => opened.close());
test.run();
