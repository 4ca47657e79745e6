import { strict as assert } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import { hasRedis } from '../live/redis.ts';
import { type Trial, openTrial } from './false-green.ts';

const test = suite<{ trial: Trial }>('false green');
test.before(async (context) => {
  context.trial = await openTrial(hasRedis());
});
test.after(({ trial }) => trial.close());

/** Milliseconds, more than it takes until the wall must cry out. */
const long = 40_000;

interface Fault {
  name: string;
  /** What the wall must have said while it lasted: that nobody vouches, or not from edge to edge; null: either is right. */
  warns: boolean | null;
  run(trial: Trial): Promise<void>;
}

const faults: Fault[] = [
  {
    name: 'publish killed',
    warns: null,
    async run(trial) {
      trial.loseNews(true);
      await trial.becomes('degraded');
      await sleep(long);
      trial.loseNews(false);
    },
  },
  {
    name: 'client clock an hour ahead',
    warns: false,
    async run(trial) {
      await trial.page.evaluate('window.skew = 3600000');
      await trial.becomes('degraded');
      await sleep(15_000);
    },
  },
  {
    name: 'client clock an hour behind',
    warns: false,
    async run(trial) {
      await trial.page.evaluate('window.skew = -3600000');
      await trial.becomes('unavailable');
      await sleep(15_000);
      await trial.page.evaluate('window.skew = 0');
    },
  },
  {
    name: 'tab frozen',
    warns: null,
    async run(trial) {
      const frozen = trial.freeze(long);
      await sleep(2_000);
      await trial.becomes('degraded');
      await frozen;
      // What it shows once it is awake counts.
      await sleep(5_000);
    },
  },
  {
    name: 'tab frozen, and nothing answers when it thaws',
    warns: true,
    async run(trial) {
      const frozen = trial.freeze(15_000);
      await sleep(2_000);
      await trial.becomes('unavailable');
      // Beats wait in its wires by now.
      await sleep(6_000);
      trial.toServer.hang();
      await frozen;
      await sleep(long);
      trial.toServer.mend();
    },
  },
  ...[true, false].map((steady) => ({
    name: `machine asleep, its steady clock ${steady ? 'going on' : 'standing still'}`,
    warns: true,
    async run(trial: Trial) {
      const asleep = trial.sleep(long, steady);
      await sleep(2_000);
      await trial.becomes('degraded');
      await asleep;
      await sleep(5_000);
    },
  })),
  {
    name: 'server restarted',
    warns: null,
    async run(trial) {
      await Promise.all([trial.restart(), trial.becomes('unavailable')]);
    },
  },
  {
    name: 'socket half-open',
    warns: true,
    async run(trial) {
      trial.toServer.hang();
      await trial.becomes('degraded');
      await sleep(long);
      trial.toServer.mend();
    },
  },
  {
    name: 'database stopped',
    warns: true,
    async run(trial) {
      trial.toDatabase.cut();
      // Where a second server has its own way there, the truth goes on without the screen's server.
      if (trial.redis) await trial.becomes('unavailable');
      await sleep(long);
      trial.toDatabase.mend();
      if (!trial.redis) await trial.becomes('unavailable');
    },
  },
  {
    name: 'Redis cut',
    warns: true,
    async run(trial) {
      await trial.redis?.kill();
      await trial.becomes('degraded');
      await sleep(long);
      await trial.redis?.start();
    },
  },
];

for (const { name, warns, run } of faults) {
  test(`no second of false green: ${name}`, async ({ trial }) => {
    if (name === 'Redis cut' && !trial.redis) return void console.log('skipped: no redis-server');
    await trial.becomes('ready');
    await trial.settle('ready');
    const from = Date.now();
    const before = { green: trial.falseGreen(), samples: trial.samples() };
    await run(trial);
    const { status } = trial.truth();
    await trial.settle(status);
    const samples = trial.samples() - before.samples;
    const falseGreen = trial.falseGreen() - before.green;
    console.log(`${name}: ${falseGreen / 1000} s of false green in ${samples} samples`);
    assert.ok(samples > 4);
    assert.equal(falseGreen, 0, `${name}: ${trial.falls.slice(0, 5).join('; ')}`);
    if (warns === true) assert.ok(trial.warned(from), 'the wall said that nobody vouches for it');
    if (warns === false) assert.equal(trial.alarmed(from), false, 'the wall cried out for nothing');
  });
}

test('the instrument sees a wall that stands still', async ({ trial }) => {
  await trial.becomes('ready');
  await trial.settle('ready');
  const before = trial.falseGreen();
  await trial.page.evaluate(`for (let id = 0; id < 100000; id += 1) clearInterval(id)`);
  trial.loseNews(true);
  await trial.page.context().setOffline(true);
  await trial.becomes('unavailable');
  await sleep(long);
  assert.ok(trial.falseGreen() > before, 'frozen and green for half a minute');
});

test.run();
