import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import { until } from '../live/hub.ts';
import { messagesOf, switchOn, type Tv } from '../screens/tv.ts';
import { findGraveInBothThemes } from './axe.ts';
import { drawTwice, openStage, type Stage } from './stage.ts';

const test = suite<{ stage: Stage; page: Page; tv: Tv }>('the page of wall screens');
test.before(async (context) => {
  context.stage = await openStage();
  await context.stage.report({ instanceId: 'one', status: 'ready' });
  context.page = await context.stage.open('/screens', { reducedMotion: 'reduce' });
});
test.after(({ stage }) => stage.close());

const rowOf = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });

async function choose(page: Page, name: string, item: RegExp): Promise<void> {
  await page.getByRole('button', { name: `More about ${name}` }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

test('an empty list says what a screen is, and a screen is made with the keyboard alone', async ({
  page,
}) => {
  await page.getByRole('heading', { name: 'No wall screen yet' }).waitFor();
  assert.deepEqual(await findGraveInBothThemes(page), []);
  await page.getByRole('button', { name: 'Create a screen' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('Enter a name.').waitFor();
  await page.keyboard.type('Support, second floor');
  assert.deepEqual(await findGraveInBothThemes(page), []);
  await page.getByRole('radio', { name: /Initials/ }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '“Support, second floor” is ready' }).waitFor();
  const address = await page.getByText(/\/wall#rcw_/).textContent();
  assert.match(address ?? '', /^http:\/\/127\.0\.0\.1:\d+\/wall#rcw_[\w-]{32}$/);
  // What is not shown again is not closed by mistake.
  await page.keyboard.press('Escape');
  await drawTwice(page);
  assert.equal(await page.getByText(/#rcw_/).count(), 1, 'Escape does not lose the address');
  await page.getByRole('button', { name: 'Done' }).focus();
  await page.keyboard.press('Enter');
  await rowOf(page, 'Support, second floor').getByText('Never opened').waitFor();
  await rowOf(page, 'Support, second floor').getByText('Names: initials').waitFor();
  await page.getByText(/#rcw_/).waitFor({ state: 'detached' });
});

test('the list follows a screen that comes and goes, and talks to it', async (context) => {
  const { page, stage } = context;
  const name = 'Lobby';
  await page.getByRole('button', { name: 'Create a screen' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('combobox', { name: 'Customers' }).click();
  await page.getByRole('option', { name: /Geeglo/ }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  const address = (await page.getByText(/\/wall#rcw_/).textContent())!;
  await page.getByRole('button', { name: 'Done' }).click();
  await rowOf(page, name).getByText('1 instance of 1 customer').waitFor();

  const token = address.split('#')[1]!;
  const { url } = stage.server;
  const session = await fetch(`${url}/api/wall/session`, {
    method: 'POST',
    body: JSON.stringify({ token }),
  });
  const { screen } = (await session.json()) as { screen: { id: string } };
  const tv = await switchOn(url, { screen, token });
  await rowOf(page, name).getByText('Connected', { exact: false }).waitFor();
  await rowOf(page, name).getByText('an older build').waitFor();
  await choose(page, name, /Identify/);
  await page.getByText('Lobby is flashing its name.').waitFor();
  await until('it is told', () => messagesOf(tv, 'screen:identify').length === 1);

  await choose(page, name, /Edit/);
  await page.locator('[role="dialog"] input:focus').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('button:focus[aria-label="More about Lobby"]').waitFor();
  await choose(page, name, /Edit/);
  await page.getByLabel('Name', { exact: true }).fill('Lobby, east');
  await page.getByRole('button', { name: 'Save' }).click();
  await rowOf(page, 'Lobby, east').waitFor();
  await until('it is told', () => messagesOf(tv, 'screen:edited').length === 1);

  await page.setViewportSize({ width: 390, height: 844 });
  assert.deepEqual(await findGraveInBothThemes(page), []);
  const overflow = await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  assert.equal(overflow, 0);
  await page.setViewportSize({ width: 1440, height: 900 });

  await choose(page, 'Lobby, east', /Revoke/);
  await page.getByRole('button', { name: 'Revoke', exact: true }).click();
  await rowOf(page, 'Lobby, east').getByText('Revoked').waitFor();
  await until('it is cut', () => !tv.socket.connected);
  assert.equal(messagesOf(tv, 'screen:revoked').length, 1);
});

test('a screen may wait for a customer’s first instance', async ({ page }) => {
  await page.getByRole('button', { name: 'Create a screen' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Welcome, Roamway');
  await page.getByRole('combobox', { name: 'Customers' }).click();
  await page.getByRole('option', { name: /Roamway/ }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await rowOf(page, 'Welcome, Roamway').getByText('0 instances of 1 customer').waitFor();
});

test('who saves over somebody else’s edit sees theirs first, and loses nothing', async ({
  page,
  stage,
}) => {
  const name = 'Support, second floor';
  const other = await stage.open('/screens');
  await choose(page, name, /Edit/);
  await page.getByLabel('Name', { exact: true }).fill('Mine');
  await choose(other, name, /Edit/);
  await other.getByLabel('Name', { exact: true }).fill('Theirs');
  await other.getByRole('button', { name: 'Save' }).click();
  await rowOf(other, 'Theirs').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Somebody else changed this screen while you were typing.').waitFor();
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Mine');
  await page.getByText('name: Theirs').waitFor();
  await page.getByRole('button', { name: 'Save again' }).click();
  await rowOf(page, 'Mine').waitFor();
  await other.context().close();
});

test.run();
