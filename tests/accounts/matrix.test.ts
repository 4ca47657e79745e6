import { randomUUID } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Db } from '#db/client.ts';
import { createToken } from '#server/accounts/tokens.ts';
import { byServer } from '#server/audit/index.ts';
import { readConfig } from '#server/config.ts';
import { screenRequest } from '#contract/screens.ts';
import { addCustomer } from '#server/customers/add-customer.ts';
import { addScreen } from '#server/screens/edit-screens.ts';
import { openApp } from '../support/app.ts';
import { licenseIds } from '../support/fleet.ts';
import { portalOf } from '../portal/visit.ts';
import { ownerOf, visitorOf } from '../support/session.ts';
import { type ActorName, actors, headersOf } from './actors.ts';

const house = await openApp();
const { app, fresh } = house;
const { db } = fresh;
// Whatever happens below, somebody owns.
await ownerOf(db);
await app.request('/api/check-ins', {
  method: 'POST',
  headers: { authorization: `Bearer ${licenseIds.geeglo}` },
  body: JSON.stringify({ instanceId: 'known', status: 'ready', metrics: { users: 1 } }),
});

const everybody = '200 200 200 200 200 200 200 200';
const reading = '401 200 200 200 200 200 401 401';
const persons = (code: number) => `401 ${code} ${code} ${code} 403 403 401 401`;
const managing = (code: number) => `401 403 ${code} ${code} 403 ${code} 401 401`;
const licenses = (own: number, other = own) => `401 401 401 401 401 401 ${own} ${other}`;
const all = (code: number) => actors.map(() => code).join(' ');

interface Cell {
  /** Where the pattern of the route is no address: one that means something. */
  path?: string | ((db: Db) => Promise<string>);
  body?: (db: Db) => object;
  /** The expected statuses, in the order of `actors`. */
  expected: string;
}
const newPerson = (role: string) => () => ({
  name: 'New',
  email: `${randomUUID()}@rollcall.example`,
  password: 'a long enough password',
  role,
});
const toPerson = (role: 'viewer' | 'owner', rest: string) => async (db: Db) =>
  `/api/people/${(await visitorOf(db, role)).id}${rest}`;
const toToken = async (db: Db) =>
  `/api/tokens/${(await createToken({ db }, byServer, { name: 'One', scope: 'read' })).id}`;
const newTerms = { type: 'paid', expiresAt: null, features: [], entitlements: {} } as const;
const toCustomer = (rest: string) => async (db: Db) => {
  const wanted = { app: 'acme', channel: 'acme-stable', name: 'One', email: null };
  const license = { ...newTerms, features: [] };
  const { id } = await addCustomer({ db }, byServer, { ...wanted, license });
  return `/api/customers/${id}${rest}`;
};
const toPortal = (rest: string) => async (db: Db) => `${await portalOf(db, 'lapsed')}${rest}`;
const toScreen = (rest: string) => async (db: Db) => {
  const wanted = screenRequest.parse({ name: 'One' });
  const config = readConfig({});
  const { screen } = await addScreen({ db, config }, byServer, wanted);
  return `/api/screens/${screen.id}${rest}`;
};
const toUpload = '/api/apps/acme/releases/13/files';
const report = () => ({ instanceId: 'known', status: 'ready' });

/** Every route, some of them twice: a route of the application without an entry fails the test. */
const matrix: [route: string, cell: Cell][] = [
  ['GET /healthz', { expected: everybody }],
  ['GET /readyz', { expected: everybody }],
  ['GET /metrics', { expected: '401 403 200 200 200 200 401 401' }],

  ['POST /kots_metrics/license_instance/info', { body: () => ({}), expected: licenses(200) }],
  ['POST /application/custom-metrics', { body: () => ({ data: {} }), expected: licenses(200) }],
  [
    'GET /release/:appSlug/pending',
    { path: '/release/acme/pending', expected: licenses(200, 401) },
  ],
  [
    'POST /release/:appSlug/pending',
    { path: '/release/acme/pending', body: () => ({}), expected: licenses(200, 401) },
  ],
  ['GET /license/fields', { expected: licenses(200) }],
  ['GET /license/field/:name', { path: '/license/field/seats', expected: licenses(200) }],
  ['GET /license', { expected: licenses(200) }],
  ['GET /license/:appSlug', { path: '/license/acme', expected: licenses(200, 401) }],
  ['POST /api/check-ins', { body: report, expected: licenses(200) }],

  ['GET /api/session', { expected: everybody }],
  ['POST /api/session/demo', { expected: all(403) }],
  [
    'POST /api/setup',
    { body: () => ({ ...newPerson('')(), role: undefined, token: 'x' }), expected: all(409) },
  ],
  [
    'POST /api/auth/sign-in/email',
    {
      body: () => ({ email: `${randomUUID()}@rollcall.example`, password: 'x' }),
      expected: all(401),
    },
  ],
  ['POST /api/auth/sign-out', { expected: all(204) }],

  [
    'POST /api/auth/change-password',
    {
      body: () => ({ currentPassword: 'none', newPassword: 'a long enough password' }),
      // These have none.
      expected: persons(409),
    },
  ],
  ['GET /api/account/sessions', { expected: persons(200) }],
  ['DELETE /api/account/sessions', { expected: persons(204) }],
  [
    'DELETE /api/account/sessions/:id',
    {
      path: async (db) => `/api/account/sessions/${(await visitorOf(db, 'viewer')).sessionId}`,
      // Somebody else's.
      expected: persons(404),
    },
  ],

  ['GET /api/people', { expected: managing(200) }],
  ['POST /api/people', { body: newPerson('viewer'), expected: managing(201) }],
  ['POST /api/people', { body: newPerson('owner'), expected: '401 403 403 201 403 403 401 401' }],
  [
    'PATCH /api/people/:id/role',
    { path: toPerson('viewer', '/role'), body: () => ({ role: 'admin' }), expected: managing(200) },
  ],
  [
    'PATCH /api/people/:id/role',
    {
      path: toPerson('viewer', '/role'),
      body: () => ({ role: 'owner' }),
      expected: '401 403 403 200 403 403 401 401',
    },
  ],
  [
    'PATCH /api/people/:id/role',
    {
      path: toPerson('owner', '/role'),
      body: () => ({ role: 'admin' }),
      expected: '401 403 403 200 403 403 401 401',
    },
  ],
  ['DELETE /api/people/:id', { path: toPerson('viewer', ''), expected: managing(204) }],
  [
    'DELETE /api/people/:id',
    { path: toPerson('owner', ''), expected: '401 403 403 204 403 403 401 401' },
  ],
  ['GET /api/tokens', { expected: managing(200) }],
  ['POST /api/tokens', { body: () => ({ name: 'New', scope: 'write' }), expected: managing(201) }],
  ['DELETE /api/tokens/:id', { path: toToken, expected: managing(204) }],

  ['GET /api/apps', { expected: reading }],
  [
    'POST /api/apps',
    { body: () => ({ slug: `app-${randomUUID()}`, name: 'New' }), expected: managing(201) },
  ],
  ['GET /api/apps/:slug', { path: '/api/apps/acme', expected: reading }],
  [
    'PATCH /api/apps/:slug',
    { path: '/api/apps/acme', body: () => ({ revision: 0 }), expected: managing(200) },
  ],
  // What is brought is no picture.
  [
    'PUT /api/apps/:slug/logo',
    { path: '/api/apps/acme/logo', body: () => ({}), expected: managing(400) },
  ],
  ['DELETE /api/apps/:slug/logo', { path: '/api/apps/acme/logo', expected: managing(200) }],
  [
    'GET /api/apps/:slug/logo/:digest',
    { path: '/api/apps/acme/logo/none', expected: '401 404 404 404 404 404 401 401' },
  ],
  [
    'POST /api/apps/:slug/channels',
    {
      path: '/api/apps/acme/channels',
      body: () => ({ name: `Channel ${randomUUID()}` }),
      expected: managing(201),
    },
  ],
  [
    'PATCH /api/channels/:id',
    {
      path: '/api/channels/acme-stable',
      body: () => ({ revision: 0, name: 'Stable' }),
      expected: managing(200),
    },
  ],
  ['GET /api/apps/:slug/releases', { path: '/api/apps/acme/releases', expected: reading }],
  [
    'POST /api/apps/:slug/releases',
    {
      path: '/api/apps/acme/releases',
      body: () => ({ versionLabel: 'new' }),
      expected: managing(201),
    },
  ],
  [
    'PATCH /api/apps/:slug/releases/:sequence',
    { path: '/api/apps/acme/releases/11', body: () => ({ revision: 0 }), expected: managing(200) },
  ],
  [
    'POST /api/apps/:slug/releases/:sequence/promotions',
    {
      path: '/api/apps/acme/releases/11/promotions',
      body: () => ({ channels: ['acme-none'] }),
      expected: managing(400),
    },
  ],
  [
    'PATCH /api/channels/:id/releases/:channelSequence',
    {
      path: '/api/channels/acme-stable/releases/1',
      body: () => ({ revision: 0 }),
      expected: managing(200),
    },
  ],

  ['GET /api/workspace', { expected: reading }],
  ['GET /api/fleet', { expected: reading }],
  ['GET /api/fleet/facets', { expected: reading }],
  ['GET /api/events', { expected: reading }],
  ['GET /api/customers', { expected: reading }],
  ['GET /api/customers/facets', { expected: reading }],
  ['GET /api/customers/:id', { path: '/api/customers/geeglo', expected: reading }],
  [
    'POST /api/customers/:id/license-id',
    { path: '/api/customers/geeglo/license-id', expected: managing(200) },
  ],
  [
    'POST /api/customers',
    {
      body: () => ({ app: 'acme', channel: 'acme-stable', name: 'New', license: newTerms }),
      expected: managing(201),
    },
  ],
  [
    'PATCH /api/customers/:id',
    { path: toCustomer(''), body: () => ({ revision: 0, name: 'Other' }), expected: managing(200) },
  ],
  ...['archive', 'restore', 'license-id/rotation'].map((deed): [string, Cell] => [
    `POST /api/customers/:id/${deed}`,
    { path: toCustomer(`/${deed}`), body: () => ({ revision: 0 }), expected: managing(200) },
  ]),
  [
    'GET /api/customers/:id/install-instructions',
    { path: '/api/customers/geeglo/install-instructions', expected: reading },
  ],
  [
    'POST /api/customers/:id/install-instructions',
    { path: '/api/customers/geeglo/install-instructions', expected: managing(200) },
  ],
  [
    'POST /api/customers/:id/license-document',
    { path: '/api/customers/geeglo/license-document', expected: managing(200) },
  ],
  [
    'GET /api/customers/:id/instances/:instanceId',
    { path: '/api/customers/geeglo/instances/known', expected: reading },
  ],
  [
    'PATCH /api/customers/:id/instances/:instanceId',
    {
      path: '/api/customers/geeglo/instances/known',
      body: () => ({ name: 'Known' }),
      expected: managing(200),
    },
  ],
  ...['archive', 'restore'].map((deed): [string, Cell] => [
    `POST /api/customers/:id/instances/:instanceId/${deed}`,
    { path: `/api/customers/geeglo/instances/known/${deed}`, expected: managing(200) },
  ]),
  [
    'GET /api/customers/:id/instances/:instanceId/uptime',
    { path: '/api/customers/geeglo/instances/known/uptime', expected: reading },
  ],
  [
    'GET /api/customers/:id/instances/:instanceId/uptime/intervals',
    {
      path: '/api/customers/geeglo/instances/known/uptime/intervals?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z',
      expected: reading,
    },
  ],
  [
    'GET /api/customers/:id/instances/:instanceId/events',
    { path: '/api/customers/geeglo/instances/known/events', expected: reading },
  ],
  [
    'GET /api/customers/:id/instances/:instanceId/metrics',
    { path: '/api/customers/geeglo/instances/known/metrics', expected: reading },
  ],
  [
    'GET /api/customers/:id/instances/:instanceId/metrics/:name',
    { path: '/api/customers/geeglo/instances/known/metrics/users', expected: reading },
  ],
  [
    'POST /api/customers/:id/portal/password',
    {
      path: '/api/customers/gone/portal/password',
      body: () => ({ password: null }),
      expected: managing(200),
    },
  ],

  ['GET /api/screens', { expected: managing(200) }],
  ['POST /api/screens', { body: () => ({ name: 'New' }), expected: managing(201) }],
  [
    'PATCH /api/screens/:id',
    { path: toScreen(''), body: () => ({ revision: 0, name: 'Other' }), expected: managing(200) },
  ],
  ...['token', 'revoke', 'reload', 'identify'].map((deed): [string, Cell] => [
    `POST /api/screens/:id/${deed}`,
    { path: toScreen(`/${deed}`), body: () => ({ revision: 0 }), expected: managing(200) },
  ]),
  ['GET /api/fleet/wall', { expected: reading }],
  // The wall's own files: the same for everybody, and empty of data.
  ['GET /wall', { expected: everybody }],
  ['GET /wall/assets/*', { path: '/wall/assets/none.js', expected: all(404) }],
  ['GET /wall/plain/assets/:name', { path: '/wall/plain/assets/none.css', expected: all(404) }],
  ['GET /wall/plain/:token', { path: '/wall/plain/x', expected: all(401) }],
  // Screens prove themselves by their own tokens, and none of these is one.
  ['GET /api/wall', { expected: all(401) }],
  ['POST /api/wall/session', { body: () => ({ token: 'x' }), expected: all(401) }],
  // Anybody may; KOTS sends its license in a way of its own with these.
  ...['start', 'fail', 'finish'].map((step): [string, Cell] => [
    `POST /kots_metrics/${step}_install/:installID`,
    { path: `/kots_metrics/${step}_install/one`, body: () => ({}), expected: everybody },
  ]),
  [
    'POST /kots_metrics/preflights/:appID/:clusterID',
    { path: '/kots_metrics/preflights/known/cluster', expected: all(401) },
  ],

  // Whoever may is told what the request lacks.
  [
    'POST /api/apps/:slug/releases/:sequence/files',
    { path: toUpload, body: () => ({}), expected: managing(400) },
  ],
  [
    'GET /api/apps/:slug/releases/:sequence/files/:upload',
    { path: `${toUpload}/none`, expected: managing(404) },
  ],
  [
    'PATCH /api/apps/:slug/releases/:sequence/files/:upload',
    { path: `${toUpload}/none`, body: () => ({}), expected: managing(404) },
  ],
  [
    'DELETE /api/apps/:slug/releases/:sequence/files/:upload',
    { path: `${toUpload}/none`, expected: managing(404) },
  ],
  [
    'GET /api/files/:id/content',
    { path: '/api/files/1/content', expected: '401 404 404 404 404 404 401 401' },
  ],
  ['DELETE /api/files/:id', { path: '/api/files/1', expected: managing(404) }],

  // The customers' portals know none of these, and ask all of them to log in.
  ['GET /portal/assets/:name', { path: '/portal/assets/4148c9.css', expected: everybody }],
  ['GET /portal/:slug', { path: toPortal(''), expected: everybody }],
  ['POST /portal/:slug/login', { path: toPortal('/login'), body: () => ({}), expected: all(401) }],
  [
    'POST /portal/:slug/logout',
    { path: toPortal('/logout'), body: () => ({}), expected: all(303) },
  ],
  ['GET /portal/:slug/logo/:digest', { path: toPortal('/logo/none'), expected: all(404) }],
  ['GET /portal/:slug/license', { path: toPortal('/license'), expected: all(401) }],
  ['GET /portal/:slug/files/:id/:name', { path: toPortal('/files/1/x'), expected: all(401) }],
  ['ALL /portal/*', { path: '/portal/nowhere', expected: all(404) }],

  // What is not there: only who may read is told so.
  ['ALL /api/*', { path: '/api/nowhere', expected: '401 404 404 404 404 404 401 401' }],
  // The pages' own files: the same for everybody, and empty of data.
  ['GET /', { expected: everybody }],
  ['GET /*', { path: '/people', expected: everybody }],
  ['GET /_app/*', { path: '/_app/none.js', expected: all(404) }],
];

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

test.after(() => house.close());
test.run();
