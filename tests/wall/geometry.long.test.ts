import { strict as assert } from 'node:assert';
import { suite } from 'uvu';
import { fleets, proveFleets, sizes } from './geometry.ts';
import { type WallStage, openWallStage } from './stage.ts';

const test = suite<{ stage: WallStage }>('the geometry of a wall');
test.before(async (context) => {
  context.stage = await openWallStage();
});
test.after(({ stage }) => stage.close());

test('nothing is cut or overlaps, from 1 to 2,000 instances on five sizes', async ({ stage }) => {
  const steps = await proveFleets(stage, fleets, sizes);
  assert.equal(steps.length, fleets.length * sizes.length);
  assert.ok(steps.includes('60 on 1920×1080: tiles') && steps.includes('2000 on 1280×720: dots'));
});

test.run();
