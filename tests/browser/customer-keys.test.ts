import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import type { AppDetails } from '#contract/catalog.ts';
import { openDatabase } from '#db/client.ts';
import { browserCookies, visitorOf } from '../support/session.ts';
import { ask, button, customerOf, expectNothingGrave, licenseIdOf, make } from './customers.ts';
import { type Stage, openStage } from './stage.ts';

const test = suite<{ stage: Stage }>('customer pages, by keys and for everybody');
test.before(async (context) => {
  context.stage = await openStage();
});
test.after(({ stage }) => stage.close());

const focused = (page: Page) => page.locator(':focus');

async function setRegistry(stage: Stage): Promise<void> {
  const { revision } = await ask<AppDetails>(stage, 'GET', '/api/apps/acme');
  const helmRegistry = 'registry.acme.example/charts';
  await ask(stage, 'PATCH', '/api/apps/acme', { revision, helmRegistry });
}

test('the drawer says what is missing, and then gives each step to copy, by keys alone', async ({
  stage,
}) => {
  const page = await stage.open('/customers/geeglo', { reducedMotion: 'reduce' });
  await button(page, 'Helm install instructions').press('Enter');
  await page.getByText('Set the Helm registry of Acme Search first').waitFor();
  await expectNothingGrave(page, 'drawer without steps');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.locator('button:focus', { hasText: 'Helm install instructions' }).waitFor();

  await setRegistry(stage);
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('dialog');
  const login = drawer.locator('pre').first();
  await login.getByText("--password '<license id>'").waitFor();
  await drawer.getByText('1.2.0', { exact: true }).waitFor();
  await button(page, 'Put it in').press('Enter');
  await login.getByText(`--password '${await licenseIdOf(stage, 'geeglo')}'`).waitFor();
  assert.ok((await drawer.getByRole('button', { name: /^Copy step / }).count()) >= 3);
  await expectNothingGrave(page, 'drawer with steps');

  await page.getByRole('tab', { name: 'Online' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('tab', { name: 'Air gap', selected: true }).waitFor();
  await drawer
    .getByRole('tabpanel')
    .getByText(/air gap bundle/i)
    .first()
    .waitFor();
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  await page.context().close();
});

test('a license id that was put in stays while the customer is read again', async ({ stage }) => {
  await setRegistry(stage);
  const page = await stage.open('/customers/geeglo');
  await button(page, 'Helm install instructions').click();
  await button(page, 'Put it in').click();
  const login = page.getByRole('dialog').locator('pre').first();
  const whole = login.getByText(`--password '${await licenseIdOf(stage, 'geeglo')}'`);
  await whole.waitFor();
  const asked: string[] = [];
  page.on('request', (request) => void asked.push(new URL(request.url()).pathname));
  const again = page.waitForResponse(
    (response) => new URL(response.url()).pathname === '/api/customers/geeglo',
  );
  const { revision } = await ask<AppDetails>(stage, 'GET', '/api/apps/acme');
  await ask(stage, 'PATCH', '/api/apps/acme', { revision, helmChart: `chart-${revision}` });
  await (await again).finished();
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))');
  assert.equal(asked.filter((path) => path.endsWith('/install-instructions')).length, 0);
  assert.ok(await whole.isVisible());
  await page.context().close();
});

test('what a step says is copied', async ({ stage }) => {
  await setRegistry(stage);
  const permissions = ['clipboard-read', 'clipboard-write'];
  const page = await stage.open('/customers/geeglo', { permissions });
  await button(page, 'Helm install instructions').click();
  await page.getByRole('button', { name: /^Copy step 1/ }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const copied = await page.evaluate<string>('navigator.clipboard.readText()');
  assert.match(copied, /^helm registry login 'registry\.acme\.example'/);
  await page.keyboard.press('Escape');
  await button(page, 'Copy the license id').click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const licenseId = await page.evaluate<string>('navigator.clipboard.readText()');
  assert.equal(licenseId, await licenseIdOf(stage, 'geeglo'));
  await page.context().close();
});

test('each dialog takes the focus and gives it back to what opened it', async ({ stage }) => {
  const page = await stage.open('/customers/geeglo', { reducedMotion: 'reduce' });
  for (const name of ['Edit', 'Download license', /^Generate .*password/]) {
    await button(page, name).press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.locator('[role="dialog"] :focus').waitFor();
    await page.keyboard.press('Shift+Tab');
    await page.locator('[role="dialog"] :focus').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.locator('button:focus').and(button(page, name)).waitFor();
  }
  await page.context().close();
});

test('a customer is edited by keys alone', async ({ stage }) => {
  const id = await make(stage, 'By Keys');
  const page = await stage.open(`/customers/${id}`, { reducedMotion: 'reduce' });
  await button(page, 'Edit').press('Enter');
  const name = page.getByLabel('Name', { exact: true });
  await name.waitFor();
  assert.equal(await focused(page).inputValue(), 'By Keys', 'the cursor is in the first field');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('By Keys Alone');
  await page.keyboard.press('Tab');
  await page.keyboard.type('not an address');
  await page.keyboard.press('Enter');
  await page.getByText('Must be an email address.').waitFor();
  await page.locator('input[type="email"]:focus').waitFor();
  await expectNothingGrave(page, 'form with a fault');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('keys@alone.example');
  await button(page, 'Add an entitlement').press('Enter');
  await page.locator('.line input:focus').waitFor();
  await page.keyboard.type('sso');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Single sign-on');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Boolean');
  await page.keyboard.press('Tab');
  await page.keyboard.type('true');
  await expectNothingGrave(page, 'form with an entitlement');
  await button(page, 'Save').press('Enter');
  await page.getByRole('heading', { name: 'By Keys Alone', level: 1 }).waitFor();
  const customer = await customerOf(stage, id);
  assert.equal(customer.email, 'keys@alone.example');
  assert.deepEqual(
    customer.license.entitlements.map(({ name, value }) => [name, value]),
    [['sso', true]],
  );
  await page.context().close();
});

test('a signed document is brought, contradicts an edit, and is dropped', async ({ stage }) => {
  const id = await make(stage, 'Signing');
  const spec = { licenseID: await licenseIdOf(stage, id), appSlug: 'acme' };
  const entitlements = { expires_at: { value: '' } };
  const document = JSON.stringify({
    ...{ apiVersion: 'kots.io/v1beta1', kind: 'License', spec: { ...spec, entitlements } },
  });
  const page = await stage.open(`/customers/${id}`, { reducedMotion: 'reduce' });
  await button(page, 'Edit').click();
  await button(page, 'Bring a signed document').click();
  await page.getByLabel('Signed license document').fill('kind: Nothing');
  await button(page, 'Save').click();
  await page.getByText('Is not a kots.io License.').waitFor();
  await expectNothingGrave(page, 'form with a document');
  await page.getByLabel('Signed license document').fill(document);
  await button(page, 'Save').click();
  await button(page, 'Signed by you').waitFor();

  await button(page, 'Edit').click();
  await page.getByRole('radio', { name: 'On a date' }).check();
  await page.getByLabel('Expires on').fill('2051-01-01T12:00');
  await button(page, 'Save').click();
  await page
    .getByRole('alert')
    .getByText(/bring a new signed document, or drop it/)
    .waitFor();
  assert.equal(await page.getByLabel('Expires on').inputValue(), '2051-01-01T12:00');
  await button(page, 'Drop it').click();
  await button(page, 'Save').click();
  await button(page, 'Generated, unsigned').waitFor();
  await page.context().close();
});

test('who may not manage sees no license id, no edit and no file, and instructions with a gap', async ({
  stage,
}) => {
  await setRegistry(stage);
  const database = await openDatabase({ databaseUrl: stage.databaseUrl, dataDir: '' });
  const { url } = stage.server;
  const viewer = browserCookies(await visitorOf(database.db, 'viewer', { url }), url);
  await database.close();
  const page = await stage.open('/sign-in');
  await page.context().clearCookies();
  await page.context().addCookies(viewer);
  await page.goto(`${url}/customers/geeglo`);
  await button(page, 'Helm install instructions').click();
  await page.getByText('which owners and admins see').waitFor();
  assert.equal(await button(page, 'Put it in').count(), 0);
  await page.keyboard.press('Escape');
  for (const name of ['Edit', 'Download license', /^More about/, 'Show the license id']) {
    assert.equal(await button(page, name).count(), 0, String(name));
  }
  assert.doesNotMatch(await page.content(), new RegExp(await licenseIdOf(stage, 'geeglo')));
  await page.context().close();
});

test.run();
