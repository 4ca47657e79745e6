import { Hono, type Context } from 'hono';
import { instanceActivityQuery, intervalsQuery, uptimeQuery } from '#contract/activity.ts';
import { customersPageQuery } from '#contract/customers.ts';
import { fleetPageQuery } from '#contract/reports.ts';
import { type AccountEnv, byOf, requires } from '#server/accounts/index.ts';
import { AppError } from '#server/errors.ts';
import { eventRoutes } from './event-routes.ts';
import type { Reports } from './index.ts';
import { parseQuery } from './parse-query.ts';

/** What the dashboard reads. Answers are never stored by browsers or proxies: they are live. */
export function reportRoutes(reports: Reports): Hono<AccountEnv> {
  const routes = new Hono<AccountEnv>();

  // Readers who share one read are handed the same object: it is written out once for all of them.
  const written = new WeakMap<object, string>();
  const answer = (c: Context, body: object) => {
    const text = written.get(body) ?? JSON.stringify(body);
    written.set(body, text);
    return c.body(text, 200, { 'Cache-Control': 'no-store', 'Content-Type': 'application/json' });
  };

  routes.get('/api/workspace', requires('read'), async (c) => answer(c, await reports.workspace()));

  routes.get('/api/fleet', requires('read'), async (c) =>
    answer(c, await reports.fleetPage(parseQuery(fleetPageQuery, c.req.queries()))),
  );

  routes.get('/api/fleet/facets', requires('read'), async (c) => answer(c, await reports.facets()));

  routes.get('/api/customers', requires('read'), async (c) =>
    answer(c, await reports.customersPage(parseQuery(customersPageQuery, c.req.queries()))),
  );

  // Before the customer's own route: no customer is called `facets` there.
  routes.get('/api/customers/facets', requires('read'), async (c) =>
    answer(c, await reports.customerFacets()),
  );

  routes.get('/api/customers/:id', requires('read'), async (c) => {
    const report = await reports.customer(c.req.param('id'));
    return answer(c, report ?? missing('There is no such customer.'));
  });

  // Not a GET: it leaves a trace.
  routes.post('/api/customers/:id/license-id', requires('manage'), async (c) => {
    const licenseId = await reports.revealLicenseId(c.req.param('id'), byOf(c));
    return answer(c, licenseId === null ? missing('There is no such customer.') : { licenseId });
  });

  routes.get('/api/customers/:id/instances/:instanceId', requires('read'), async (c) => {
    const { id, instanceId } = c.req.param();
    const report = await reports.instance(id, instanceId);
    return answer(c, report ?? missing('This customer has no such instance.'));
  });

  routes.get('/api/customers/:id/instances/:instanceId/events', requires('read'), async (c) => {
    const { id, instanceId } = c.req.param();
    const query = parseQuery(instanceActivityQuery, c.req.queries());
    const page = await reports.events(id, instanceId, query);
    if (page === 'no such event') missing('This instance has no such event.');
    return answer(c, page ?? missing('This customer has no such instance.'));
  });

  routes.get('/api/customers/:id/instances/:instanceId/uptime', requires('read'), async (c) => {
    const { id, instanceId } = c.req.param();
    const { range } = parseQuery(uptimeQuery, c.req.queries());
    const report = await reports.uptime(id, instanceId, range);
    return answer(c, report ?? missing('This customer has no such instance.'));
  });

  routes.get(
    '/api/customers/:id/instances/:instanceId/uptime/intervals',
    requires('read'),
    async (c) => {
      const { id, instanceId } = c.req.param();
      const asked = parseQuery(intervalsQuery, c.req.queries());
      const read = await reports.uptimeIntervals(id, instanceId, asked);
      return answer(c, read ?? missing('This customer has no such instance.'));
    },
  );

  routes.get('/api/customers/:id/instances/:instanceId/metrics', requires('read'), async (c) => {
    const { id, instanceId } = c.req.param();
    const metrics = await reports.metrics(id, instanceId);
    return answer(c, metrics ?? missing('This customer has no such instance.'));
  });

  routes.get(
    '/api/customers/:id/instances/:instanceId/metrics/:name',
    requires('read'),
    async (c) => {
      const { id, instanceId, name } = c.req.param();
      const { range } = parseQuery(uptimeQuery, c.req.queries());
      const history = await reports.metricHistory(id, instanceId, { name, range });
      if (history === 'no such metric') missing('This instance has no such custom metric.');
      return answer(c, history ?? missing('This customer has no such instance.'));
    },
  );

  routes.route('/', eventRoutes(reports));

  return routes;
}

function missing(sentence: string): never {
  throw new AppError('not_found', sentence);
}
