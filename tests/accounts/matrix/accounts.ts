import { randomUUID } from 'node:crypto';
import type { Db } from '#db/client.ts';
import { createToken } from '#server/accounts/tokens.ts';
import { byServer } from '#server/audit/index.ts';
import { visitorOf } from '../../support/session.ts';
import { all, everybody, managing, persons, type Entry } from './cells.ts';

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

/** Who is there, and who may be. */
export const accounts: Entry[] = [
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
];
