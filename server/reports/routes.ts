import { Hono, type Context } from 'hono';
import type { z } from 'zod';
import { customersPageQuery } from '#contract/customers.ts';
import { fleetPageQuery } from '#contract/reports.ts';
import { type AccountEnv, byOf, requires } from '#server/accounts/index.ts';
import { AppError } from '#server/errors.ts';
import type { Reports } from './index.ts';

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
    const page = await reports.events(id, instanceId, c.req.query('before') ?? null);
    return answer(c, page ?? missing('This customer has no such instance.'));
  });

  return routes;
}

function missing(sentence: string): never {
  throw new AppError('not_found', sentence);
}

/** Reads a query string by a schema of the contract. Throws AppError('invalid') that names the first bad parameter. */
export function parseQuery<T extends z.ZodType>(
  schema: T,
  given: Record<string, string[]>,
): z.infer<T> {
  for (const [name, values] of Object.entries(given)) {
    // PostgreSQL has no such character.
    if (values.some((value) => value.includes('\0'))) refuse(name, 'it holds a NUL character');
  }
  const query = Object.fromEntries(
    Object.entries(given).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  return refuse(String(path[0]), message);
}

function refuse(parameter: string, why: string): never {
  throw new AppError('invalid', `The query parameter "${parameter}" is wrong: ${why}.`);
}
