import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { auditEntries } from '#db/schema.ts';
import type { EditedCustomer } from '#contract/customers.ts';
import { openOffice, plainTerms } from './office.ts';

const office = await openOffice();
const { db } = office.fresh;
const change = (id: string, body: object) =>
  office.ask<EditedCustomer>('PATCH', `/api/customers/${id}`, body);

/** A new customer of the app. @returns its id */
async function make(name: string, more: object = {}): Promise<string> {
  const { body } = await office.ask<EditedCustomer>('POST', '/api/customers', {
    ...{ app: 'acme', channel: 'acme-stable', name, license: { ...plainTerms, ...more } },
  });
  return body.id;
}

test('what an edit leaves out stays as it is, and its revision is raised', async () => {
  const id = await make('Partly', { features: ['gitops'], expiresAt: '2050-01-01T00:00:00Z' });
  const { status, body } = await change(id, {
    revision: 0,
    name: 'Partly Renamed',
    license: { type: 'trial' },
  });
  assert.is(status, 200);
  assert.equal(body, { id, revision: 1 });
  const { customer, license } = await office.stored(id);
  assert.is(customer.name, 'Partly Renamed');
  assert.is(customer.channelId, 'acme-stable');
  assert.is(license.type, 'trial');
  assert.equal(license.features, ['gitops']);
  assert.is(license.expiresAt?.toISOString(), '2050-01-01T00:00:00.000Z');

  const note = await office.lastNote();
  assert.is(note?.action, 'customer.changed');
  assert.equal(note?.details, {
    before: { name: 'Partly', type: 'paid' },
    after: { name: 'Partly Renamed', type: 'trial' },
  });
});

test('whoever edits an older one than there is, is refused, and nothing is changed', async () => {
  const id = await make('Contended');
  const [one, two] = await Promise.all([
    change(id, { revision: 0, name: 'First' }),
    change(id, { revision: 0, name: 'Second' }),
  ]);
  assert.equal([one.status, two.status].sort(), [200, 409]);
  const refused = one.status === 409 ? one : two;
  assert.match(refused.message, /^Somebody else changed (First|Second) meanwhile: .*\.$/);
  const { customer } = await office.stored(id);
  assert.is(customer.revision, 1);
  assert.is(customer.name, one.status === 200 ? 'First' : 'Second');
  assert.is((await change(id, { revision: 7, name: 'Ahead' })).status, 409);
});

test('every change of what the license document says raises the license sequence, no other does', async () => {
  const id = await make('Sequenced');
  const seats = { title: 'Seats', value: 5, valueType: 'Integer' };
  const steps: [object, boolean][] = [
    [{ email: 'ops@sequenced.example' }, false],
    [{ name: 'Sequenced Ltd.' }, true],
    [{ channel: 'acme-beta' }, true],
    [{ license: { type: 'trial' } }, true],
    [{ license: { expiresAt: '2051-01-01T00:00:00Z' } }, true],
    [{ license: { features: ['snapshots'] } }, true],
    [{ license: { entitlements: { seats } } }, true],
    [{ license: { entitlements: { seats: { ...seats, isHidden: true } } } }, true],
    [{ email: null }, false],
  ];
  let { sequence } = (await office.stored(id)).license;
  for (const [index, [step, raises]] of steps.entries()) {
    const { status } = await change(id, { revision: index, ...step });
    assert.is(status, 200, JSON.stringify(step));
    const after = (await office.stored(id)).license.sequence;
    assert.is(after, sequence + (raises ? 1 : 0), JSON.stringify(step));
    sequence = after;
  }
});

test('an edit that changes nothing leaves no trace', async () => {
  const notes = await db.$count(auditEntries);
  const { customer } = await office.report('geeglo');
  const { name, email, channel, license, revision } = customer;
  const { type, expiresAt, features } = license;
  const { body } = await change('geeglo', {
    ...{ revision, name, email, channel: channel.id, license: { type, expiresAt, features } },
  });
  assert.equal(body, { id: 'geeglo', revision });
  assert.is(await db.$count(auditEntries), notes);
});

test('the rules of a community license hold for what the edit leads to', async () => {
  const id = await make('Free', { features: ['airgap'] });
  const community = (more: object) =>
    change(id, { revision: 0, license: { type: 'community', ...more } });
  const airGap = await community({});
  assert.is(airGap.status, 400);
  assert.match(airGap.message, /^license\.features: must not hold airgap/);
  const expiring = await community({ features: [], expiresAt: '2050-01-01T00:00:00Z' });
  assert.match(expiring.message, /^license\.expiresAt: must be null/);
  assert.is((await community({ features: [] })).status, 200);
  const again = await change(id, { revision: 1, license: { features: ['airgap'] } });
  assert.match(again.message, /^license\.features: /);
  assert.is((await office.stored(id)).customer.revision, 1);
});

test('what is wrong is named, what is unknown is not found', async () => {
  const other = await change('geeglo', { revision: 0, channel: 'beacon-stable' });
  assert.is(other.status, 409, 'an old revision comes first');
  const { revision } = (await office.report('geeglo')).customer;
  const wrong = await change('geeglo', { revision, channel: 'beacon-stable' });
  assert.is(wrong.status, 400);
  assert.is(wrong.message, 'channel: must be one of the channels of Acme Search.');
  assert.match((await change('geeglo', { name: 'x' })).message, /^revision: is missing\.$/);
  const unknown = await change('nobody', { revision: 0 });
  assert.is(unknown.status, 404);
  assert.is(unknown.message, 'There is no such customer.');
  assert.is((await change('a%00b', { revision: 0 })).status, 404);
});

test.after(() => office.close());
test.run();
