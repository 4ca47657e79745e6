import { strict as assert } from 'node:assert';
import type { Beat } from '#contract/socket.ts';
import { Pulse } from '#lib/live/pulse.ts';
import { Slumber } from '#lib/live/slumber.ts';
import { suite } from 'uvu';

const hour = 3_600_000;
const start = Date.parse('2026-11-24T12:00:00Z');

/** A page, its machine's two clocks, and the server's. */
class Machine {
  date = start + 7 * hour;
  steady = start - 3 * hour;
  server = start;
  pulse = new Pulse(() => ({ date: this.date, steady: this.steady }));

  pass(length: number): void {
    this.date += length;
    this.steady += length;
    this.server += length;
  }
  /** The clock that nobody sets stands still meanwhile, as it does on many machines. */
  sleep(length: number): void {
    this.date += length;
    this.server += length;
  }
  beat(ok = true, sentAt = this.server): void {
    const base = { origin: 'o', at: new Date(sentAt).toISOString(), build: 'b', rooms: {} };
    const rest = ok ? { ok } : { ok, reason: 'The database does not answer.' };
    this.pulse.hear({ ...base, lastCheckInAt: null, ...rest } as Beat);
  }
  live(length: number): void {
    for (let passed = 0; passed < length; passed += 1_000) {
      this.pass(1_000);
      this.pulse.look(true);
      if (passed % 5_000 === 0) this.beat();
    }
  }
  level(behindFor: number | null = null): string {
    return this.pulse.judge(behindFor).level;
  }
}

const test = suite<{ machine: Machine }>('pulse');
test.before.each((context) => {
  context.machine = new Machine();
  context.machine.live(20_000);
});

test('a clock that is set, by an hour or fifty years, changes neither the server’s time nor how current the page is', ({
  machine,
}) => {
  for (const step of [hour, -hour, 50 * 365 * 24 * hour]) {
    machine.date += step;
    machine.pass(1_000);
    const slept = machine.pulse.look(true);
    assert.equal(machine.pulse.now(), machine.server);
    if (slept) {
      // It could be a sleep; the server is asked, and says in a moment that no time has passed.
      assert.equal(machine.level(), 'amber');
      machine.pulse.hearAnswer(machine.server, machine.steady);
    }
    assert.equal(machine.level(), 'fresh', `set by ${step}`);
    machine.live(10_000);
    assert.equal(machine.level(), 'fresh');
    assert.equal(machine.pulse.now(), machine.server);
  }
});

test('after a sleep nothing is fresh until the server was asked again and the page read again', ({
  machine,
}) => {
  machine.sleep(hour);
  machine.pass(1_000);
  assert.ok(machine.pulse.look(true));
  machine.pulse.wake();
  assert.equal(machine.level(), 'amber', 'at once, though it may be only a clock that was set');
  machine.beat(true, machine.server - hour + 500);
  assert.equal(machine.level(), 'amber', 'a beat that waited in the wire proves nothing');
  machine.beat(true, machine.server - hour / 2);
  assert.notEqual(machine.level(), 'fresh', 'nor one that was sent in the midst of the sleep');
  machine.pass(4_000);
  assert.equal(machine.level(), 'alarm', 'the server does not tell the time: it was a sleep');
  const asked = machine.steady;
  machine.pass(50);
  machine.pulse.hearAnswer(machine.server, asked);
  assert.equal(machine.pulse.now(), machine.server, 'the server’s time has gone on');
  assert.equal(machine.level(), 'alarm', 'it answers, but what stands here is of before');
  machine.pulse.prove();
  assert.equal(machine.level(), 'fresh');
});

test('a page that watches nothing, and so asks nothing, learns from two beats that its clock was set', ({
  machine,
}) => {
  machine.date += hour;
  machine.pulse.look(true);
  machine.beat(true, machine.server - 10_000);
  machine.beat(true, machine.server - 5_000);
  assert.equal(machine.level(), 'amber', 'beats that come at once may have waited');
  machine.pass(5_000);
  machine.beat();
  assert.notEqual(machine.level(), 'fresh', 'as may the first of those that did not');
  machine.pass(5_000);
  machine.beat();
  assert.equal(machine.level(), 'fresh');
  assert.equal(machine.pulse.now(), machine.server);
});

test('an answer to what was asked before the sleep proves nothing', ({ machine }) => {
  const asked = machine.steady - 100;
  machine.sleep(hour);
  machine.pulse.look(true);
  machine.pulse.hearAnswer(machine.server - hour, asked);
  assert.equal(machine.level(), 'amber');
});

test('a frozen page is amber from the moment on that it freezes, and a beat is as old as it says', ({
  machine,
}) => {
  machine.pulse.freeze();
  assert.equal(machine.level(), 'amber');
  machine.pass(40_000);
  assert.ok(machine.pulse.look(true));
  machine.pulse.wake();
  assert.equal(machine.level(), 'alarm');
  machine.beat(true, machine.server - 38_000);
  machine.beat(true, machine.server - 33_000);
  assert.equal(machine.level(), 'alarm', 'beats that waited');
  machine.beat();
  assert.equal(machine.level(41_000), 'alarm', 'what stands there was not read again');
  machine.pulse.prove();
  assert.equal(machine.level(), 'fresh');
});

test('to be read again vouches for nothing while the server says that it cannot', ({ machine }) => {
  machine.beat(false);
  machine.pass(40_000);
  machine.pulse.wake();
  machine.pulse.prove();
  assert.equal(machine.level(), 'alarm');
});

test('a server whose clock is set back does not vouch for the hour to come', ({ machine }) => {
  machine.server -= hour;
  machine.live(15_000);
  assert.equal(machine.level(), 'fresh');
  machine.pass(16_000);
  assert.equal(machine.level(), 'amber');
  machine.pass(15_000);
  assert.equal(machine.level(), 'alarm');
});

test('a page that is awake is not taken for one that slept, and a hidden one has more time', () => {
  const slumber = new Slumber({ date: 0, steady: 0 });
  assert.equal(slumber.look({ date: 1_100, steady: 1_000 }, 5_000), false);
  assert.equal(slumber.look({ date: 7_000, steady: 6_900 }, 10_000), false);
  assert.equal(slumber.look({ date: 13_000, steady: 12_900 }, 5_000), true);
  assert.equal(slumber.leap, 0);
});

test.run();
