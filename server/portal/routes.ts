import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { routePath } from 'hono/route';
import { type DoorEnv, isForeign } from '#server/doors/index.ts';
import { AppError } from '#server/errors.ts';
import { readLogo } from '#server/store/catalog-edits.ts';
import { findPortal, type OpenPortal } from '#server/store/portal-visits.ts';
import type { Desk } from './desk.ts';
import { downloadFile, downloadLicense } from './downloads.ts';
import { closedPage, errorPage } from './pages/closed-page.ts';
import { contentsPage } from './pages/contents-page.ts';
import { type LoginNotice, loginPage } from './pages/login-page.ts';
import { readContents } from './read-contents.ts';
import { isLoggedIn, logIn, logOut } from './session.ts';

type Ctx = Context<DoorEnv>;

/** Bytes: a password, and what browsers write around it. */
const formBytes = 8 * 1024;
const forever = 'public, max-age=31536000, immutable';
const policy = [
  "default-src 'none'",
  ...['style-src', 'img-src', 'script-src', 'form-action'].map((part) => `${part} 'self'`),
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** The customers' own pages, outside of the vendor's accounts: neither knows the other's sessions. */
export function portalRoutes(desk: Desk): Hono<DoorEnv> {
  const { db, assets } = desk;
  const routes = new Hono<DoorEnv>();
  routes.onError((error, c) => answerError(desk, error, c));

  routes.use('/portal/*', async (c, next) => {
    c.header('Content-Security-Policy', policy);
    c.header('Cache-Control', 'no-store');
    c.header('X-Robots-Tag', 'noindex, nofollow');
    const asked = { method: c.req.method, header: (name: string) => c.req.header(name) };
    if (isForeign(asked, desk.config))
      throw new AppError('forbidden', 'Log in on the portal itself.');
    await next();
  });
  routes.post('/portal/*', bodyLimit({ maxSize: formBytes, onError: tooLarge }));

  routes.get('/portal/assets/:name', (c) => {
    const found = assets.find(c.req.param('name'));
    if (!found) return closed(desk, c);
    return c.body(found.content, 200, { 'Content-Type': found.type, 'Cache-Control': forever });
  });

  routes.get('/portal/:slug', async (c) => {
    const portal = await find(desk, c);
    if (!portal) return closed(desk, c);
    if (!(await isLoggedIn(desk, c, portal))) return login(desk, c, portal);
    const before = /^\d{1,9}$/.exec(c.req.query('before') ?? '')?.[0];
    const page = before === undefined ? null : Number(before);
    return c.html(contentsPage(desk, portal, await readContents(desk, portal, page)));
  });

  routes.post('/portal/:slug/login', async (c) => {
    const portal = await find(desk, c);
    if (!portal) return closed(desk, c);
    const { password } = await c.req.parseBody();
    try {
      await logIn(desk, c, portal, typeof password === 'string' ? password : '');
    } catch (error) {
      if (error instanceof AppError) return login(desk, c, portal, error);
      throw error;
    }
    return c.redirect(`/portal/${portal.slug}`, 303);
  });

  routes.post('/portal/:slug/logout', async (c) => {
    const portal = await find(desk, c);
    if (!portal) return closed(desk, c);
    await logOut(desk, c, portal);
    return c.redirect(`/portal/${portal.slug}`, 303);
  });

  routes.get('/portal/:slug/logo/:digest', async (c) => {
    const portal = await find(desk, c);
    const logo = portal && (await readLogo(db, portal.app.slug, c.req.param('digest')));
    if (!logo) return closed(desk, c);
    return c.body(new Uint8Array(logo), 200, {
      'Content-Type': 'image/png',
      'Cache-Control': forever.replace('public', 'private'),
    });
  });

  routes.get('/portal/:slug/license', async (c) => {
    const portal = await find(desk, c);
    if (!portal) return closed(desk, c);
    if (!(await isLoggedIn(desk, c, portal))) return login(desk, c, portal, logInFirst());
    return downloadLicense(desk, c, portal);
  });

  routes.get('/portal/:slug/files/:id/:name', async (c) => {
    const portal = await find(desk, c);
    if (!portal) return closed(desk, c);
    if (!(await isLoggedIn(desk, c, portal))) return login(desk, c, portal, logInFirst());
    const { id, name } = c.req.param();
    return (await downloadFile(desk, c, portal, { id, name })) ?? closed(desk, c);
  });

  routes.all('/portal/*', (c) => closed(desk, c));
  return routes;
}

/** Whatever was sent: only what could be an address is looked up. */
async function find({ db }: Desk, c: Ctx): Promise<OpenPortal | null> {
  const slug = c.req.param('slug') ?? '';
  return /^[0-9a-z]{8,64}$/.test(slug) ? findPortal(db, slug) : null;
}

/** The same answer for an address that nobody has and for the portal of an archived customer. */
const closed = ({ assets }: Desk, c: Ctx) => c.html(closedPage(assets), 404);

function login(
  { assets }: Desk,
  c: Ctx,
  portal: OpenPortal,
  fault?: AppError,
): Response | Promise<Response> {
  const notice: LoginNotice | null = fault
    ? { text: fault.message, retryAfter: fault.retryAfter }
    : null;
  if (fault?.retryAfter) c.header('Retry-After', String(Math.ceil(fault.retryAfter)));
  return c.html(loginPage(assets, portal, notice), fault?.status ?? 200);
}

const logInFirst = () => new AppError('unauthorized', 'Log in to download this.');

function tooLarge(): never {
  throw new AppError('too_large', 'That is too long for a password.');
}

function answerError({ assets, log }: Desk, error: Error, c: Ctx): Response | Promise<Response> {
  const known = error instanceof AppError ? error : null;
  const requestId = c.get('requestId');
  if (!known) log.error({ err: error, route: routePath(c), requestId }, 'a portal failed');
  if (known?.retryAfter) c.header('Retry-After', String(Math.ceil(known.retryAfter)));
  const text = known?.message ?? `Something went wrong. Its number is ${requestId}.`;
  return c.html(errorPage(assets, text), known?.status ?? 500);
}
