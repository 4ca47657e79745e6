import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { compareVersions } from '#server/reports/compare-versions.ts';
import { shareReads } from '#server/reports/shared-reads.ts';

test('versions sort by their numbers, a pre-release before its release', () => {
  const sorted = [
    '0.9.12',
    '1.0.0-alpha',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0',
    'v1.0.1',
    '1.0.1.1',
    '1.2.0',
    '1.10.0',
    '2026.11.3',
    '2026.11.24',
    'nightly',
  ];
  assert.equal([...sorted].reverse().sort(compareVersions), sorted);
});

test('any labels have one order', () => {
  const label = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.stringMatching(/^v?[0-3]{1,2}(\.[0-3a]){0,3}(-[ab1]\.?)?(\+x)?$/),
  );
  fc.assert(
    fc.property(label, label, label, (a, b, c) => {
      assert.is(Math.sign(compareVersions(a, b)), -Math.sign(compareVersions(b, a)) + 0);
      assert.is(compareVersions(a, b) === 0, a === b);
      const [x, y, z] = [a, b, c].sort(compareVersions);
      assert.ok(
        compareVersions(x!, y!) <= 0 &&
          compareVersions(y!, z!) <= 0 &&
          compareVersions(x!, z!) <= 0,
      );
    }),
    { numRuns: 2000 },
  );
});

test('a hundred readers at once cost two reads', async () => {
  const share = shareReads<number>();
  let reads = 0;
  const read = async () => {
    reads += 1;
    await new Promise((resolve) => setTimeout(resolve, 5));
    return reads;
  };
  const answers = await Promise.all(Array.from({ length: 100 }, () => share('same', read)));
  assert.is(reads, 2);
  assert.equal([answers[0], answers[1], answers[99]], [1, 2, 2]);
});

test('nobody is handed what was read before they asked', async () => {
  const share = shareReads<number>();
  let stored = 0;
  const read = async () => {
    const seen = stored;
    await new Promise((resolve) => setTimeout(resolve, 5));
    return seen;
  };
  const early = share('same', read);
  stored = 1;
  const late = share('same', read);
  assert.equal(await Promise.all([early, late]), [0, 1]);
});

test('a read that fails fails for those who shared it, and not for the next', async () => {
  const share = shareReads<number>();
  const broken = () => Promise.reject(new Error('no connection'));
  const results = await Promise.allSettled([share('same', broken), share('same', broken)]);
  assert.equal(
    results.map((result) => result.status),
    ['rejected', 'rejected'],
  );
  assert.is(await share('same', () => Promise.resolve(7)), 7);
});

test.run();
