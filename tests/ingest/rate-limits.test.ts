import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AppError } from '#server/errors.ts';
import { createAdmission, createReportLimits } from '#server/ingest/rate-limits.ts';
import { createBuckets } from '#server/limits.ts';

/** Limits under a clock that the test moves. */
function limits() {
  const clock = { now: 1_000_000 };
  const config = { reportsPerInstance: 5, reportsPerLicense: 200 };
  const report = createReportLimits(config, () => clock.now);
  const refusedFor = (license: string, instances: string[]) => {
    try {
      report.admit(license, instances);
      return 0;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      assert.is(error.code, 'too_many');
      return error.retryAfter ?? 0;
    }
  };
  return { clock, refusedFor };
}

test('an instance may speak twice its five a second at once, then five a second', () => {
  const { clock, refusedFor } = limits();
  for (let i = 0; i < 10; i += 1) assert.is(refusedFor('l', ['a']), 0);
  assert.is(refusedFor('l', ['a']), 1);
  assert.is(refusedFor('l', ['b']), 0, 'another instance is not held up');
  clock.now += 200;
  assert.is(refusedFor('l', ['a']), 0);
  assert.is(refusedFor('l', ['a']), 1);
});

test('the same instance id under another license is another instance', () => {
  const { refusedFor } = limits();
  for (let i = 0; i < 10; i += 1) refusedFor('l', ['a']);
  assert.is(refusedFor('m', ['a']), 0);
});

test('a request counts once for each distinct instance that it names', () => {
  const { refusedFor } = limits();
  for (let i = 0; i < 10; i += 1) {
    assert.is(
      refusedFor(
        'l',
        Array.from({ length: 100 }, () => 'a'),
      ),
      0,
    );
  }
  assert.is(refusedFor('l', ['a']), 1);
});

test('a list of a thousand instances is taken, and paid for by waiting', () => {
  const { clock, refusedFor } = limits();
  const thousand = Array.from({ length: 1000 }, (_, i) => `i${i}`);
  assert.is(refusedFor('l', thousand), 0);
  assert.is(
    refusedFor('l', ['x']),
    4,
    'at 200 a second, 600 on credit take three seconds and a bit',
  );
  clock.now += 3_010;
  assert.is(refusedFor('l', ['x']), 0);
});

test('a refused request counts for nothing', () => {
  const { clock, refusedFor } = limits();
  for (let i = 0; i < 10; i += 1) refusedFor('l', ['a']);
  for (let i = 0; i < 500; i += 1) refusedFor('l', ['a', 'b']);
  assert.is(refusedFor('l', ['b']), 0);
  clock.now += 200;
  assert.is(refusedFor('l', ['a']), 0);
});

test('a license may bring its burst of new instances, then 60 an hour', () => {
  const clock = { now: 1_000_000 };
  const admit = createAdmission(
    { newInstancesPerHour: 60, newInstancesBurst: 200 },
    () => clock.now,
  );
  for (let i = 0; i < 200; i += 1) assert.equal(admit('l'), { ok: true });
  assert.equal(admit('l'), { ok: false, retryAfter: 60 });
  assert.equal(admit('m'), { ok: true });
  clock.now += 60_000;
  assert.equal(admit('l'), { ok: true });
  assert.equal(admit('l'), { ok: false, retryAfter: 60 });
});

test('the number of buckets is bounded, and the longest unused goes first', () => {
  const buckets = createBuckets({ perSecond: 1, burst: 1, limit: 3 });
  for (const key of ['a', 'b', 'c', 'a', 'd']) buckets.take(key, 0, 1);
  assert.is(buckets.size(), 3);
  assert.equal(
    ['a', 'b', 'c', 'd'].map((key) => buckets.wait(key, 0) > 0),
    [true, false, true, true],
  );
});

test('a clock that goes back takes nothing away', () => {
  const buckets = createBuckets({ perSecond: 1, burst: 2 });
  buckets.take('a', 10_000, 1);
  assert.is(buckets.wait('a', 0), 0);
});

test.run();
