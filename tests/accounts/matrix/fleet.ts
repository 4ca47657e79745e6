import { managing, reading, type Entry } from './cells.ts';

/** What is read of the fleet, and single instances. */
export const fleet: Entry[] = [
  ['GET /api/workspace', { expected: reading }],
  ['GET /api/fleet', { expected: reading }],
  ['GET /api/fleet/facets', { expected: reading }],
  ['GET /api/events', { expected: reading }],

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
  ...['archive', 'restore'].map((deed): Entry => [
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
];
