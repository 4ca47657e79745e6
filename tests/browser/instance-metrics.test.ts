import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import { findGraveInBothThemes } from './axe.ts';
import { type Stage, openStage, until } from './stage.ts';

const path = '/customers/geeglo/instances/measured';
const hour = 3_600_000;
const test = suite<{ stage: Stage }>('custom metrics of an instance');
test.before(async (context) => {
  context.stage = await openStage();
  const at = (hours: number) => new Date(Date.now() - hours * hour).toISOString();
  const said = (hours: number, metrics: object) => ({
    ...{ instanceId: 'measured', source: 'airgap', reportedAt: at(hours), metrics },
  });
  await context.stage.report(
    said(40, { activeUsers: 100, ssoEnabled: false, plan: 'team', forgotten: 5 }),
    said(30, { activeUsers: 180, ssoEnabled: true, plan: 'team', forgotten: 6 }),
    said(20, { activeUsers: 150, ssoEnabled: true, plan: 'enterprise' }),
  );
  await context.stage.report({
    instanceId: 'measured',
    metrics: { activeUsers: 150, ssoEnabled: true, plan: 'enterprise' },
  });
});
test.after(({ stage }) => stage.close());

const series = (page: Page, name: string) =>
  page.getByRole('slider', { name: `${name} over time` });
const row = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });

test('numbers are drawn as steps, states as bands, and what is gone stays', async ({ stage }) => {
  const page = await stage.open(`${path}?metrics=2d`);
  await page.getByRole('button', { name: 'Show all 4' }).click();
  await row(page, 'Active Users').locator('path.line').waitFor();
  await row(page, 'Sso Enabled').locator('rect.band').nth(1).waitFor();
  await row(page, 'Plan').getByText('enterprise').first().waitFor();
  await row(page, 'Forgotten').getByText('No longer reported').waitFor();
  await row(page, 'Forgotten').locator('path.line').waitFor();
  assert.deepEqual(await findGraveInBothThemes(page), []);

  await series(page, 'Active Users').focus();
  const said: string[] = [];
  await page.keyboard.press('End');
  for (let step = 0; step < 3; step += 1) {
    said.push((await series(page, 'Active Users').getAttribute('aria-valuetext')) ?? '');
    await page.keyboard.press('ArrowLeft');
  }
  assert.deepEqual(
    said.map((text) => text.split(',')[0]),
    ['150', '180', '100'],
  );
  await page.locator('rect.crossing').waitFor();
  await page.getByRole('tooltip').filter({ hasText: '100' }).waitFor();
  await page.context().close();
});

test('a value that is reported joins its series while it is looked at', async ({ stage }) => {
  const page = await stage.open(`${path}?metrics=2d`);
  const line = row(page, 'Active Users').locator('path.line');
  await line.waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  await stage.report({
    instanceId: 'measured',
    metrics: { activeUsers: 444, ssoEnabled: true, plan: 'enterprise' },
  });
  await row(page, 'Active Users').getByText('444', { exact: true }).waitFor({ timeout: 5_000 });
  await series(page, 'Active Users').focus();
  await until(async () => {
    await page.keyboard.press('End');
    return /^444,/.test((await series(page, 'Active Users').getAttribute('aria-valuetext')) ?? '');
  });
  await page.getByRole('group', { name: 'Range of the metrics' }).getByText('90 days').click();
  await page.waitForURL(/metrics=90d/);
  await page.context().close();
});

test('what an air gap instance said last is drawn up to its last report, and no further', async ({
  stage,
}) => {
  const at = (hours: number) => new Date(Date.now() - hours * hour).toISOString();
  const carried = (hours: number, users: number) => ({
    ...{ instanceId: 'carried', source: 'airgap', reportedAt: at(hours), metrics: { users } },
  });
  await stage.report(carried(40, 7), carried(30, 9), carried(24, 9));
  const page = await stage.open('/customers/geeglo/instances/carried?metrics=2d');
  const line = row(page, 'Users').locator('path.line');
  await line.waitFor();
  const chart = await series(page, 'Users').boundingBox();
  const drawn = await line.boundingBox();
  assert.ok(drawn!.x + drawn!.width < chart!.x + 0.75 * chart!.width);
  await page.context().close();
});

test.run();
