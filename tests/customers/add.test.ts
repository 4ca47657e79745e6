import { eq } from 'drizzle-orm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { customers, portals } from '#db/schema.ts';
import type { EditedCustomer } from '#contract/customers.ts';
import { idOf } from '#server/customers/make-ids.ts';
import { openOffice, plainTerms } from './office.ts';

const office = await openOffice();
const { db } = office.fresh;
const add = (more: object = {}) =>
  office.ask<EditedCustomer>('POST', '/api/customers', {
    app: 'acme',
    channel: 'acme-stable',
    name: 'Söhne & Co',
    license: plainTerms,
    ...more,
  });

test('a customer is made with a license, a portal, and an id from its name', async () => {
  const begun = Date.now();
  const { status, body } = await add({
    email: 'ops@soehne.example',
    license: {
      type: 'trial',
      expiresAt: '2050-01-01T01:00:00+01:00',
      features: ['snapshots', 'airgap'],
      entitlements: { seats: { title: 'Seats', value: 5, valueType: 'Integer' } },
    },
  });
  assert.is(status, 201);
  assert.equal(body, { id: 'sohne-co', revision: 0 });
  const { customer, license } = await office.stored('sohne-co');
  assert.is(customer.email, 'ops@soehne.example');
  assert.match(license.licenseId, /^[0-9A-Za-z]{27}$/);
  assert.ok(Math.abs(license.createdAt.getTime() - begun) < 10_000);
  assert.is(license.expiresAt?.toISOString(), '2050-01-01T00:00:00.000Z');
  assert.equal(license.features, ['airgap', 'snapshots']);
  assert.is(license.sequence, 1);
  const [portal] = await db.select().from(portals).where(eq(portals.customerId, 'sohne-co'));
  assert.match(portal?.slug ?? '', /^[0-9a-f]{32}$/);
  assert.is((await office.report('sohne-co')).customer.license.type, 'trial');

  const note = await office.lastNote();
  assert.is(note?.action, 'customer.added');
  assert.is(note?.targetName, 'Söhne & Co');
  assert.not.match(JSON.stringify(note), license.licenseId);
  assert.is(await office.checkIn(license.licenseId), 200, 'its license works at once');
});

test('customers of one name get ids of their own, also at the same moment', async () => {
  const made = await Promise.all([1, 2, 3, 4].map(() => add({ name: 'Same Name' })));
  assert.equal(made.map(({ body }) => body.id).sort(), [
    'same-name',
    'same-name-2',
    'same-name-3',
    'same-name-4',
  ]);
  const ids = await Promise.all(
    made.map(async ({ body }) => (await office.stored(body.id)).license),
  );
  assert.is(new Set(ids.map(({ licenseId }) => licenseId)).size, 4);
});

test('an id that is asked for is taken as it is, or refused when another customer has it', async () => {
  assert.is((await add({ id: 'Asked.For' })).body.id, 'Asked.For');
  const { status, message } = await add({ id: 'geeglo' });
  assert.is(status, 409);
  assert.is(message, 'id: another customer has the id geeglo already.');
});

test('ids are made of any name', () => {
  const cases = [
    ['Geeglo', 'geeglo'],
    ['  Ünï—Corp.  GmbH ', 'uni-corp-gmbh'],
    ['株式会社', 'customer'],
    ['--', 'customer'],
    ['Facets', 'facets-1'],
    [`${'x'.repeat(59)} yz`, 'x'.repeat(59)],
  ] as const;
  for (const [name, id] of cases) assert.is(idOf(name), id);
});

test('what is wrong is said in one sentence that names the field, and nothing is made', async () => {
  const before = await db.$count(customers);
  const license = (more: object) => ({ license: { ...plainTerms, ...more } });
  const cases: [object, RegExp][] = [
    [{ app: 'nowhere' }, /^app: there is no such app\.$/],
    [{ channel: 'beacon-stable' }, /^channel: must be one of the channels of Acme Search\.$/],
    [{ channel: 'nowhere' }, /^channel: /],
    [{ name: ' Geeglo' }, /^name: must be text without spaces at its ends\.$/],
    [{ email: 'nobody' }, /^email: must be an email address\.$/],
    [{ id: 'a b' }, /^id: must be letters/],
    [{ id: 'facets' }, /^id: no customer may have the id facets\.$/],
    [{ licenseId: 'mine' }, /^unknown field "licenseId"\.$/],
    [license({ type: 'free' }), /^license\.type: must be one of dev, trial, paid, community\.$/],
    [
      license({ expiresAt: '2050-01-01T00:00:00' }),
      /^license\.expiresAt: must be a time with its zone/,
    ],
    [license({ expiresAt: undefined }), /^license\.expiresAt: is missing\.$/],
    [
      license({ type: 'community', expiresAt: '2050-01-01T00:00:00Z' }),
      /^license\.expiresAt: must be null: a community license does not expire\.$/,
    ],
    [
      license({ type: 'community', features: ['airgap'] }),
      /^license\.features: must not hold airgap: a community license does not have it\.$/,
    ],
    [
      license({ entitlements: { seats: { title: 'Seats', value: 'x', valueType: 'Integer' } } }),
      /^license\.entitlements\.seats\.value: does not fit valueType Integer\.$/,
    ],
    [
      license({ entitlements: { expires_at: { title: '', value: '', valueType: 'String' } } }),
      /^license\.entitlements\.expires_at: comes from expiresAt/,
    ],
    [
      license({ entitlements: JSON.parse('{ "__proto__": { "title": "" } }') as object }),
      /^license\.entitlements\.__proto__: is no name for an entitlement\.$/,
    ],
  ];
  for (const [more, words] of cases) {
    const { status, message } = await add(more);
    assert.is(status, 400, JSON.stringify(more));
    assert.match(message, words);
  }
  assert.is(await db.$count(customers), before);
});

test.after(() => office.close());
test.run();
