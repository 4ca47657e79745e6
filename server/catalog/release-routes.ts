import { Hono } from 'hono';
import {
  promotionChange,
  promotionRequest,
  releaseChange,
  releaseRequest,
} from '#contract/catalog.ts';
import { type AccountEnv, byOf, readId, readJson, requires } from '#server/accounts/index.ts';
import { AppError } from '#server/errors.ts';
import { readSequence, sequenceParam } from './address.ts';
import type { CatalogDeps } from './desk.ts';
import { addRelease, changeRelease } from './edit-releases.ts';
import { changePromotion, promoteRelease } from './promotions.ts';
import { readReleasePage } from './read-releases.ts';

/** Releases of an app, and where they are promoted. */
export function releaseRoutes(deps: CatalogDeps): Hono<AccountEnv> {
  const routes = new Hono<AccountEnv>();

  routes.get('/api/apps/:slug/releases', requires('read'), async (c) => {
    const given = c.req.query('before');
    const before = readSequence(given);
    if (given !== undefined && before === null) {
      throw new AppError('invalid', 'The query parameter "before" is wrong: it is no sequence.');
    }
    return c.json(await readReleasePage(deps.db, readId(c, 'app', 'slug'), before));
  });

  routes.post('/api/apps/:slug/releases', requires('manage'), async (c) => {
    const release = await readJson(c, releaseRequest);
    return c.json(await addRelease(deps, byOf(c), readId(c, 'app', 'slug'), release), 201);
  });

  routes.patch('/api/apps/:slug/releases/:sequence', requires('manage'), async (c) => {
    const change = await readJson(c, releaseChange);
    const [slug, sequence] = [readId(c, 'app', 'slug'), sequenceParam(c, 'sequence')];
    return c.json(await changeRelease(deps, byOf(c), slug, sequence, change));
  });

  routes.post('/api/apps/:slug/releases/:sequence/promotions', requires('manage'), async (c) => {
    const wanted = await readJson(c, promotionRequest);
    const [slug, sequence] = [readId(c, 'app', 'slug'), sequenceParam(c, 'sequence')];
    return c.json(await promoteRelease(deps, byOf(c), slug, sequence, wanted), 201);
  });

  routes.patch('/api/channels/:id/releases/:channelSequence', requires('manage'), async (c) => {
    const change = await readJson(c, promotionChange);
    const [id, sequence] = [readId(c, 'channel'), sequenceParam(c, 'channelSequence')];
    return c.json(await changePromotion(deps, byOf(c), id, sequence, change));
  });

  return routes;
}
