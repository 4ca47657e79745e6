import { Hono } from 'hono';
import { appChange, appRequest, channelChange, channelRequest } from '#contract/catalog.ts';
import { type AccountEnv, byOf, readId, readJson, requires } from '#server/accounts/index.ts';
import type { CatalogDeps } from './desk.ts';
import { addApp, changeApp } from './edit-apps.ts';
import { addChannel, changeChannel } from './edit-channels.ts';
import { findLogo, removeLogo, setLogo } from './logos.ts';
import { listApps, readAppDetails } from './read-apps.ts';
import { releaseRoutes } from './release-routes.ts';

/** Apps, their channels and their releases. */
export function catalogRoutes(deps: CatalogDeps): Hono<AccountEnv> {
  const routes = new Hono<AccountEnv>();

  routes.get('/api/apps', requires('read'), async (c) => c.json(await listApps(deps.db)));

  routes.post('/api/apps', requires('manage'), async (c) =>
    c.json(await addApp(deps, byOf(c), await readJson(c, appRequest)), 201),
  );

  routes.get('/api/apps/:slug', requires('read'), async (c) =>
    c.json(await readAppDetails(deps.db, readId(c, 'app', 'slug'))),
  );

  routes.patch('/api/apps/:slug', requires('manage'), async (c) => {
    const change = await readJson(c, appChange);
    return c.json(await changeApp(deps, byOf(c), readId(c, 'app', 'slug'), change));
  });

  routes.put('/api/apps/:slug/logo', requires('manage'), async (c) => {
    const picture = new Uint8Array(await c.req.arrayBuffer());
    return c.json(await setLogo(deps, byOf(c), readId(c, 'app', 'slug'), picture));
  });

  routes.delete('/api/apps/:slug/logo', requires('manage'), async (c) =>
    c.json(await removeLogo(deps, byOf(c), readId(c, 'app', 'slug'))),
  );

  routes.get('/api/apps/:slug/logo/:digest', requires('read'), async (c) => {
    const [slug, digest] = [readId(c, 'app', 'slug'), readId(c, 'logo', 'digest')];
    const picture = await findLogo(deps, slug, digest);
    return c.body(new Uint8Array(picture), 200, {
      'Content-Type': 'image/png',
      // The address names the content.
      'Cache-Control': 'private, max-age=31536000, immutable',
    });
  });

  routes.post('/api/apps/:slug/channels', requires('manage'), async (c) => {
    const channel = await readJson(c, channelRequest);
    return c.json(await addChannel(deps, byOf(c), readId(c, 'app', 'slug'), channel), 201);
  });

  routes.patch('/api/channels/:id', requires('manage'), async (c) => {
    const change = await readJson(c, channelChange);
    return c.json(await changeChannel(deps, byOf(c), readId(c, 'channel'), change));
  });

  routes.route('/', releaseRoutes(deps));
  return routes;
}
