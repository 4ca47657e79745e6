import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { eq } from 'drizzle-orm';
import { Hono } from 'hono';
import { auditEntries, instanceMetrics } from '#db/schema.ts';
import type { AccountEnv } from '#server/accounts/index.ts';
import { AppError } from '#server/errors.ts';
import { createReports, reportRoutes } from '#server/reports/index.ts';
import { freshDatabase } from '../support/database.ts';
import { actAs } from '../support/session.ts';
import { seedEvents, seedInstance, seedVendor, testConfig } from './seed.ts';

const { db, close } = await freshDatabase();
await seedVendor(db, ['Geeglo']);
const id = await seedInstance(db, { instanceId: 'a/b c' });
await seedEvents(db, id, [{ at: Date.now(), before: null, after: 'ready' }]);
await db
  .insert(instanceMetrics)
  .values({ instance: id, name: 'by/name %', value: 1, updatedAt: new Date() });
const ears = () => [{ from: Date.now() - 1000, to: Date.now() }];
const reports = createReports({ db, config: testConfig(), ears, build: 'test' });
const app = new Hono<AccountEnv>();
app.use(actAs('admin'));
app.route('/', reportRoutes(reports));
app.onError((error, c) =>
  error instanceof AppError ? c.json({ message: error.message }, error.status) : c.text('', 500),
);

const instancePath = `/api/customers/geeglo/instances/${encodeURIComponent('a/b c')}`;

test('every report is answered, is not to be stored, and holds no license id', async () => {
  for (const path of [
    '/api/workspace',
    '/api/fleet',
    '/api/fleet?attention=ready,late&customer=geeglo&archived=true&page=0&sort=version',
    '/api/fleet/facets',
    '/api/customers/geeglo',
    instancePath,
    `${instancePath}/events`,
    `${instancePath}/metrics`,
    `${instancePath}/metrics/${encodeURIComponent('by/name %')}?range=2d`,
  ]) {
    const response = await app.request(path);
    const text = await response.text();
    assert.is(response.status, 200, `${path}: ${text}`);
    assert.is(response.headers.get('cache-control'), 'no-store');
    assert.not.match(text, 'secret-of-');
  }
});

test('the license id is told by its own route alone, which leaves a note', async () => {
  const response = await app.request('/api/customers/geeglo/license-id', { method: 'POST' });
  assert.equal(await response.json(), { licenseId: 'secret-of-geeglo' });
  assert.is(response.headers.get('cache-control'), 'no-store');
  const [note] = await db
    .select()
    .from(auditEntries)
    .where(eq(auditEntries.action, 'license-id.revealed'));
  assert.is(note?.targetName, 'Geeglo');
  assert.is(note?.actorName, 'Somebody');
});

test('what does not exist is answered 404 with one sentence', async () => {
  for (const path of [
    '/api/customers/nobody',
    '/api/customers/geeglo/instances/none',
    '/api/customers/nobody/instances/a',
    '/api/customers/geeglo/instances/none/events',
    '/api/customers/geeglo/instances/none/metrics',
    '/api/customers/geeglo/instances/none/metrics/users',
    `${instancePath}/metrics/none`,
    `${instancePath}/metrics/a%00b`,
    '/api/customers/a%00b',
    '/api/customers/geeglo/instances/a%00b/events',
  ]) {
    const response = await app.request(path);
    assert.is(response.status, 404, path);
    assert.match(((await response.json()) as { message: string }).message, /^[A-Z][^.]*\.$/);
  }
  const unknown = '/api/customers/nobody/license-id';
  assert.is((await app.request(unknown, { method: 'POST' })).status, 404);
});

test('a bad query is answered 400 and names the parameter', async () => {
  for (const [query, parameter] of [
    ['sort=size', 'sort'],
    ['direction=up', 'direction'],
    ['attention=ready,angry', 'attention'],
    ['page=-1', 'page'],
    ['page=x', 'page'],
    ['archived=maybe', 'archived'],
    ['connection=wifi', 'connection'],
    [`search=${'x'.repeat(201)}`, 'search'],
    ['search=a&search=b', 'search'],
    ['search=%00', 'search'],
    ['customer=a%00b', 'customer'],
  ]) {
    const response = await app.request(`/api/fleet?${query}`);
    assert.is(response.status, 400, query);
    assert.match(((await response.json()) as { message: string }).message, `"${parameter}"`);
  }
});

test('activity that cannot be asked for is answered 400, and one around an unknown event 404', async () => {
  const at = '2026-11-24T00:00:00.000Z';
  for (const [query, parameter] of [
    ['cursor=x', 'cursor'],
    [`cursor=${at},1`, 'cursor'],
    [`cursor=older,${at}`, 'cursor'],
    ['cursor=older,2026-13-41T00:00:00.000Z,1', 'cursor'],
    [`cursor=elder,${at},1`, 'cursor'],
    [`cursor=older,${at},1&around=1`, 'around'],
    ['around=x', 'around'],
    ['around=1e300', 'around'],
    ['types=app status,mood', 'types'],
    [`before=older,${at},1`, 'before'],
    ['after=yesterday', 'after'],
    [`text=${'x'.repeat(201)}`, 'text'],
  ]) {
    const response = await app.request(`${instancePath}/events?${query}`);
    assert.is(response.status, 400, query);
    assert.match(((await response.json()) as { message: string }).message, `"${parameter}"`);
  }
  const unknown = await app.request(`${instancePath}/events?around=999999`);
  assert.is(unknown.status, 404);
});

test.after(close);
test.run();
