import { strict as assert } from 'node:assert';
import { suite } from 'uvu';
import {
  type CustomerRow,
  type CustomersQuery,
  customerSortKeys,
  customersQuery,
  expiresSoonDays,
} from '#contract/customers.ts';
import { mergeCustomer } from '#lib/customers/merge-customer.ts';
import * as query from '#lib/customers/query.ts';
import { sayExpiry } from '#lib/customers/say-license.ts';
import { sayCustomerUptime } from '#lib/customers/say-uptime.ts';
import { digestOf, isBehind } from '#lib/live/digest.ts';

const test = suite('list of customers');
const day = 86_400_000;

const row: CustomerRow = {
  id: 'geeglo',
  revision: 3,
  name: 'Geeglo',
  app: { slug: 'acme', name: 'Acme Search' },
  channel: { id: 'stable', name: 'Stable' },
  license: { type: 'paid', expiresAt: null },
  archived: false,
  counts: { active: 1, airGap: 0, inactive: 1 },
  worst: 'ready',
  uptime: { up: 0, degraded: 0, down: 0 },
  lastCheckInAt: null,
};

test('a query comes back from the address as it went, commas and all', () => {
  const asked: CustomersQuery = {
    search: 'a & b %_',
    app: ['one, two'],
    channel: ['stable', 'beta'],
    type: ['trial', 'paid'],
    expiring: 'soon',
    problems: true,
    archived: true,
    sort: 'uptime',
    direction: 'desc',
  };
  const read = query.readQuery(new URLSearchParams(query.writeQuery(asked).toString()));
  assert.deepEqual(read, asked);
  assert.equal(query.writeQuery(query.everything).toString(), '');
  assert.equal(query.isNarrowed({ ...query.everything, sort: 'worst' }), false);
  assert.equal(query.isNarrowed({ ...query.everything, problems: true }), true);
});

test('what an address says wrongly is left out', () => {
  const params = new URLSearchParams('type=gold,trial&sort=size&expiring=never&problems=1');
  assert.deepEqual(query.readQuery(params), { ...query.everything, type: ['trial'] });
});

test('words and defaults are those of the contract', () => {
  assert.deepEqual(Object.keys(query.sortWords).toSorted(), [...customerSortKeys].toSorted());
  assert.deepEqual(customersQuery.parse({}), query.everything);
});

test('a row takes the higher revision, of equal ones the later reading, and nothing older', () => {
  const known = { ...row, asOf: '2026-11-24T08:00:00.000Z' };
  const later = '2026-11-24T08:00:01.000Z';
  const earlier = '2026-11-24T07:59:59.000Z';
  const lastCheckInAt = '2026-11-24T08:00:00.500Z';
  assert.equal(mergeCustomer(known, { ...row, lastCheckInAt }, later).lastCheckInAt, lastCheckInAt);
  assert.equal(mergeCustomer(known, { ...row, worst: 'late' }, earlier), known);
  assert.equal(mergeCustomer(known, { ...row, revision: 2, worst: 'late' }, later), known);
  assert.equal(mergeCustomer(known, { ...row, revision: 4, worst: 'late' }, earlier).worst, 'late');
});

test('an expiry is marked when it is near, and when it has passed', () => {
  const now = Date.parse('2026-11-24T12:00:00Z');
  const say = (days: number) =>
    sayExpiry({ type: 'paid', expiresAt: new Date(now + days * day).toISOString() }, now);
  assert.deepEqual(sayExpiry({ type: 'paid', expiresAt: null }, now).words, 'No expiry');
  assert.equal(say(expiresSoonDays + 1).mark, null);
  assert.equal(say(expiresSoonDays).mark, 'soon');
  assert.match(say(3).words, /^Expires in 3 d$/);
  assert.equal(say(0).mark, 'expired');
  assert.match(say(-1).words, /^Expired 23 Nov 2026$/);
});

test('uptime is of all instances together; its coverage is that of one on average', () => {
  const say = (up: number, down: number, counts = row.counts) =>
    sayCustomerUptime({ uptime: { up, degraded: 0, down }, counts }, 14 * day);
  const seconds = (days: number) => (days * day) / 1000;
  assert.deepEqual(say(0, 0), { ratio: '–', known: false, coverage: null });
  assert.deepEqual(say(seconds(28), 0), { ratio: '100 %', known: true, coverage: null });
  assert.deepEqual(say(seconds(18), seconds(2)), {
    ratio: '90 %',
    known: true,
    coverage: 'of 10 d',
  });
});

test('a customer that never checked in does not look behind', () => {
  const mine = digestOf([{ revision: 3, lastCheckInAt: null }]);
  assert.equal(isBehind(mine, { count: 1, revisions: 3, newestCheckInAt: null }), false);
  assert.equal(isBehind(mine, { count: 1, revisions: 3, newestCheckInAt: '2026' }), true);
});

test.run();
