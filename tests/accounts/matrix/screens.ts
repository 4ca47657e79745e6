import type { Db } from '#db/client.ts';
import { screenRequest } from '#contract/screens.ts';
import { byServer } from '#server/audit/index.ts';
import { readConfig } from '#server/config.ts';
import { addScreen } from '#server/screens/edit-screens.ts';
import { all, everybody, managing, reading, type Entry } from './cells.ts';

const toScreen = (rest: string) => async (db: Db) => {
  const wanted = screenRequest.parse({ name: 'One' });
  const config = readConfig({});
  const { screen } = await addScreen({ db, config }, byServer, wanted);
  return `/api/screens/${screen.id}${rest}`;
};

/** Screens, and the wall that they show. */
export const screens: Entry[] = [
  ['GET /api/screens', { expected: managing(200) }],
  ['GET /api/screens/customers', { expected: managing(200) }],
  ['POST /api/screens', { body: () => ({ name: 'New' }), expected: managing(201) }],
  [
    'PATCH /api/screens/:id',
    { path: toScreen(''), body: () => ({ revision: 0, name: 'Other' }), expected: managing(200) },
  ],
  ...['token', 'revoke', 'reload', 'identify'].map((deed): Entry => [
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
];
