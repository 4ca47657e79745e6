import { randomUUID } from 'node:crypto';
import { managing, reading, type Entry } from './cells.ts';

const toUpload = '/api/apps/acme/releases/13/files';

/** Apps, channels, releases and their files. */
export const catalog: Entry[] = [
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
];
