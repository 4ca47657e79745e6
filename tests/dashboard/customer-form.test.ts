import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as contract from '#contract/customers.ts';
import { findRowFault, fromRows, newRow, toRows } from '#lib/customer/entitlement-rows.ts';
import { readFieldFault } from '#lib/customer/field-fault.ts';
import { expiresSoonDays, sayExpiry } from '#lib/customer/say-expiry.ts';
import { formatWholeDuration } from '#lib/format/time.ts';
import { fromLocalText, toLocalText } from '#lib/format/zoned-time.ts';

test('a sentence of the server is shown at the field that it names', () => {
  const cases: [string, string | null, string | null, string][] = [
    ['name: must not be empty.', 'name', null, 'Must not be empty.'],
    ['license.expiresAt: must be null.', 'expiresAt', null, 'Must be null.'],
    ['license.features[0]: must be one of a, b.', 'features', null, 'Must be one of a, b.'],
    ['license.entitlements.seats.value: no.', 'entitlements', 'seats', 'No.'],
    ['license.entitlements["a b"]: is no name.', 'entitlements', 'a b', 'Is no name.'],
    ['document: is not a kots.io License.', 'document', null, 'Is not a kots.io License.'],
  ];
  for (const [sentence, field, entitlement, message] of cases) {
    assert.equal(readFieldFault(sentence), { field, entitlement, message }, sentence);
  }
  for (const sentence of [
    'Somebody else changed Geeglo meanwhile: look at what holds now.',
    'revision: is missing.',
    'unknown field "x".',
    '',
  ]) {
    assert.is(readFieldFault(sentence), null, sentence);
  }
});

test('a moment is typed by the clock of its zone', () => {
  const cases = [
    ['2050-01-01T00:00:00.000Z', 'UTC', '2050-01-01T00:00'],
    ['2050-01-01T00:00:00.000Z', 'Europe/Berlin', '2050-01-01T01:00'],
    ['2026-07-01T12:00:30.000Z', 'America/New_York', '2026-07-01T08:00:30'],
  ] as const;
  for (const [at, zone, text] of cases) {
    assert.is(toLocalText(at, zone), text);
    assert.is(fromLocalText(text, zone), at);
  }
  // The clock shows half past two twice, and once not at all.
  assert.is(fromLocalText('2026-10-25T02:30', 'Europe/Berlin'), '2026-10-25T00:30:00.000Z');
  assert.is(fromLocalText('2026-03-29T02:30', 'Europe/Berlin'), '2026-03-29T01:30:00.000Z');
  assert.is(fromLocalText('', 'UTC'), null);
  assert.is(fromLocalText('tomorrow', 'UTC'), null);
});

test('what is typed back is the same moment, but where the clock shows it twice', () => {
  const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns');
  const seconds = fc.integer({ min: 1_500_000_000, max: 2_500_000_000 });
  fc.assert(
    fc.property(seconds, zone, (time, where) => {
      const at = new Date(time * 1000).toISOString();
      const back = fromLocalText(toLocalText(at, where), where)!;
      assert.ok([0, 3_600_000].includes(Date.parse(at) - Date.parse(back)), `${at} ${where}`);
    }),
  );
});

test('soon is within thirty days', () => {
  assert.is(expiresSoonDays, contract.expiresSoonDays);
  const now = Date.UTC(2026, 10, 1);
  const day = 86_400_000;
  const at = (offset: number) => new Date(now + offset).toISOString();
  assert.equal(sayExpiry(null, now), { kind: 'never', mark: null });
  assert.equal(sayExpiry(at(30 * day + 1), now), { kind: 'later', mark: null });
  assert.equal(sayExpiry(at(30 * day), now), { kind: 'soon', mark: 'Expires in 30 d' });
  assert.equal(sayExpiry(at(3_600_000), now), { kind: 'soon', mark: 'Expires in 1 h' });
  assert.equal(sayExpiry(at(0), now), { kind: 'expired', mark: 'Expired' });
});

test('entitlements keep their types through the form', () => {
  const more = { description: '', isHidden: false };
  const given = [
    { name: 'sso', title: 'SSO', value: true, valueType: 'Boolean', ...more },
    { name: 'seats', title: 'Seats', value: -5, valueType: 'Integer', ...more },
    { name: 'code', title: '', value: '007', valueType: 'String', ...more, isHidden: true },
  ];
  assert.equal(fromRows(toRows(given)), {
    code: { title: '', value: '007', valueType: 'String', isHidden: true },
    seats: { title: 'Seats', value: -5, valueType: 'Integer' },
    sso: { title: 'SSO', value: true, valueType: 'Boolean' },
  });
  const many = { ...newRow(), name: 'seats', valueType: 'Integer' as const, value: 'many' };
  assert.is(fromRows([many]).seats?.value, 'many', 'the server says what is wrong with it');
});

test('rows without a name, and two of one name, are found', () => {
  const [one, two, empty] = [newRow(), newRow(), newRow()];
  one.name = 'seats';
  two.name = ' seats ';
  assert.is(findRowFault([one]), null);
  assert.equal(findRowFault([one, two])?.key, two.key);
  assert.equal(findRowFault([one, empty])?.key, empty.key);
});

test('a whole duration adds up', () => {
  assert.is(formatWholeDuration(0), '0 s');
  assert.is(formatWholeDuration(14_818_678), '4 h 6 min 58.678 s');
  assert.is(formatWholeDuration(86_400_000), '1 d');
  assert.is(formatWholeDuration(-61_000), '− 1 min 1 s');
});

test.run();
