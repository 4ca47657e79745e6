import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import { type Stage, openStage, rowOf, until } from './stage.ts';

const test = suite<{ stage: Stage }>('the order while somebody is in the table');
test.before(async (context) => {
  context.stage = await openStage();
});
test.before.each(({ stage }) =>
  stage.report(
    { instanceId: 'aaaaaaa', status: 'degraded' },
    { instanceId: 'bbbbbbb', status: 'ready' },
    { instanceId: 'ccccccc', status: 'ready' },
  ),
);
test.after(({ stage }) => stage.close());

const names = (page: Page) => page.locator('.instance-row a.name').allInnerTexts();
const showButton = (page: Page) => page.getByRole('button', { name: /changes? in order – show/ });
const untilFirst = (page: Page, name: string) =>
  page.locator('[data-index="0"] a.name', { hasText: name }).waitFor();

async function openFleet(stage: Stage): Promise<Page> {
  const page = await stage.open('/');
  page.setDefaultTimeout(8_000);
  await page.getByText('Live', { exact: true }).waitFor();
  await untilFirst(page, 'aaaaaaa');
  return page;
}

/** A report that moves a row; the list is read again within the second that follows. */
async function move(stage: Stage, page: Page, instanceId: string, status: string, word: string) {
  await stage.report({ instanceId, status });
  await rowOf(page, instanceId).getByText(word, { exact: true }).waitFor();
  await page.waitForTimeout(1_500);
}

test('the button that appears under the pointer lets no row move', async ({ stage }) => {
  const page = await openFleet(stage);
  // The middle of the first row is where the button comes to stand.
  await rowOf(page, 'aaaaaaa').hover();
  const before = await names(page);
  await move(stage, page, 'bbbbbbb', 'missing', 'Missing');
  await showButton(page).waitFor();
  await page.locator('.above button:hover').waitFor();
  await move(stage, page, 'aaaaaaa', 'ready', 'Ready');
  await move(stage, page, 'ccccccc', 'unavailable', 'Unavailable');
  assert.deepEqual(await names(page), before);
  assert.equal(await showButton(page).count(), 1);

  await page.mouse.move(700, 5);
  await move(stage, page, 'ccccccc', 'ready', 'Ready');
  await untilFirst(page, 'bbbbbbb');
  assert.equal(await showButton(page).count(), 0);
  await page.context().close();
});

test('when the button goes by itself, the row that was under it still holds the order', async ({
  stage,
}) => {
  const page = await openFleet(stage);
  await rowOf(page, 'aaaaaaa').hover();
  const before = await names(page);
  await move(stage, page, 'bbbbbbb', 'missing', 'Missing');
  await showButton(page).waitFor();
  await stage.report(
    { instanceId: 'bbbbbbb', status: 'ready' },
    { instanceId: 'aaaaaaa', status: 'degraded' },
  );
  await showButton(page).waitFor({ state: 'detached' });
  await move(stage, page, 'ccccccc', 'missing', 'Missing');
  assert.deepEqual(await names(page), before);
  await showButton(page).click();
  await page.mouse.move(700, 5);
  await move(stage, page, 'aaaaaaa', 'ready', 'Ready');
  await until(async () => (await names(page))[0] === 'ccccccc');
  assert.equal(await showButton(page).count(), 0);
  await page.context().close();
});

test('Tab goes from the row to the button, and no row moves until it is pressed', async ({
  stage,
}) => {
  const page = await openFleet(stage);
  await page.keyboard.press('j');
  await page.locator('a.name:focus', { hasText: 'aaaaaaa' }).waitFor();
  const before = await names(page);
  await move(stage, page, 'bbbbbbb', 'missing', 'Missing');
  await showButton(page).waitFor();
  // The row holds two links: the instance and its customer.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.locator('.above button:focus').waitFor();
  await move(stage, page, 'aaaaaaa', 'ready', 'Ready');
  assert.deepEqual(await names(page), before);
  await page.keyboard.press('Enter');
  await untilFirst(page, 'bbbbbbb');
  await page.locator('[data-index="0"] a.name:focus').waitFor();

  const shown = await names(page);
  await move(stage, page, 'ccccccc', 'unavailable', 'Unavailable');
  assert.deepEqual(await names(page), shown, 'focus is back in the table and freezes it');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.locator('.above button:focus').waitFor();
  await page.keyboard.press('Tab');
  await move(stage, page, 'bbbbbbb', 'ready', 'Ready');
  await untilFirst(page, 'ccccccc');
  await page.context().close();
});

test.run();
