import { strict as assert } from 'node:assert';
import { suite } from 'uvu';
import { proveFleets } from './geometry.ts';
import { type WallStage, openWallStage } from './stage.ts';

// All sizes and fleets: geometry.long.test.ts.
const test = suite<{ stage: WallStage }>('the geometry of a wall, in short');
test.before(async (context) => {
  context.stage = await openWallStage();
});
test.after(({ stage }) => stage.close());

test('nothing is cut or overlaps on a television, upright or not', async ({ stage }) => {
  const shown = [
    [1920, 1080],
    [1080, 1920],
  ] as const;
  const steps = await proveFleets(stage, [12, 300], shown);
  assert.deepEqual(steps, [
    '12 on 1920×1080: bars',
    '12 on 1080×1920: bars',
    '300 on 1920×1080: dots',
    '300 on 1080×1920: dots',
  ]);
});

test.run();
