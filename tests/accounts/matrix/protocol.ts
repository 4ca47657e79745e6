import { all, everybody, licenses, type Entry } from './cells.ts';

const report = () => ({ instanceId: 'known', status: 'ready' });

/** What instances call, and their licenses open. */
export const protocol: Entry[] = [
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

  // Anybody may; KOTS sends its license in a way of its own with these.
  ...['start', 'fail', 'finish'].map((step): Entry => [
    `POST /kots_metrics/${step}_install/:installID`,
    { path: `/kots_metrics/${step}_install/one`, body: () => ({}), expected: everybody },
  ]),
  [
    'POST /kots_metrics/preflights/:appID/:clusterID',
    { path: '/kots_metrics/preflights/known/cluster', expected: all(401) },
  ],
];
