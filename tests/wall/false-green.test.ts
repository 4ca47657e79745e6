import { strict as assert } from 'node:assert';
import { suite } from 'uvu';
import { type Trial, openTrial } from './false-green.ts';

// The whole script of faults: false-green.long.test.ts.
const test = suite<{ trial: Trial }>('false green, in short');
test.before(async (context) => {
  context.trial = await openTrial(false);
});
test.after(({ trial }) => trial.close());

test('a wall shows no status that nothing supports, though news get lost, clocks jump and the server dies', async ({
  trial,
}) => {
  trial.loseNews(true);
  await trial.becomes('degraded');
  await trial.settle('degraded');
  trial.loseNews(false);

  const from = Date.now();
  for (const skew of [3_600_000, -3_600_000]) {
    await trial.page.evaluate(`window.skew = ${skew}`);
    await trial.becomes('unavailable');
    await trial.settle('unavailable');
    await trial.becomes('degraded');
    await trial.settle('degraded');
  }
  assert.equal(trial.alarmed(from), false, 'the server’s time counts, whatever the own clock says');

  await trial.restart();
  await trial.becomes('ready');
  await trial.settle('ready');
  assert.ok(trial.samples() > 40);
  assert.equal(trial.falseGreen(), 0);
});

test.run();
