import { strict as assert } from 'node:assert';
import { suite } from 'uvu';
import { type FleetQuery, fleetQuery, pageSize, sortKeys } from '#contract/reports.ts';
import * as query from '#lib/fleet/query.ts';
import { pageSize as here } from '#lib/list/order.ts';

const test = suite('the query in the address');

const full: FleetQuery = {
  search: 'a&b=c é',
  attention: ['late', 'missing'],
  customer: ['one', 'two'],
  channel: ['Stable, the old one'],
  version: ['1.0.0'],
  distribution: ['k3s'],
  connection: 'online',
  archived: true,
  sort: 'lastCheckIn',
  direction: 'desc',
};

test('it is read as it was written', () => {
  assert.deepEqual(query.readQuery(query.writeQuery(full)), full);
  assert.deepEqual(query.readQuery(new URLSearchParams()), query.everything);
});

test('the server reads the same, a comma in a single value too', () => {
  const params = query.writeQuery(full);
  const given = Object.fromEntries(
    [...new Set(params.keys())].map((name) => {
      const values = params.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
  assert.deepEqual(fleetQuery.parse(given), full);
});

test('what an old or mistyped address says wrongly is left out', () => {
  const params = new URLSearchParams('attention=late,broken&sort=shoe-size&connection=x&page=3');
  assert.deepEqual(query.readQuery(params), { ...query.everything, attention: ['late'] });
});

test('constants of the dashboard are those of the contract', () => {
  assert.equal(here, pageSize);
  assert.deepEqual(Object.keys(query.sortWords), [...sortKeys]);
  assert.deepEqual(fleetQuery.parse({}), query.everything);
});

test.run();
