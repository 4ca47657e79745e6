import { strict as assert } from 'node:assert';
import { suite } from 'uvu';
import { oldestEvent } from './oldest-event.ts';
import { type Stage, openStage, until } from './stage.ts';

const path = '/customers/geeglo/instances/long-history';
const test = suite<{ stage: Stage }>('the activity above a permalink');
test.before(async (context) => {
  context.stage = await openStage();
  const reports = Array.from({ length: 240 }, (_, users) => ({
    ...{ instanceId: 'long-history', status: users % 2 ? 'degraded' : 'ready', metrics: { users } },
  }));
  await context.stage.report(...reports);
});
test.after(({ stage }) => stage.close());

test('scrolling up from the oldest event goes on to the newest, time after time', async ({
  stage,
}) => {
  for (let round = 0; round < 10; round += 1) {
    const page = await stage.open(path);
    const oldest = await oldestEvent(page, path);
    await page.goto(`${stage.server.url}${path}?event=${oldest.id}`);
    const newest = page.getByRole('button', { name: 'Go to the newest' });
    await newest.waitFor();
    await until(async () => {
      await page.evaluate(`document.querySelector('ol[aria-label^="Events"]').scrollIntoView()`);
      return (await newest.count()) === 0;
    });
    assert.ok((await page.locator('a.event').count()) < 60);
    await page.context().close();
  }
});

test.run();
