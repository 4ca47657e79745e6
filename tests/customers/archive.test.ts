import { eq } from 'drizzle-orm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { portalSessions } from '#db/schema.ts';
import type { EditedCustomer } from '#contract/customers.ts';
import { licenseIds } from '../support/fleet.ts';
import { openOffice } from './office.ts';

const office = await openOffice();
const { db } = office.fresh;
const act = (deed: 'archive' | 'restore', revision: number, id = 'geeglo') =>
  office.ask<EditedCustomer>('POST', `/api/customers/${id}/${deed}`, { revision });
const logins = () => db.$count(portalSessions, eq(portalSessions.customerId, 'geeglo'));
const basic = `Basic ${Buffer.from(`${licenseIds.geeglo}:${licenseIds.geeglo}`).toString('base64')}`;
const ask = async (method: string, path: string) =>
  (await office.app.request(path, { method, headers: { authorization: basic } })).status;
/** Update check and license read, as a client that starts makes them: without an instance. */
const start = async () => [
  await ask('POST', '/release/acme/pending'),
  await ask('GET', '/license'),
];

test('the instances of an archived customer are refused from the next report on, and say why', async () => {
  assert.is(await office.checkIn(licenseIds.geeglo), 200);
  assert.equal(await start(), [200, 200]);
  for (const [customerId, tokenHash] of [
    ['geeglo', 'a'],
    ['geeglo', 'b'],
    ['lapsed', 'c'],
  ] as const) {
    const expiresAt = new Date(Date.now() + 3_600_000);
    await db.insert(portalSessions).values({ tokenHash, customerId, expiresAt });
  }
  const { revision } = (await office.report('geeglo')).customer;
  const { status, body } = await act('archive', revision);
  assert.is(status, 200);
  assert.equal(body, { id: 'geeglo', revision: revision + 1 });

  assert.is(await office.checkIn(licenseIds.geeglo), 403);
  assert.equal(await start(), [403, 403]);
  const { customer, rows } = await office.report('geeglo');
  assert.type(customer.archivedAt, 'string');
  assert.is(rows[0]?.presence, 'refused');
  assert.is(rows[0]?.refusal?.reason, 'customer archived');
  assert.is(await logins(), 0, 'its logins at the portal end');
  assert.is(await db.$count(portalSessions), 1, 'and no other ones');
  assert.is((await office.lastNote())?.action, 'customer.archived');
});

test('an archived customer that is archived again stays as it is', async () => {
  const { revision, archivedAt } = (await office.report('geeglo')).customer;
  assert.equal((await act('archive', revision)).body, { id: 'geeglo', revision });
  assert.is((await office.report('geeglo')).customer.archivedAt, archivedAt);
});

test('a restored customer has everything back', async () => {
  const { revision } = (await office.report('geeglo')).customer;
  assert.is((await act('restore', revision - 1)).status, 409);
  assert.is((await act('restore', revision)).status, 200);
  assert.is(await office.checkIn(licenseIds.geeglo), 200);
  assert.equal(await start(), [200, 200]);
  const { customer, rows } = await office.report('geeglo');
  assert.is(customer.archivedAt, null);
  assert.is(rows[0]?.presence, 'current');
  assert.is((await office.lastNote())?.action, 'customer.restored');
});

test('what is unknown is not found, and a revision must be named', async () => {
  assert.is((await act('archive', 0, 'nobody')).status, 404);
  const without = await office.ask('POST', '/api/customers/geeglo/archive', {});
  assert.is(without.status, 400);
  assert.is(without.message, 'revision: is missing.');
});

test.after(() => office.close());
test.run();
