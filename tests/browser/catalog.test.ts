import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import { connect } from '#db/connect.ts';
import { findGraveInBothThemes } from './axe.ts';
import { type Stage, openStage } from './stage.ts';

const test = suite<{ stage: Stage }>('apps and releases');
test.before(async (context) => {
  context.stage = await openStage();
  await context.stage.report({ instanceId: 'one', status: 'ready', channelSequence: 2 });
});
test.after(({ stage }) => stage.close());

const open = (stage: Stage, path: string) => stage.open(path, { reducedMotion: 'reduce' });
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name });
const press = async (page: Page, name: string | RegExp) =>
  page
    .getByRole('button', { name, exact: typeof name === 'string' })
    .first()
    .press('Enter');
/** What the fact "Versions behind" of an instance page says. */
const behind = (page: Page, versions: number) =>
  page
    .locator('dl > div', { hasText: new RegExp(`^\\s*Versions behind\\s*${versions}\\b`) })
    .waitFor();

async function expectNothingGrave(page: Page): Promise<void> {
  assert.deepEqual(await findGraveInBothThemes(page), [], page.url());
}

test('an app, a channel, a release and its promotion are made by keyboard', async ({ stage }) => {
  const page = await open(stage, '/apps');
  await page.getByRole('row', { name: /Acme Search/ }).waitFor();
  await expectNothingGrave(page);

  await press(page, 'New app');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('Növa Désk');
  await expectNothingGrave(page);
  await page.keyboard.press('Enter');
  await heading(page, 'Növa Désk').waitFor();
  assert.match(page.url(), /\/apps\/nova-desk$/);
  await page.getByText('No channel yet').waitFor();

  await press(page, 'New channel');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('Stable');
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: /Stable nova-desk-stable nothing promoted/ }).waitFor();

  await press(page, 'New release');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('1.0.0');
  await page.keyboard.press('Tab');
  await page.keyboard.type('It is **here**.');
  await expectNothingGrave(page);
  await press(page, 'Create release');
  await page.getByText('1.0.0 is made. Promote it to offer it.').waitFor();
  assert.equal(await page.locator('article strong').innerText(), 'here');
  await page.getByText('Promoted to no channel yet.').waitFor();

  await press(page, 'Promote 1.0.0');
  await page.getByText('Choose where it is offered.').waitFor();
  await page.keyboard.press('Space');
  await page.getByText(/0 instances see it at once/).waitFor();
  await expectNothingGrave(page);
  await page.keyboard.press('Enter');
  await page.getByText('1.0.0 is promoted to Stable.').waitFor();
  await page.getByRole('row', { name: /Stable nova-desk-stable 1\.0\.0 \(1\)/ }).waitFor();
  await page.getByText('no instance runs it').waitFor();
  await expectNothingGrave(page);
  await page.context().close();
});

test('what the server refuses stands at its field, and nothing typed is lost', async ({
  stage,
}) => {
  const page = await open(stage, '/apps');
  await press(page, 'New app');
  await page.getByLabel('Name').fill('Another Acme');
  await page.getByLabel('Slug').fill('acme');
  await page.keyboard.press('Enter');
  await page.getByText('Another app has the slug acme already.').waitFor();
  assert.equal(await page.getByLabel('Name').inputValue(), 'Another Acme');
  assert.equal(await page.evaluate('document.activeElement.value'), 'acme');
  await page.context().close();
});

test('a promotion is on an open instance page at once, without a reload', async ({ stage }) => {
  const watching = await open(stage, '/customers/geeglo/instances/one');
  await behind(watching, 1);
  const page = await open(stage, '/apps/acme');
  await press(page, 'New release');
  await page.getByLabel('Version label').fill('1.3.0');
  await page.keyboard.press('Enter');
  await press(page, 'Promote 1.3.0');
  await page.getByRole('checkbox', { name: 'Stable' }).check();
  await page.getByText(/1 instance sees it at once/).waitFor();
  await press(page, 'Promote to Stable');
  await page.getByText('1.3.0 is promoted to Stable.').waitFor();
  await behind(watching, 2);
  await page.context().close();

  const demoting = await open(stage, '/apps/acme');
  await press(demoting, 'Demote 1.3.0 in Stable');
  await demoting.getByText('Stable no longer offers it, at once. No instance runs it.').waitFor();
  await expectNothingGrave(demoting);
  await press(demoting, 'Demote');
  await demoting.getByText('1.3.0 is demoted in Stable.').waitFor();
  await behind(watching, 1);
  await press(demoting, 'Restore 1.3.0 in Stable');
  await press(demoting, 'Restore');
  await demoting.getByText('1.3.0 is offered again in Stable.').waitFor();
  await behind(watching, 2);
  await demoting.context().close();
  await watching.context().close();
});

test('a viewer reads all of it, and finds nothing to change', async ({ stage }) => {
  const sql = connect(stage.databaseUrl, 'rollcall tests');
  await sql`update users set role = 'viewer'`;
  try {
    for (const path of ['/apps', '/apps/acme', '/apps/acme?show=settings']) {
      const page = await open(stage, path);
      await page.getByText('Acme Search').first().waitFor();
      const main = page.locator('main');
      await page.waitForTimeout(300);
      const buttons = await main.getByRole('button').allInnerTexts();
      assert.deepEqual(buttons, [], path);
      assert.equal(await main.getByRole('textbox').count(), 0, path);
      await expectNothingGrave(page);
      await page.setViewportSize({ width: 390, height: 844 });
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      assert.equal(overflow, 0, path);
      await page.context().close();
    }
  } finally {
    await sql`update users set role = 'owner'`;
    await sql.end();
  }
});

test.run();
