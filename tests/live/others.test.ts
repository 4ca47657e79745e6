import { strict as assert } from 'node:assert';
import { Others, silentFor } from '#server/live/others.ts';
import { test } from 'uvu';
import { nothingElse } from './hub.ts';

function listen() {
  let lost = 0;
  const others = new Others(() => (lost += 1));
  return {
    others,
    lost: () => lost,
    change: (n: number, origin = 'a') =>
      others.heard({ kind: 'change', origin, n, change: nothingElse }),
    probe: (n: number, origin = 'a') => others.heard({ kind: 'probe', origin, n, probe: 1 }),
    goodbye: (n: number, origin = 'a') => others.heard({ kind: 'goodbye', origin, n }),
  };
}

test('changes in a row, with probes between them, lose nothing', () => {
  const { change, probe, goodbye, lost } = listen();
  probe(0);
  change(1);
  change(1, 'b');
  probe(1);
  change(2);
  goodbye(2);
  assert.equal(lost(), 0);
});

test('a missing number is noticed once, by the next change or the next probe', () => {
  const { change, probe, lost } = listen();
  change(1);
  change(3);
  change(4);
  assert.equal(lost(), 1);
  probe(5);
  probe(5);
  assert.equal(lost(), 2);
});

test('of a process that is first heard in the middle of its count something may be missing', () => {
  const { change, lost } = listen();
  change(7);
  change(8);
  assert.equal(lost(), 1);
});

test('a last change that is missing is noticed at the goodbye', () => {
  const { change, goodbye, lost } = listen();
  change(1);
  goodbye(2);
  assert.equal(lost(), 1);
});

test('a process that falls silent without a goodbye may have kept something to itself', () => {
  const { others, probe, goodbye, lost } = listen();
  probe(0, 'a');
  probe(0, 'b');
  goodbye(0, 'b');
  others.forgetSilent(performance.now() + silentFor / 2);
  assert.equal(lost(), 0);
  others.forgetSilent(performance.now() + silentFor + 1_000);
  others.forgetSilent(performance.now() + silentFor + 2_000);
  assert.equal(lost(), 1);
});

test.run();
