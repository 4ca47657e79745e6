import { strict as assert } from 'node:assert';
import { suite } from 'uvu';
import { startServer } from '../support/server.ts';
import { type Stage, openStage, rowOf } from './stage.ts';

const test = suite<{ stage: Stage }>('a restart');
test.before(async (context) => {
  context.stage = await openStage();
  await context.stage.report({ instanceId: 'steady', status: 'ready' });
});
test.after(({ stage }) => stage.close());

test('a page is told that its server restarts, cries no alarm, and is live again by itself', async ({
  stage,
}) => {
  const page = await stage.open('/');
  await page.clock.install();
  await page.reload();
  await rowOf(page, 'steady').waitFor();
  const live = page.getByText('Live', { exact: true });
  await live.waitFor({ timeout: 10_000 });

  assert.equal(await stage.server.end('SIGTERM'), 0);
  await page.clock.runFor(2_000);
  assert.equal(await live.count(), 1, 'a short restart shows nowhere');
  await page.clock.fastForward(15_000);
  await page.getByText(/^The server is restarting for/).waitFor({ timeout: 3_000 });
  assert.equal(await page.getByRole('alert').count(), 0);

  const { port } = stage.server;
  const again = await startServer({ databaseUrl: stage.databaseUrl, port });
  try {
    for (let n = 0; n < 20 && (await live.count()) === 0; n += 1) await page.clock.runFor(500);
    await live.waitFor({ timeout: 10_000 });
  } finally {
    await page.context().close();
    await again.stop();
  }
});

test.run();
