import { strict as assert } from 'node:assert';
import { ServerClock } from '#lib/live/clock.ts';
import { alarmAfter, amberAfter, judgeFreshness } from '#lib/live/freshness.ts';
import fc from 'fast-check';
import { test } from 'uvu';

const hour = 3_600_000;

/** Feeds a beat every five seconds, each taking as long as given; `ahead` is the server's true lead. */
function hear(clock: ServerClock, latencies: number[], ahead: number, from = 0): void {
  latencies.forEach((latency, index) => {
    const sent = from + index * 5_000;
    clock.hear(sent + ahead, sent + latency);
  });
}

test('a machine whose clock is two hours off reads the server’s time', () => {
  const clock = new ServerClock();
  hear(clock, [30, 20, 80, 25], -2 * hour);
  assert.equal(clock.offset, -2 * hour - 20);
  assert.equal(clock.at(10 * hour), 8 * hour - 20);
});

test('the estimate is off by the shortest journey of the last minute at most', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: -hour, max: hour }),
      (latencies, ahead) => {
        const clock = new ServerClock();
        hear(clock, latencies, ahead);
        assert.equal(clock.offset, ahead - Math.min(...latencies.slice(-12)));
      },
    ),
  );
});

test('one message that waited long, as in a page that slept, changes nothing', () => {
  const clock = new ServerClock();
  hear(clock, [20, 20, 60_000, 20], 0);
  assert.equal(clock.offset, -20);
});

test('a clock that is set, forward or back, is noticed within two beats', () => {
  for (const step of [hour, -hour]) {
    const clock = new ServerClock();
    hear(clock, [20, 20, 20], 0);
    hear(clock, [20, 20], step, 20_000);
    assert.equal(clock.offset, step - 20);
  }
});

test('until the server was heard this machine’s own clock counts', () => {
  assert.equal(new ServerClock().at(5), 5);
});

const calm = {
  sinceGoodBeat: 1_000,
  sinceStart: hour,
  badBeat: null,
  behindFor: null,
  isUnproven: false,
  serverNow: 9 * hour,
};

test('a page is fresh while beats come, amber after 15 seconds, and cries out after 30', () => {
  assert.equal(judgeFreshness(calm).level, 'fresh');
  assert.equal(judgeFreshness({ ...calm, sinceGoodBeat: amberAfter - 1 }).level, 'fresh');
  assert.equal(judgeFreshness({ ...calm, sinceGoodBeat: amberAfter }).level, 'amber');
  const alarm = judgeFreshness({ ...calm, sinceGoodBeat: alarmAfter });
  assert.deepEqual(alarm, { level: 'alarm', since: 9 * hour - alarmAfter, reason: null });
});

test('a server that beats but cannot vouch is as good as silent, and its reason is shown', () => {
  const badBeat = 'The database does not answer.';
  const judged = judgeFreshness({ ...calm, sinceGoodBeat: 20_000, badBeat });
  assert.deepEqual([judged.level, judged.reason], ['amber', 'The database does not answer']);
});

test('good beats do not hide a page that could not be read again', () => {
  const judged = judgeFreshness({ ...calm, behindFor: 40_000 });
  assert.equal(judged.level, 'alarm');
  assert.equal(judged.since, 9 * hour - 40_000);
  assert.match(judged.reason ?? '', /could not be read/);
});

test('a page that never reached its server is connecting, then amber, then alarmed', () => {
  const never = { ...calm, sinceGoodBeat: null };
  const levels = [1_000, 15_000, 30_000].map(
    (sinceStart) => judgeFreshness({ ...never, sinceStart }).level,
  );
  assert.deepEqual(levels, ['connecting', 'amber', 'alarm']);
  assert.equal(judgeFreshness({ ...never, sinceStart: hour }).since, null);
});

test.run();
