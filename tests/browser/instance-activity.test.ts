import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import { oldestEvent } from './oldest-event.ts';
import { type Stage, openStage, until } from './stage.ts';

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

const list = 'ol[aria-label^="Events"]';
const lines = (page: Page) => page.locator('a.event');
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

  await page.evaluate(`document.querySelector('${list}').scrollIntoView(); scrollBy(0, 900)`);
  const held = page.getByRole('button', { name: /new events? – show/ });
  const read = page.locator('li[aria-posinset="25"]');
  await read.waitFor();
  const seen = [await read.innerText(), await read.boundingBox()];
  await stage.report({ instanceId: 'long-history', metrics: { users: 'later' } });
  await held.waitFor({ timeout: 3_000 });
  assert.deepEqual([await read.innerText(), await read.boundingBox()], seen, 'nothing moves');
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

test('a permalink opens history around its event, which goes on in both directions', async ({
  stage,
}) => {
  const page = await stage.open(path);
  const old = await oldestEvent(page, path);
  await page.goto(`${stage.server.url}${path}?event=${old.id}`);
  const marked = page.locator('a.event[aria-current="true"]');
  await marked.waitFor();
  await until(async () => {
    const box = await marked.boundingBox();
    return box !== null && box.y > 100 && box.y + box.height < 900;
  });
  const newest = page.getByRole('button', { name: 'Go to the newest' });
  await newest.waitFor();
  await until(async () => {
    await page.evaluate(`document.querySelector('${list}').scrollIntoView()`);
    return (await newest.count()) === 0;
  });
  await page.goto(`${stage.server.url}${path}?event=999999999`);
  await page.getByText('That event is not in this history').waitFor();
  await lines(page).first().waitFor();
  await page.context().close();
});

test('one button leads from a permalink to the newest event, and what comes then slides in', async ({
  stage,
}) => {
  const page = await stage.open(path);
  const old = await oldestEvent(page, path);
  await page.goto(`${stage.server.url}${path}?event=${old.id}`);
  await page.locator('a.event[aria-current="true"]').waitFor();
  await live(page);
  const newest = page.getByRole('button', { name: 'Go to the newest' });
  await newest.click();
  await page.waitForURL((url) => !url.searchParams.has('event'), { timeout: 4_000 });
  const first = page.locator('li[aria-posinset="1"] a.event');
  await first.getByText('at last').waitFor();
  await until(async () => {
    const box = await first.boundingBox();
    return box !== null && box.y > 0 && box.y + box.height < 900;
  });
  assert.equal(await newest.count(), 0);
  await stage.report({ instanceId: 'long-history', metrics: { users: 'newer still' } });
  await first.getByText('newer still').waitFor({ timeout: 4_000 });

  const rest = '?types=app+status%2Ccustom+metrics&range=45d';
  await page.goto(`${stage.server.url}${path}${rest}&event=${old.id}`);
  await page.locator('a.event[aria-current="true"]').waitFor();
  const entries = await page.evaluate('history.length');
  await newest.click();
  await page.waitForURL((url) => url.search === rest, { timeout: 4_000 });
  assert.equal(await page.evaluate('history.length'), entries, 'nothing to go back to');
  await page.reload();
  await first.getByText('newer still').waitFor();
  assert.equal(await newest.count(), 0);
  await page.context().close();
});

test('category, text and span narrow the activity, and stand in the address', async ({ stage }) => {
  const page = await stage.open(path);
  await lines(page).first().waitFor();
  await page.getByRole('combobox', { name: 'Category' }).click();
  await page.getByRole('option', { name: 'App status' }).click();
  await page.keyboard.press('Escape');
  await page.waitForURL(/types=app\+status/);
  await page
    .locator(`${list}:not([aria-busy="true"]) li`)
    .first()
    .getByText('App status')
    .waitFor();
  await page.getByPlaceholder('Search field or value').fill('nothing like it');
  await page.getByText('No event fits.').waitFor();
  await stage.report({ instanceId: 'long-history', metrics: { users: 'unseen' } });
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await lines(page).first().getByText('unseen').waitFor();
  assert.equal(new URL(page.url()).search, '');

  await page.getByPlaceholder('Search field or value').fill('UNSEEN');
  await page.getByText('Nothing older fits.').waitFor();
  await page.reload();
  assert.equal(await page.getByPlaceholder('Search field or value').inputValue(), 'UNSEEN');
  await lines(page).first().getByText('unseen').waitFor();
  assert.equal(await lines(page).count(), 1);
  await stage.report({ instanceId: 'long-history', metrics: { users: 'not this' } });
  await stage.report({ instanceId: 'long-history', metrics: { users: 'unseen again' } });
  await lines(page).nth(2).waitFor({ timeout: 4_000 });
  await page.getByRole('button', { name: 'Clear', exact: true }).click();

  await page.getByRole('button', { name: 'Time span' }).click();
  await page.getByLabel('Until').fill('2020-01-01T00:00:00');
  await page.getByLabel('Until').blur();
  await page.getByText('No event fits.').waitFor();
  await page.waitForURL(/before=20/);
  await page.context().close();
});

test.run();
