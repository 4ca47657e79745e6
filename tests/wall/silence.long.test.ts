import { strict as assert } from 'node:assert';
import { suite } from 'uvu';
import { type WallStage, openWallStage, tileOf } from './stage.ts';

// A minute of real silence. What it comes to for any fleet: tests/dashboard/wall-model.test.ts.
const test = suite<{ stage: WallStage }>('silence before a wall');
test.before(async (context) => {
  context.stage = await openWallStage();
});
test.after(({ stage }) => stage.close());

test('when every instance is late the wall is stale from edge to edge, though beats are well; one voice ends it', async ({
  stage,
}) => {
  const promise = { status: 'ready', nextWithin: 60 };
  await stage.report({ instanceId: 'north', ...promise }, { instanceId: 'south', ...promise });
  const { path } = await stage.create();
  const page = await stage.watch(path);
  await tileOf(page, 'north: Ready').waitFor({ timeout: 10_000 });
  const banner = page.locator('.wall[data-level="fresh"] .wall-banner');
  assert.equal(await banner.count(), 0);

  await banner.getByText('All 2 instances are late').waitFor({ timeout: 80_000 });
  assert.match(await banner.innerText(), /DATA STALE since \d\d:\d\d/);
  const looks = await page.evaluate(`({
    width: document.querySelector('.wall-banner').getBoundingClientRect().width,
    filter: getComputedStyle(document.querySelector('.wall-board')).filter,
    verdict: document.querySelector('.wall-verdict .wall-big').textContent.trim(),
  })`);
  assert.deepEqual(looks, { width: 1920, filter: 'grayscale(1)', verdict: 'Not current' });
  assert.equal(await page.locator('.wall-tile[data-state="ready"]').count(), 0);

  await stage.report({ instanceId: 'north', ...promise });
  await banner.waitFor({ state: 'detached', timeout: 10_000 });
  await tileOf(page, 'north: Ready').waitFor({ timeout: 10_000 });
  await tileOf(page, 'south: Late').waitFor({ timeout: 10_000 });
});

test.run();
