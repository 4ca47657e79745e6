import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openApp, type TestApp } from '../support/app.ts';
import { licenseIds } from '../support/fleet.ts';
import { type Visitor, visitorOf } from '../support/session.ts';

interface Context {
  house: TestApp;
  viewer: Visitor;
}
const test = suite<Context>('license ids');
test.before(async (context) => {
  context.house = await openApp();
  const { app, fresh } = context.house;
  context.viewer = await visitorOf(fresh.db, 'viewer');
  for (const [customer, id] of Object.entries(licenseIds)) {
    for (const status of ['ready', 'degraded']) {
      const basic = Buffer.from(`${id}:${id}`).toString('base64');
      await app.request('/kots_metrics/license_instance/info', {
        method: 'POST',
        headers: {
          authorization: `Basic ${basic}`,
          'x-replicated-instanceid': `of-${customer}`,
          'x-replicated-appstatus': status,
          'x-replicated-k8sversion': 'v1.31.0',
        },
        body: '{}',
      });
    }
  }
});
test.after(({ house }) => house.close());

/** Addresses for every pattern: for each customer, and for each of their instances. */
function fill(pattern: string): string[] {
  if (!pattern.includes(':')) return [pattern];
  return ['geeglo', 'lapsed', 'gone', 'roamway'].flatMap((customer) =>
    Object.keys(licenseIds).map((instance) =>
      pattern.replace(':instanceId', `of-${instance}`).replace(':id', customer),
    ),
  );
}

test('no answer to a viewer, good or bad, header or body, holds a license id', async ({
  house,
  viewer,
}) => {
  const { app } = house;
  const routes = new Set(app.routes.map(({ method, path }) => `${method} ${path}`));
  const found: Record<number, number> = {};
  for (const route of routes) {
    const [method, pattern] = route.split(' ') as [string, string];
    if (/\*|session|sign-out/.test(pattern)) continue;
    for (const path of fill(pattern)) {
      const { cookie, origin } = viewer;
      const body = ['GET', 'ALL', 'DELETE'].includes(method) ? undefined : '{}';
      const asked = method === 'ALL' ? 'GET' : method;
      const answer = await app.request(path, {
        method: asked,
        headers: { host: 'localhost', cookie, origin },
        body,
      });
      const text = `${JSON.stringify([...answer.headers])}\n${await answer.text()}`;
      for (const id of Object.values(licenseIds)) assert.not.ok(text.includes(id), route);
      found[answer.status] = (found[answer.status] ?? 0) + 1;
    }
  }
  // It would be no proof if nothing had been there.
  assert.ok((found[200] ?? 0) >= 12, JSON.stringify(found));
  assert.is(found[500], undefined);
});

test('a fleet’s page holds the instances that reported under those licenses', async ({
  house,
  viewer,
}) => {
  const headers = { cookie: viewer.cookie };
  const text = await (await house.app.request('/api/fleet', { headers })).text();
  assert.match(text, 'of-geeglo');
  assert.match(text, 'of-roamway');
});

test('neither viewer nor reading token is told an id when asking for it', async ({
  house,
  viewer,
}) => {
  const { cookie, origin } = viewer;
  const path = '/api/customers/geeglo/license-id';
  const answer = await house.app.request(path, {
    method: 'POST',
    headers: { host: 'localhost', cookie, origin },
  });
  assert.is(answer.status, 403);
  assert.is((await house.app.request(path, { headers: { cookie } })).status, 404);
});

test.run();
