import { all, everybody, type Entry } from './cells.ts';

/** What is the whole house's: its health, its pages, and what is not there. */
export const house: Entry[] = [
  ['GET /healthz', { expected: everybody }],
  ['GET /readyz', { expected: everybody }],
  ['GET /metrics', { expected: '401 403 200 200 200 200 401 401' }],

  // What is not there: only who may read is told so.
  ['ALL /api/*', { path: '/api/nowhere', expected: '401 404 404 404 404 404 401 401' }],
  // The pages' own files: the same for everybody, and empty of data.
  ['GET /', { expected: everybody }],
  ['GET /*', { path: '/people', expected: everybody }],
  ['GET /_app/*', { path: '/_app/none.js', expected: all(404) }],
];
