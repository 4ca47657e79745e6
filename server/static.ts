import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { type Context, Hono } from 'hono';

const page = 'index.html';

export interface Dashboard {
  root: string;
  build: string;
  policy: string;
  /** Folder of the wall's own bundle. */
  wall: string;
}

/** The built dashboard, or null where it was not built (development: Vite serves it). */
export function findDashboard(root: string): Dashboard | null {
  const index = join(root, page);
  if (!existsSync(index)) return null;
  const html = readFileSync(index, 'utf8');
  const policy = /http-equiv="content-security-policy" content="([^"]+)"/i.exec(html)?.[1] ?? '';
  const { version } = JSON.parse(readFileSync(join(root, '_app/version.json'), 'utf8')) as {
    version: string;
  };
  return {
    root,
    build: version,
    wall: join(root, '../wall/build'),
    policy: policy.replaceAll('&quot;', '"').replaceAll('&#39;', "'"),
  };
}

/** Nothing inline, nothing from elsewhere; positions, sizes and the pictures of dots are inline style attributes. */
const wallPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Serves the page of wall screens: a bundle of its own, for old browsers, which asks for no session of a person. */
function wallRoutes(root: string): Hono {
  const app = new Hono();
  const files = serveStatic({
    root,
    precompressed: true,
    rewriteRequestPath: (path) => path.replace(/^\/wall/, ''),
  });
  app.use('/wall/assets/*', async (c, next) => {
    await next();
    if (c.res.ok) c.header('Cache-Control', 'public, max-age=31536000, immutable');
  });
  app.get('/wall/assets/*', files);
  app.get('/wall/assets/*', (c) => c.text('Not found.', 404));
  app.get('/wall', async (c, next) => {
    c.header('Cache-Control', 'no-cache');
    c.header('Content-Security-Policy', wallPolicy);
    c.header('Referrer-Policy', 'no-referrer');
    await next();
  });
  app.get('/wall', serveStatic({ root, path: page, precompressed: true }));
  return app;
}

/** Serves the dashboard's files, and its page for every address that is none of ours. */
export function staticRoutes(dashboard: Omit<Dashboard, 'build'>): Hono {
  const { root } = dashboard;
  const app = new Hono();
  app.route('/', wallRoutes(dashboard.wall));
  const policy = [
    dashboard.policy,
    "frame-ancestors 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "object-src 'none'",
  ]
    .filter(Boolean)
    .join('; ');
  const asPage = (c: Context) => {
    c.header('Cache-Control', 'no-cache');
    c.header('Content-Security-Policy', policy);
  };

  app.use('/_app/immutable/*', async (c, next) => {
    await next();
    if (c.res.ok) c.header('Cache-Control', 'public, max-age=31536000, immutable');
  });
  app.get('/', async (c, next) => {
    asPage(c);
    await next();
  });
  app.use('*', serveStatic({ root, precompressed: true }));
  // A chunk of an earlier build must not be answered with the page.
  app.get('/_app/*', (c) => c.text('Not found.', 404));
  app.get('*', async (c, next) => {
    asPage(c);
    await next();
  });
  app.get('*', serveStatic({ root, path: page, precompressed: true }));
  return app;
}
