import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import { type Stage, openStage } from './stage.ts';

const path = '/customers/geeglo/instances/long-history';
const changes = 240;
const test = suite<{ stage: Stage }>('the activity of an instance');
test.before(async (context) => {
  context.stage = await openStage();
  const statuses = ['ready', 'degraded'];
  const reports = Array.from({ length: changes }, (_, index) => ({
    ...{ instanceId: 'long-history', status: statuses[index % 2], metrics: { users: index } },
  }));
  await context.stage.report(...reports);
});
test.after(({ stage }) => stage.close());

const lines = (page: Page) => page.locator('ol li a.event');
const live = (page: Page) => page.getByText('Live', { exact: true }).waitFor();

test('history is scrolled to its beginning with few events in the page', async ({ stage }) => {
  const page = await stage.open(path);
  await lines(page).first().waitFor();
  const end = page.getByText('The beginning of its history.');
  while ((await end.count()) === 0) {
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await page.waitForTimeout(50);
  }
  await page.evaluate('scrollTo(0, document.body.scrollHeight)');
  await page.locator(`li[aria-posinset="${changes * 2}"] a.event`).waitFor();
  assert.ok((await lines(page).count()) < 60);
  await page.context().close();
});

test('an arrival slides in, and waits behind a button while somebody reads further down', async ({
  stage,
}) => {
  const page = await stage.open(path);
  await lines(page).first().waitFor();
  await live(page);
  await stage.report({ instanceId: 'long-history', metrics: { users: 'now' } });
  await page.locator('ol .fresh', { hasText: 'now' }).waitFor({ timeout: 3_000 });

  await page.evaluate(`document.querySelector('ol').scrollIntoView(); scrollBy(0, 900)`);
  const held = page.getByRole('button', { name: /new events? – show/ });
  const seen = await lines(page).nth(12).innerText();
  await stage.report({ instanceId: 'long-history', metrics: { users: 'later' } });
  await held.waitFor({ timeout: 3_000 });
  assert.equal(await lines(page).nth(12).innerText(), seen, 'nothing moves under the reader');
  await held.click();
  await lines(page).first().getByText('later').waitFor();
  assert.ok(await lines(page).first().isVisible());
  assert.equal(await held.count(), 0);

  await lines(page).first().focus();
  await stage.report({ instanceId: 'long-history', metrics: { users: 'at last' } });
  await held.waitFor({ timeout: 3_000 });
  await page.locator('h1').click();
  await page.evaluate('document.activeElement.blur()');
  await lines(page).first().getByText('at last').waitFor();
  await page.context().close();
});

test('events are walked by keys, and each has a link that is copied', async ({ stage }) => {
  const permissions = ['clipboard-read', 'clipboard-write'];
  const page = await stage.open(path, { permissions });
  await lines(page).first().waitFor();
  assert.equal(await page.locator('a.event[tabindex="0"]').count(), 1, 'Tab reaches one of them');
  await lines(page).first().focus();
  for (let step = 0; step < 30; step += 1) await page.keyboard.press('ArrowDown');
  await page.locator('li[aria-posinset="31"] a.event:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\?event=\d+$/);
  await page.locator('li[aria-posinset="31"] a[aria-current="true"]').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), page.url());
  await page.context().close();
});

test.run();
