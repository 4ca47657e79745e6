import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { licenseTypes } from '#contract/status.ts';
import type { ScreenScope } from '#contract/screens.ts';
import { initialsOf, redactInstance, redactName } from '#domain/redact.ts';
import { isInScope } from '#domain/wall-scope.ts';
import { createWallReads } from '#server/reports/index.ts';
import { freshDatabase } from '../support/database.ts';
import { seedCustomer, seedInstance, seedVendor, testConfig } from '../reports/seed.ts';

test('initials are the first letters of three words, in any script', () => {
  const table: [string, string | null][] = [
    ['Geeglo', 'G'],
    ['Geeglo Ltd', 'GL'],
    ['the big blue box company', 'TBB'],
    ['ägypten-reisen', 'ÄR'],
    ["O'Brien & Sons", 'OS'],
    ['北京 公司', '北公'],
    ['4 You', '4Y'],
    ['!!!', null],
    ['', null],
  ];
  for (const [name, initials] of table) assert.is(initialsOf(name), initials, name);
});

test('no redaction but the full one tells more than initials', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (name, instanceId) => {
      assert.is(redactName(name, 'none'), null);
      assert.ok([...(redactName(name, 'initials') ?? '')].length <= 6);
      for (const redaction of ['initials', 'none'] as const)
        assert.is(redactInstance({ id: 7, name, instanceId }, redaction), '#7');
    }),
  );
});

test('the database and the rule agree on what is in any scope', async () => {
  const { db, close } = await freshDatabase();
  await seedVendor(db, ['Geeglo']);
  await seedCustomer(db, 'Roamway', 'beta', { license: { type: 'trial' } });
  const tags = [{}, { env: 'prod' }, { env: 'test', team: '' }, { 'a=b': 'c', env: 'a=b' }];
  for (const customerId of ['geeglo', 'roamway'])
    for (const [n, values] of tags.entries())
      await seedInstance(db, {
        customerId,
        instanceId: `i${n}`,
        facts: n === 2 ? { status: 'ready', channelId: 'stable' } : { status: 'ready' },
        tags: Object.fromEntries(
          Object.entries(values).map(([key, value]) => [key, [value, 'report']]),
        ),
        archivedAt: n === 1 && customerId === 'roamway' ? new Date() : null,
      });
  const wall = createWallReads({ db, config: testConfig(), ears: () => [], build: 'test' });
  const ids = Array.from({ length: 8 }, (_, n) => n + 1);
  const { items } = await wall.items(ids);
  assert.is(items.length, 8);

  const some = <T>(...values: T[]) => fc.subarray(values);
  const scopes: fc.Arbitrary<ScreenScope> = fc.record({
    apps: some('acme', 'none'),
    channels: some('stable', 'beta', 'none'),
    customers: some('geeglo', 'roamway', 'none'),
    tags: some(
      'env',
      'env=prod',
      'env=test',
      'env=a=b',
      'team',
      'team=',
      'a',
      'toString',
      'none=1',
    ),
    licenseTypes: fc.subarray([...licenseTypes], { maxLength: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(scopes, async (scope) => {
      const expected = items.filter(({ scopeFacts }) => isInScope(scope, scopeFacts));
      const found = await wall.members(scope);
      const wanted = expected.map(({ id }) => id);
      assert.equal([...found].sort(), wanted.sort(), JSON.stringify(scope));
      assert.is((await wall.digest(scope)).count, expected.length);
    }),
    { numRuns: 200 },
  );
  await close();
});

test.run();
