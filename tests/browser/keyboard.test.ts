import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import { type Stage, openStage, rowOf } from './stage.ts';

const count = 150;
const test = suite<{ stage: Stage }>('keyboard');
test.before(async (context) => {
  context.stage = await openStage();
  const reports = Array.from({ length: count }, (_, index) => ({
    instanceId: `k${String(index).padStart(3, '0')}-of-many`,
    status: 'ready',
  }));
  await context.stage.report(...reports);
});
test.after(({ stage }) => stage.close());

const focused = (page: Page) =>
  page.locator(':focus').evaluate((element) => element.textContent?.trim() ?? '');
const untilFocused = (page: Page, name: string) =>
  page.locator('a.name:focus', { hasText: name }).waitFor();

test('rows are walked, searched and opened without a pointer', async ({ stage }) => {
  const page = await stage.open('/?sort=name');
  await rowOf(page, 'k000-of').waitFor();
  await page.keyboard.press('j');
  await untilFocused(page, 'k000-of');
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  await untilFocused(page, 'k002-of');
  await page.keyboard.press('k');
  await untilFocused(page, 'k001-of');
  const outline = await page.evaluate(
    `getComputedStyle(document.activeElement.closest('.instance-row')).outlineStyle`,
  );
  assert.equal(outline, 'solid', 'the focused row is seen to be');

  // The last row stands on another server page, which must be fetched first.
  await page.keyboard.press('End');
  await untilFocused(page, 'k149-of');
  await page.keyboard.press('Home');
  await untilFocused(page, 'k000-of');

  await page.keyboard.press('/');
  assert.equal(await page.evaluate('document.activeElement.tagName'), 'INPUT');
  await page.keyboard.type('k07');
  await page.waitForURL(/search=k07/);
  await page.getByText('10 match').waitFor();
  await page.keyboard.press('Escape');
  await page.waitForURL((url) => !url.search.includes('search'));
  await rowOf(page, 'k000-of').waitFor();

  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await untilFocused(page, 'k000-of');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/customers\/geeglo\/instances\/k000-of-many/);
  await page.getByRole('heading', { name: 'k000-of', level: 1 }).waitFor();
  await page.context().close();
});

test('who goes back from an instance finds the list where it was', async ({ stage }) => {
  const page = await stage.open('/?sort=name');
  await rowOf(page, 'k000-of').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('End');
  await untilFocused(page, 'k149-of');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'k149-of', level: 1 }).waitFor();
  await page.goBack();
  await rowOf(page, 'k149-of').waitFor();
  assert.ok(Number(await page.evaluate('scrollY')) > 1_000);
  await page.keyboard.press('k');
  await untilFocused(page, 'k149-of');
  await page.context().close();
});

test('Tab reaches the table by one row only, and a filter opens, narrows, closes and is cleared by keys', async ({
  stage,
}) => {
  const page = await stage.open('/?sort=name');
  await rowOf(page, 'k000-of').waitFor();
  assert.equal(await page.locator('a.name[tabindex="0"]').count(), 1);

  await page.getByRole('combobox', { name: 'Customer' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('option', { name: /Geeglo/ }).waitFor();
  await page.keyboard.type('gee');
  await page.keyboard.press('Enter');
  await page.waitForURL(/customer=geeglo/);
  await page.keyboard.press('Escape');
  await page.getByRole('listbox').waitFor({ state: 'detached' });
  assert.equal(await focused(page), '');

  // What is cleared is neither named any more nor takes the focus along.
  const field = page.getByRole('combobox', { name: 'Customer' });
  assert.equal(await field.getAttribute('placeholder'), 'Geeglo');
  assert.equal(await field.inputValue(), '');
  await page.getByRole('button', { name: 'Clear Customer' }).press('Enter');
  await page.waitForURL((url) => !url.search.includes('customer'));
  assert.equal(await page.locator(':focus').getAttribute('placeholder'), 'Customer');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await field.inputValue(), '');
  await page.context().close();
});

test('the order is chosen at the column heads and stands in the address', async ({ stage }) => {
  const page = await stage.open('/');
  await page.getByRole('columnheader', { name: 'Check-in' }).getByRole('button').press('Enter');
  await page.waitForURL(/sort=lastCheckIn/);
  await page.getByRole('columnheader', { name: 'Check-in' }).getByRole('button').press('Enter');
  await page.waitForURL(/direction=desc/);
  const order = await page
    .getByRole('columnheader', { name: 'Check-in' })
    .getAttribute('aria-sort');
  assert.equal(order, 'descending');
  await page.context().close();
});

test.run();
