import { strict as assert } from 'node:assert';
import { suite } from 'uvu';
import { type Stage, openStage, rowOf } from './stage.ts';

const test = suite<{ stage: Stage }>('stale pages');
test.before(async (context) => {
  context.stage = await openStage();
  await context.stage.report({ instanceId: 'silence', status: 'ready' });
});
test.after(async ({ stage }) => {
  process.kill(stage.server.pid, 'SIGCONT');
  await stage.close();
});

test('a page says that nobody vouches for it: amber, then unmistakable, then well by itself', async ({
  stage,
}) => {
  const page = await stage.open('/');
  await page.clock.install();
  await page.reload();
  await rowOf(page, 'silence').waitFor();
  await page.getByText('Live', { exact: true }).waitFor({ timeout: 10_000 });
  const alarm = page.getByRole('alert').filter({ hasText: 'Not current' });

  process.kill(stage.server.pid, 'SIGSTOP');
  await page.clock.fastForward(16_000);
  await page.getByText(/No word from the server for/).waitFor({ timeout: 3_000 });
  assert.equal(await alarm.count(), 0);

  await page.clock.fastForward(15_000);
  await alarm.waitFor({ timeout: 3_000 });
  assert.match(await alarm.innerText(), /as of \d\d:\d\d:\d\d/);
  await rowOf(page, 'silence')
    .getByText(/^as of \d\d:\d\d:\d\d$/)
    .waitFor();
  const filter = await page.evaluate(
    `getComputedStyle(document.querySelector('.goes-stale')).filter`,
  );
  assert.match(String(filter), /grayscale/);

  process.kill(stage.server.pid, 'SIGCONT');
  await page.getByText('Live', { exact: true }).waitFor({ timeout: 20_000 });
  assert.equal(await alarm.count(), 0);
  await stage.report({ instanceId: 'silence', status: 'degraded' });
  await rowOf(page, 'silence').getByText('Degraded').waitFor({ timeout: 5_000 });
  await page.context().close();
});

test('a page that never reached its server says so', async ({ stage }) => {
  const page = await stage.open('/');
  for (const [path, words] of [
    ['**/api/**', 'The server cannot be reached'],
    ['**/api/fleet?*', 'The fleet cannot be shown'],
  ] as const) {
    await page.context().route(path, (route) => route.abort());
    await page.reload();
    await page.getByText(words, { exact: true }).waitFor({ timeout: 10_000 });
    await page.context().unroute(path);
    await page.getByRole('button', { name: 'Try again' }).click();
    await rowOf(page, 'silence').waitFor({ timeout: 10_000 });
  }
  await page.context().close();
});

test('a page whose code cannot be fetched says so, and comes when it is asked for again', async ({
  stage,
}) => {
  const page = await stage.open('/');
  await rowOf(page, 'silence').waitFor();
  await page.route('**/_app/**', (route) => route.abort());
  await page.getByRole('link', { name: 'Customers' }).click();
  await page.getByRole('heading', { name: 'This page cannot be shown' }).waitFor();
  await page.unroute('**/_app/**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Customers', level: 1 }).waitFor();
  await page.context().close();
});

test.run();
