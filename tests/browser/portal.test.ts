import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { suite } from 'uvu';
import { users } from '#db/schema.ts';
import { tokenOf } from '../support/session.ts';
import { openDatabase, type OpenDatabase } from '#db/client.ts';
import { addFile, portalOf } from '../portal/visit.ts';
import { findGraveInBothThemes } from './axe.ts';
import { drawTwice, type Stage, openStage } from './stage.ts';

interface Context {
  stage: Stage;
  database: OpenDatabase;
  portal: string;
}
const test = suite<Context>('the download portal, with two people');
test.before(async (context) => {
  const { stage } = Object.assign(context, { stage: await openStage() });
  context.database = await openDatabase({ databaseUrl: stage.databaseUrl, dataDir: '' });
  const { db } = context.database;
  context.portal = await portalOf(db, 'geeglo');
  const token = await tokenOf(db, 'write');
  const ask = (path: string, init?: RequestInit) => fetch(stage.server.url + path, init);
  const content = new TextEncoder().encode('the chart itself');
  await addFile(ask, token, { name: 'acme-1.2.0.tgz', content });
  await addFile(ask, token, { name: 'acme-1.2.0.airgap', kind: 'airgap', content });
});
test.after(async ({ stage, database }) => {
  await database.close();
  await stage.close();
});

/** A browser of somebody who has no account here. */
async function visit(
  { stage, portal }: Context,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = await stage.open(portal, { reducedMotion: 'reduce', ...options });
  await page.context().clearCookies();
  await page.goto(stage.server.url + portal);
  return page;
}

async function logIn(page: Page, password: string): Promise<void> {
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
}

/** As the vendor: has a password made. @returns it, as the dialog shows it this once */
async function generate(vendor: Page): Promise<string> {
  await vendor.getByRole('button', { name: /^Generate (new )?password$/ }).click();
  await vendor.getByRole('button', { name: 'Generate', exact: true }).click();
  await vendor.getByText('The new password holds now').waitFor();
  const password = await vendor.getByRole('dialog').locator('code').innerText();
  await vendor.keyboard.press('Escape');
  await drawTwice(vendor);
  assert.equal(await vendor.getByRole('dialog').count(), 1, 'Escape does not lose the password');
  await vendor.getByRole('button', { name: 'Done' }).click();
  return password;
}

test('the vendor makes a password, the customer logs in and downloads, and the vendor sees it at once', async (context) => {
  const { stage } = context;
  const vendor = await stage.open('/customers/geeglo', { reducedMotion: 'reduce' });
  await vendor.getByText('There is no password yet, so nobody gets in.').waitFor();
  await vendor.getByText('Nothing was downloaded yet.').waitFor();
  await vendor.evaluate(`document.body.setAttribute('data-mark', '')`);
  const password = await generate(vendor);
  assert.match(password, /^[a-z2-9]{20}$/);
  await vendor.getByText('no open logins').waitFor();
  assert.deepEqual(await findGraveInBothThemes(vendor), []);

  const customer = await visit(context);
  await logIn(customer, 'not the password');
  await customer.getByRole('alert').getByText('That password is wrong.').waitFor();
  await logIn(customer, password);
  await customer.getByRole('heading', { name: '1.2.0' }).waitFor();
  await vendor.getByText('1 open login').waitFor({ timeout: 5_000 });

  const saving = customer.waitForEvent('download');
  await customer.getByRole('link', { name: 'Download acme-1.2.0.tgz' }).click();
  const saved = await saving;
  assert.equal(saved.suggestedFilename(), 'acme-1.2.0.tgz');
  assert.equal(await readFile(await saved.path(), 'utf8'), 'the chart itself');
  const list = vendor.getByRole('list', { name: 'Recent downloads' });
  await list.getByText('acme-1.2.0.tgz').waitFor({ timeout: 5_000 });
  await list.getByText('not whole yet').waitFor({ state: 'detached', timeout: 5_000 });
  await vendor
    .getByText(/Last version downloaded: 1\.2\.0 on/)
    .first()
    .waitFor();
  assert.equal(await vendor.locator('body[data-mark]').count(), 1, 'without a reload');

  await generate(vendor);
  await customer.reload();
  await customer.getByRole('heading', { name: 'Log in' }).waitFor();
  await customer.context().close();
  await vendor.context().close();
});

test('the portal is whole with the keyboard, on a small screen, in both themes, and without script', async (context) => {
  const { stage } = context;
  const vendor = await stage.open('/customers/geeglo');
  const password = await generate(vendor);
  await vendor.context().close();
  for (const options of [{}, { viewport: { width: 390, height: 844 } }]) {
    const page = await visit(context, options);
    assert.deepEqual(await findGraveInBothThemes(page), []);
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '1.2.0' }).waitFor();
    await page.getByRole('button', { name: 'Copy SHA-256 of acme-1.2.0.tgz' }).waitFor();
    assert.deepEqual(await findGraveInBothThemes(page), []);
    const overflow = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    assert.equal(overflow, 0);
    await page.context().close();
  }
  const plain = await visit(context, { javaScriptEnabled: false });
  await plain.getByLabel('Password').fill(password);
  await plain.getByRole('button', { name: 'Log in' }).click();
  await plain.getByRole('heading', { name: '1.2.0' }).waitFor();
  assert.equal(await plain.getByRole('button', { name: /^Copy/ }).count(), 0);
  await plain.getByRole('button', { name: 'Log out' }).click();
  await plain.getByRole('heading', { name: 'Log in' }).waitFor();
  await plain.context().close();
});

test('a viewer sees what was downloaded, and sets no password', async ({ stage, database }) => {
  await database.db.update(users).set({ role: 'viewer' });
  const page = await stage.open('/customers/geeglo');
  await page.getByRole('list', { name: 'Recent downloads' }).waitFor();
  assert.equal(await page.getByRole('button', { name: /password/i }).count(), 0);
  assert.equal(await page.getByRole('button', { name: 'Copy URL' }).count(), 1);
  await page.context().close();
});

test.run();
