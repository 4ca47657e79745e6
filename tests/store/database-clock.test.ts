import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createDatabaseClock } from '#server/database-clock.ts';

test('the database’s clock goes on between its answers, and is forgotten after ten seconds', () => {
  let steady = 500;
  const clock = createDatabaseClock(() => steady);
  assert.is(clock.read(), null, 'nothing was heard yet');
  clock.hear(1_000_000);
  assert.is(clock.read(), 1_000_000);
  steady += 12.7;
  assert.is(clock.read(), 1_000_012, 'whole milliseconds, and none that is still to come');
  clock.hear(999_000);
  assert.is(clock.read(), 999_000, 'the last word counts, also after it was set back');
  steady += 10_000;
  assert.is(clock.read(), 1_009_000);
  steady += 1;
  assert.is(clock.read(), null);
  clock.hear(2_000_000);
  assert.is(clock.read(), 2_000_000);
});

test.run();
