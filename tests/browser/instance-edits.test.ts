import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import { openDatabase } from '#db/client.ts';
import { browserCookies, visitorOf } from '../support/session.ts';
import { findGraveInBothThemes } from './axe.ts';
import { type Stage, openStage } from './stage.ts';

const path = '/customers/geeglo/instances/edited-one';
const test = suite<{ stage: Stage }>('editing an instance in place');
test.before(async (context) => {
  context.stage = await openStage();
  await context.stage.report({
    ...{ instanceId: 'edited-one', status: 'ready', tags: { reported: 'by itself' } },
    resources: [
      { kind: 'deployment', name: 'api', namespace: 'default', state: 'ready' },
      { kind: 'statefulset', name: 'index', namespace: 'default', state: 'degraded' },
    ],
  });
});
test.after(({ stage }) => stage.close());

const tags = (page: Page) => page.getByRole('group', { name: 'Tags' });
async function addTag(page: Page, name: string, value: string) {
  await tags(page).getByRole('button', { name: 'Add a tag' }).press('Enter');
  await page.locator('input[aria-label="Tag"]:focus').waitFor();
  await page.keyboard.type(name);
  await page.keyboard.press('Tab');
  await page.keyboard.type(value);
}

test('two people who edit tags at once lose nothing, and each sees the other’s', async ({
  stage,
}) => {
  const [one, other] = await Promise.all([stage.open(path), stage.open(path)]);
  // Both forms are open before either is sent: each knows nothing of the other's tag.
  await addTag(one, 'dept', 'qa');
  await addTag(other, 'eng', 'support');
  await Promise.all([one, other].map((page) => page.keyboard.press('Enter')));
  for (const page of [one, other]) {
    await tags(page).getByText('dept qa').waitFor();
    await tags(page).getByText('eng support').waitFor();
    await tags(page).getByText('reported by itself').waitFor();
  }
  await tags(one).getByRole('button', { name: 'Edit the tag dept, qa' }).click();
  await one.getByLabel('Value').fill('research');
  await tags(other).getByRole('button', { name: 'Remove the tag eng' }).click();
  await one.getByRole('button', { name: 'Save' }).click();
  for (const page of [one, other]) {
    await tags(page).getByText('dept research').waitFor();
    await tags(page).getByText('eng support').waitFor({ state: 'detached' });
  }
  assert.equal(
    await tags(one)
      .getByRole('button', { name: /Remove the tag reported/ })
      .count(),
    0,
  );
  await one.context().close();
  await other.context().close();
});

test('a name is given by keys alone, and what is refused says why and changes nothing', async ({
  stage,
}) => {
  const page = await stage.open(path);
  await page.getByRole('button', { name: 'Edit the name' }).press('Enter');
  await page.locator('input[aria-label="Name"]:focus').waitFor();
  await page.keyboard.type('Berlin, production');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Berlin, production', level: 1 }).waitFor();
  await page.locator('button[aria-label="Edit the name"]:focus').waitFor();

  await addTag(page, 'constructor', 'no name that a tag can have');
  await page.keyboard.press('Enter');
  await tags(page).getByRole('alert').filter({ hasText: /./ }).waitFor();
  assert.deepEqual(await findGraveInBothThemes(page), []);
  await page.keyboard.press('Escape');
  await page.locator('.add:focus').waitFor();
  assert.equal(await tags(page).getByText('constructor').count(), 0);
  await page.context().close();
});

test('it is archived and restored after a question', async ({ stage }) => {
  const page = await stage.open(path);
  await page.getByRole('button', { name: 'Archive' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Archive' }).click();
  await page.getByText('Archived', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Restore' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Restore' }).click();
  await page.getByText('Archived', { exact: true }).waitFor({ state: 'detached' });
  await page.context().close();
});

test('resources stand one step away, worst first, and the worst are named at once', async ({
  stage,
}) => {
  const page = await stage.open(path);
  await page.getByRole('listitem').filter({ hasText: 'index' }).waitFor();
  await page.getByRole('button', { name: '1 of 2 ready' }).press('Enter');
  const rows = page.getByRole('dialog').getByRole('row');
  await rows.nth(1).getByText('index').waitFor();
  await rows.nth(2).getByText('api').waitFor();
  assert.deepEqual(await findGraveInBothThemes(page), []);
  await page.keyboard.press('Escape');
  await page.locator('button:focus', { hasText: '1 of 2 ready' }).waitFor();
  await page.context().close();
});

test('a viewer sees what there is, and nothing to change it with', async ({ stage }) => {
  const { url } = stage.server;
  const database = await openDatabase({ databaseUrl: stage.databaseUrl, dataDir: '' });
  const viewer = browserCookies(await visitorOf(database.db, 'viewer', { url }), url);
  await database.close();
  const page = await stage.open('/sign-in');
  await page.context().clearCookies();
  await page.context().addCookies(viewer);
  await page.goto(url + path);
  await tags(page).getByText('dept research').waitFor();
  await page.getByRole('button', { name: '1 of 2 ready' }).waitFor();
  assert.equal(await page.locator('main form, main input[aria-label="Name"]').count(), 0);
  for (const name of [/^Edit /, /^Remove /, 'Add a tag', 'Archive', 'Restore']) {
    assert.equal(await page.getByRole('button', { name }).count(), 0, String(name));
  }
  await page.context().close();
});

test('a page that cannot reach its server says so, shows what failed, and comes back', async ({
  stage,
}) => {
  const page = await stage.open(path);
  await page.locator('a.event').first().waitFor();
  await page.context().route('**/uptime?*', (route) => route.abort());
  await page.getByRole('group', { name: 'Range', exact: true }).getByText('45 days').click();
  await page.getByText('45 days cannot be shown').waitFor();
  await page.context().unroute('**/uptime?*');
  await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('slider', { name: /^Uptime of 45 days/ }).waitFor();

  await page.context().route('**/events?*', (route) => route.abort());
  await page.getByPlaceholder('Search field or value').fill('ready');
  await page.getByText(/^The activity cannot be shown/).waitFor();
  await page.context().unroute('**/events?*');
  await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
  await page.locator('a.event').first().getByText('Ready').waitFor();

  await page.context().route('**/api/customers/**', (route) => route.abort());
  await page.reload();
  await page.getByText('The server cannot be reached', { exact: true }).waitFor();
  await page.context().unroute('**/api/customers/**');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('a.event').first().waitFor();
  await page.context().close();
});

test.run();
