import type { Db } from '#db/client.ts';
import { byServer } from '#server/audit/index.ts';
import { addCustomer } from '#server/customers/add-customer.ts';
import { portalOf } from '../../portal/visit.ts';
import { all, everybody, managing, reading, type Entry } from './cells.ts';

const newTerms = { type: 'paid', expiresAt: null, features: [], entitlements: {} } as const;
const toCustomer = (rest: string) => async (db: Db) => {
  const wanted = { app: 'acme', channel: 'acme-stable', name: 'One', email: null };
  const license = { ...newTerms, features: [] };
  const { id } = await addCustomer({ db }, byServer, { ...wanted, license });
  return `/api/customers/${id}${rest}`;
};
const toPortal = (rest: string) => async (db: Db) => `${await portalOf(db, 'lapsed')}${rest}`;

/** Customers and their portals. */
export const customers: Entry[] = [
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
  ...['archive', 'restore', 'license-id/rotation'].map((deed): Entry => [
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
    'POST /api/customers/:id/portal/password',
    {
      path: '/api/customers/gone/portal/password',
      body: () => ({ password: null }),
      expected: managing(200),
    },
  ],

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
];
