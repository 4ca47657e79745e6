import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createRandom } from '../../scripts/simulation/random.ts';
import { createRing } from '../../scripts/simulation/ring.ts';
import { createTally, describeTotals } from '../../scripts/simulation/tally.ts';

const reply = (status: number, milliseconds: number) => ({
  status,
  milliseconds,
  body: '',
  retryAfter: null,
});

test('replies are counted by what became of them, with the times of those answered', () => {
  const tally = createTally();
  for (let time = 1; time <= 100; time += 1) tally.count(reply(200, time));
  tally.count(reply(403, 50));
  tally.count(reply(0, 10_000));
  const { sent, accepted, refused, lost, p50, p99 } = tally.recent();
  assert.equal([sent, accepted, refused, lost], [102, 100, { 403: 1 }, 1]);
  assert.ok(Math.abs((p50 ?? 0) - 50) < 5);
  assert.ok(Math.abs((p99 ?? 0) - 99) < 8);
  assert.is(tally.recent().sent, 0);
  assert.is(tally.total().sent, 102);
});

test('a line says it all', () => {
  const tally = createTally();
  assert.is(describeTotals(tally.total()), 'sent 0, accepted 0, refused 0, p50 –, p99 –');
  tally.count(reply(429, 20));
  assert.match(
    describeTotals(tally.total()),
    /^sent 1, accepted 0, refused 1 \(429: 1\), p50 \d\d ms/,
  );
});

test('in a ring everybody has a turn in each round, also those who join', () => {
  const ring = createRing([1, 2, 3, 4, 5, 6, 7, 8, 9], createRandom('ring'));
  const round = (length: number) => Array.from({ length }, () => ring.next()).sort();
  for (let turn = 0; turn < 20; turn += 1) assert.equal(round(9), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  ring.add(0);
  round(1);
  for (let turn = 0; turn < 20; turn += 1) ring.next();
  assert.ok(round(20).includes(0));
});

test.run();
