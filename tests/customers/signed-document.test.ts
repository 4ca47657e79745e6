import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import type { EditedCustomer } from '#contract/customers.ts';
import { tokenOf } from '../support/session.ts';
import { openOffice, plainTerms } from './office.ts';

const office = await openOffice();
const change = (id: string, body: object) =>
  office.ask<EditedCustomer>('PATCH', `/api/customers/${id}`, body);
const expiresAt = '2050-01-01T00:00:00Z';

async function make(name: string) {
  const { body } = await office.ask<EditedCustomer>('POST', '/api/customers', {
    ...{ app: 'acme', channel: 'acme-stable', name, license: { ...plainTerms, expiresAt } },
  });
  return { id: body.id, licenseId: (await office.stored(body.id)).license.licenseId };
}

const sign = (spec: object) =>
  JSON.stringify({ apiVersion: 'kots.io/v1beta1', kind: 'License', spec });
const signedFor = (licenseId: string, more: object = {}) =>
  sign({
    licenseID: licenseId,
    appSlug: 'acme',
    signature: 'c2ln',
    entitlements: { expires_at: { value: expiresAt } },
    ...more,
  });

async function read(licenseId: string): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${licenseId}:${licenseId}`).toString('base64')}`;
  return (await office.app.request('/license/acme', { headers: { authorization } })).text();
}

async function download(id: string): Promise<Response> {
  const headers = await tokenOf(office.fresh.db, 'write');
  return office.app.request(`/api/customers/${id}/license-document`, { method: 'POST', headers });
}

test('a signed document is answered byte for byte until it is dropped', async () => {
  const { id, licenseId } = await make('Signing');
  const document = `# by the vendor\r\n${signedFor(licenseId)}\n`;
  assert.is((await change(id, { revision: 0, document })).status, 200);
  assert.is(await read(licenseId), document);
  assert.is((await office.report(id)).customer.license.signed, true);
  assert.equal((await office.lastNote())?.details, {
    ...{ before: {}, after: {}, document: 'brought' },
  });
  assert.is(await (await download(id)).text(), document);

  const { sequence } = (await office.stored(id)).license;
  assert.is((await change(id, { revision: 1, document: null })).status, 200);
  const { spec } = parse(await read(licenseId)) as { spec: { licenseSequence: number } };
  assert.is(spec.licenseSequence, sequence + 1, 'clients take the other document over');
});

test('an edit that a signed document contradicts is refused, and says what to do', async () => {
  const { id, licenseId } = await make('Contradicting');
  await change(id, { revision: 0, document: signedFor(licenseId) });
  const expiry = { expiresAt: '2051-01-01T00:00:00Z' };
  const refused = await change(id, { revision: 1, license: expiry });
  assert.is(refused.status, 409);
  assert.match(
    refused.message,
    /expires 2050-01-01T00:00:00Z.*bring a new signed document, or drop it/,
  );
  assert.is((await office.stored(id)).license.expiresAt?.toISOString(), '2050-01-01T00:00:00.000Z');

  const rotation = await office.ask('POST', `/api/customers/${id}/license-id/rotation`, {
    revision: 1,
  });
  assert.is(rotation.status, 409);
  assert.match(rotation.message, /drop it first/);

  assert.is(
    (await change(id, { revision: 1, name: 'Renamed' })).status,
    200,
    'it says nothing of that',
  );
  const entitlements = { expires_at: { value: expiry.expiresAt } };
  const document = signedFor(licenseId, { entitlements });
  assert.is((await change(id, { revision: 2, license: expiry, document })).status, 200);
  const dropped = { revision: 3, license: { expiresAt: null }, document: null };
  assert.is((await change(id, dropped)).status, 200);
});

test('a document that is none for this license is refused by name', async () => {
  const { id, licenseId } = await make('Refusing');
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
    .split('')
    .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`)
    .join('\n')}\n`;
  const cases: [string, RegExp][] = [
    ['', /is not a kots\.io License/],
    ['kind: License', /is not a kots\.io License/],
    ['{', /is not a kots\.io License/],
    [bomb, /is not a kots\.io License/],
    [signedFor('another'), /holds a license of another licenseID/],
    [signedFor(licenseId, { appSlug: 'beacon' }), /holds a license of the app beacon/],
    [
      signedFor(licenseId, { entitlements: { expires_at: { value: '' } } }),
      /says that the license expires never/,
    ],
  ];
  for (const [document, words] of cases) {
    const { status, message } = await change(id, { revision: 0, document });
    assert.is(status, 400, document.slice(0, 60));
    assert.match(message, /^document: .*\.$/);
    assert.match(message, words);
  }
  assert.is((await office.stored(id)).license.document, null);
});

test('a whole license document may be brought, and more than that may not', async () => {
  const { id, licenseId } = await make('Lengthy');
  const document = `${signedFor(licenseId)}\n#${'x'.repeat(900_000)}`;
  assert.is((await change(id, { revision: 0, document })).status, 200);
  const longer = await change(id, { revision: 1, document: 'x'.repeat(1_000_001) });
  assert.match(longer.message, /^document: must be at most 1000000 characters long/);
  assert.is((await change(id, { revision: 1, document: 'x'.repeat(5_000_000) })).status, 413);
});

test('the license is handed out as a file, and that is noted', async () => {
  const { id, licenseId } = await make('Downloading');
  const response = await download(id);
  assert.is(response.status, 200);
  assert.is(response.headers.get('content-type'), 'application/yaml; charset=utf-8');
  assert.is(
    response.headers.get('content-disposition'),
    'attachment; filename="downloading-license.yaml"',
  );
  assert.is(response.headers.get('cache-control'), 'no-store');
  assert.is(await response.text(), await read(licenseId), 'as the clients get it');
  const note = await office.lastNote();
  assert.is(note?.action, 'license.downloaded');
  assert.is(note?.targetName, 'Downloading');
  assert.is((await download('nobody')).status, 404);
});

test.after(() => office.close());
test.run();
