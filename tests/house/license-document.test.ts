import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { licenseDocument, licenseFields } from '#server/license-document.ts';
import type { LicenseRecord } from '#server/store/licenses.ts';

const license: LicenseRecord = {
  customerId: 'geeglo',
  customerName: 'Geeglo: Söhne & Co',
  appSlug: 'acme',
  channelId: 'acme-stable',
  channelName: 'Stable',
  archived: false,
  licenseId: '2Rq8WLcsjfxqrMysjvB1WodYkBj',
  type: 'paid',
  createdAt: Date.UTC(2026, 5, 28, 8),
  expiresAt: Date.UTC(2050, 0, 1),
  features: ['airgap', 'snapshots'],
  entitlements: {
    seats: { title: 'Seats', description: 'Paid seats', value: 25, valueType: 'Integer' },
    sso: { title: 'SSO', value: true, valueType: 'Boolean', isHidden: true },
    code: { title: 'Code', value: '007', valueType: 'String' },
  },
  sequence: 4,
  document: null,
};

const golden = `apiVersion: kots.io/v1beta1
kind: License
metadata:
  name: geeglo
spec:
  licenseID: 2Rq8WLcsjfxqrMysjvB1WodYkBj
  licenseType: prod
  customerName: "Geeglo: Söhne & Co"
  appSlug: acme
  channelID: acme-stable
  channelName: Stable
  licenseSequence: 4
  endpoint: https://rollcall.example.com
  entitlements:
    expires_at:
      title: Expiration
      description: License Expiration
      value: "2050-01-01T00:00:00Z"
      valueType: String
      signature: {}
    seats:
      title: Seats
      description: Paid seats
      value: 25
      valueType: Integer
      signature: {}
    sso:
      title: SSO
      value: true
      valueType: Boolean
      isHidden: true
      signature: {}
    code:
      title: Code
      value: "007"
      valueType: String
      signature: {}
  isAirgapSupported: true
  isSnapshotSupported: true
`;

test('the generated document is this, byte for byte', () => {
  assert.is(licenseDocument(license, 'https://rollcall.example.com'), golden);
});

test('a license without expiry says so in an empty value', () => {
  const document = licenseDocument({ ...license, expiresAt: null }, 'http://x');
  const { spec } = parse(document) as {
    spec: { entitlements: { expires_at: { value: unknown } } };
  };
  assert.is(spec.entitlements.expires_at.value, '');
});

test('a time that YAML 1.1 would read as a time stays text for the clients', () => {
  type Document = {
    spec: { customerName: unknown; entitlements: { expires_at: { value: unknown } } };
  };
  const document = licenseDocument({ ...license, customerName: 'Yes' }, 'http://x');
  const { spec } = parse(document, { version: '1.1' }) as Document;
  assert.is(spec.entitlements.expires_at.value, '2050-01-01T00:00:00Z');
  assert.is(spec.customerName, 'Yes');
});

test("the vendor's own document is answered as it is", () => {
  const document = '\uFEFF# signed\r\nkind: License   \r\n';
  assert.is(licenseDocument({ ...license, document }, 'http://x'), document);
});

test('the fields are the entitlements, the expiry among them', () => {
  assert.equal(Object.keys(licenseFields(license)), ['expires_at', 'seats', 'sso', 'code']);
  assert.equal(licenseFields(license).seats, {
    name: 'seats',
    title: 'Seats',
    description: 'Paid seats',
    value: 25,
    valueType: 'Integer',
    isHidden: false,
    signature: {},
  });
});

test("the fields of a signed document are the document's, with their signatures", () => {
  const document = `spec:
  entitlements:
    seats: { title: Seats, value: 99, valueType: Integer, signature: { v1: c2ln } }
`;
  assert.equal(licenseFields({ ...license, document }), {
    seats: {
      name: 'seats',
      title: 'Seats',
      description: '',
      value: 99,
      valueType: 'Integer',
      isHidden: false,
      signature: { v1: 'c2ln' },
    },
  });
});

test.run();
