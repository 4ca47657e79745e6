import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, Hono } from 'hono';
import { routePath } from 'hono/route';
import type { DoorEnv } from '#server/doors/index.ts';
import { AppError } from '#server/errors.ts';
import type { Desk } from '../desk.ts';
import { plainNotice, plainPage, refreshEvery } from './page.ts';
import { createShownReader } from './read-shown.ts';

const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * For browsers without script: a page whose address holds a token of its own, which opens nothing else. Addresses are
 * in no log of ours (log-requests.ts), and none is told to whoever serves what the page leads to.
 */
export function plainRoutes(desk: Desk): Hono<DoorEnv> {
  const routes = new Hono<DoorEnv>();
  const sheet = readFileSync(join(import.meta.dirname, 'plain.css'), 'utf8');
  const digest = createHash('sha256').update(sheet).digest('hex').slice(0, 12);
  const style = `/wall/plain/assets/${digest}.css`;
  const readShown = createShownReader(desk);
  const now = desk.clock ?? Date.now;

  routes.use('/wall/plain/*', async (c, next) => {
    c.header('Content-Security-Policy', policy);
    c.header('Referrer-Policy', 'no-referrer');
    c.header('Cache-Control', 'no-store');
    c.header('X-Robots-Tag', 'noindex, nofollow');
    await next();
  });

  routes.get('/wall/plain/assets/:name', (c) => {
    if (c.req.param('name') !== `${digest}.css`) return c.text('Not found.', 404);
    return c.body(sheet, 200, {
      'Content-Type': 'text/css; charset=utf-8',
      'Cache-Control': 'public, max-age=31536000, immutable',
    });
  });

  routes.get('/wall/plain/:token', async (c) => {
    const shown = await readShown(c.req.param('token'), c.get('clientAddress'));
    return c.html(plainPage(style, shown, now()));
  });

  routes.onError((error, c) => answerError(desk, style, error, c));
  return routes;
}

function answerError({ log }: Desk, style: string, error: Error, c: Context<DoorEnv>) {
  const known = error instanceof AppError ? error : null;
  const requestId = c.get('requestId');
  if (!known) log.error({ err: error, route: routePath(c), requestId }, 'a plain wall failed');
  c.header('Retry-After', String(Math.ceil(known?.retryAfter ?? refreshEvery)));
  const [heading, text] = sayError(known, requestId);
  return c.html(plainNotice(style, heading, text), known?.status ?? 500);
}

function sayError(known: AppError | null, requestId: string): [heading: string, text: string] {
  if (known === null) return ['STALE', `Something went wrong. Its number is ${requestId}.`];
  if (known.code === 'revoked')
    return ['This screen was revoked', 'Ask whoever looks after it for its new address.'];
  if (known.code === 'unauthorized')
    return ['There is nothing here', 'Check the address of this screen.'];
  return ['STALE', known.message];
}
