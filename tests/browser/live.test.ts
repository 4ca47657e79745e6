import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import { type Stage, openStage, rowOf, until } from './stage.ts';

const test = suite<{ stage: Stage }>('live pages');
test.before(async (context) => {
  context.stage = await openStage();
});
test.after(({ stage }) => stage.close());

/** Leaves a mark that a reload would wipe out. */
const mark = (page: Page) => page.evaluate(`document.body.setAttribute('data-mark', '')`);
const isMarked = (page: Page) => page.locator('body[data-mark]').count();

test('a report turns the row and lets its bar grow, without a reload', async ({ stage }) => {
  await stage.report({ instanceId: 'turning', status: 'ready', versionLabel: '1.2.0' });
  const page = await stage.open('/');
  const row = rowOf(page, 'turning');
  await row.getByText('Ready', { exact: true }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await mark(page);
  const down = row.locator('path.bar-down');
  assert.equal(await down.getAttribute('d'), '');

  await stage.report({ instanceId: 'turning', status: 'unavailable' });
  await row.getByText('Unavailable').waitFor({ timeout: 2_000 });
  await row.locator('path.bar-down:not([d=""])').waitFor({ state: 'attached', timeout: 5_000 });
  const height = Number((await down.getAttribute('d'))?.match(/v([\d.]+)/)?.[1]);
  assert.ok(height >= 2, 'any down time is at least two pixels high');
  // Counts are told apart from rows, at most once a second.
  await until(async () => (await page.title()) === '(1) Rollcall');
  assert.equal(await isMarked(page), 1);
  await page.context().close();
});

test('a new instance stands in the list by itself', async ({ stage }) => {
  const page = await stage.open('/');
  await rowOf(page, 'turning').waitFor();
  await page.getByText('1 instance', { exact: true }).waitFor();
  await mark(page);
  await stage.report({ instanceId: 'newcome', status: 'ready' });
  await rowOf(page, 'newcome').waitFor({ timeout: 5_000 });
  await page.getByText('2 instances').waitFor();
  assert.equal(await isMarked(page), 1);
  await page.context().close();
});

test('the order is frozen while the pointer is in the table, and a button shows what it would be', async ({
  stage,
}) => {
  await stage.report(
    { instanceId: 'aaaaaaa', status: 'unavailable' },
    { instanceId: 'bbbbbbb', status: 'ready' },
    { instanceId: 'turning', status: 'ready' },
  );
  const page = await stage.open('/');
  await page.getByText('Live', { exact: true }).waitFor();
  const names = () => page.locator('.instance-row a.name').allInnerTexts();
  const first = page.locator('[data-index="0"] a.name');
  await first.filter({ hasText: 'aaaaaaa' }).waitFor();
  await rowOf(page, 'aaaaaaa').hover();
  const before = await names();
  await stage.report({ instanceId: 'aaaaaaa', status: 'ready' });
  await stage.report({ instanceId: 'bbbbbbb', status: 'missing' });
  await rowOf(page, 'bbbbbbb').getByText('Missing').waitFor();
  const button = page.getByRole('button', { name: /changes? in order – show/ });
  await button.waitFor({ timeout: 5_000 });
  assert.deepEqual(await names(), before);
  await button.click();
  await first.filter({ hasText: 'bbbbbbb' }).waitFor();
  assert.equal(await button.count(), 0);
  await page.context().close();
});

test('a customer’s page and an instance’s page change while they are looked at', async ({
  stage,
}) => {
  const customer = await stage.open('/customers/geeglo');
  const instance = await stage.open('/customers/geeglo/instances/turning');
  await rowOf(customer, 'turning').waitFor();
  await instance.getByRole('heading', { name: 'turning' }).waitFor();
  await Promise.all(
    [customer, instance].map((page) => page.getByText('Live', { exact: true }).waitFor()),
  );
  await stage.report({
    instanceId: 'turning',
    resources: [{ kind: 'deployment', name: 'api', namespace: 'default', state: 'degraded' }],
  });
  await rowOf(customer, 'turning').getByText('Degraded').waitFor({ timeout: 2_000 });
  const newest = instance.locator('ol .fresh').first();
  await newest.getByText('Degraded').waitFor({ timeout: 2_000 });
  await instance.getByRole('button', { name: '0 of 1 ready' }).click({ timeout: 5_000 });
  await instance.getByRole('table').getByText('Deployment').waitFor();
  await customer.context().close();
  await instance.context().close();
});

test('the ticker starts once, however slow the machine is', async ({ stage }) => {
  const page = await stage.open('/sign-in');
  // Between any two looks at the clock time passes: an effect that runs again by what it read itself never ends.
  await page.addInitScript(`{
    const { now } = Date;
    let looks = 0;
    Date.now = () => now.call(Date) + ++looks;
  }`);
  await page.goto(`${stage.server.url}/customers/geeglo/instances/turning`);
  await page.getByRole('heading', { name: 'turning' }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  assert.deepEqual(stage.faults, []);
  await page.context().close();
});

test('nothing moves when rows come and ages tick', async ({ stage }) => {
  const page = await stage.open('/');
  await rowOf(page, 'turning').waitFor();
  await page.waitForTimeout(2_500);
  const shift = await page.evaluate(`new Promise((resolve) => {
    new PerformanceObserver((list) =>
      resolve(list.getEntries().reduce((sum, { value }) => sum + value, 0)),
    ).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => resolve(0), 500);
  })`);
  assert.ok(Number(shift) < 0.02, `layout shift ${shift}`);
  await page.context().close();
});

test.run();
