import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import { ask, button, checkIn, customerOf, licenseIdOf, make } from './customers.ts';
import { type Stage, openStage, rowOf } from './stage.ts';

const test = suite<{ stage: Stage }>('customer pages');
test.before(async (context) => {
  context.stage = await openStage();
});
test.after(({ stage }) => stage.close());

const isLive = (page: Page) => page.getByText('Live', { exact: true }).waitFor();

test('a customer is made, its instance checks in, and its page shows it by itself', async ({
  stage,
}) => {
  const page = await stage.open('/customers');
  await button(page, 'New customer').click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name', { exact: true }).fill('Newly & Made');
  await form.getByLabel('App', { exact: true }).selectOption('Acme Search');
  await form.getByLabel('Channel', { exact: true }).selectOption('Stable');
  await form.getByLabel('License type').selectOption('Trial');
  await page.getByRole('radio', { name: 'On a date' }).check();
  await button(page, 'Create').click();
  await page.getByText('Enter the day and the time of the expiry.').waitFor();
  await page.getByLabel('Expires on').fill('2050-01-01T12:00');
  await button(page, 'Add an entitlement').click();
  const seats = page.getByRole('group', { name: 'Entitlement' });
  await seats.getByLabel('Name', { exact: true }).fill('seats');
  await seats.getByLabel('Title', { exact: true }).fill('Seats');
  await seats.getByRole('combobox', { name: 'Type' }).selectOption('Integer');
  await seats.getByLabel('Value', { exact: true }).fill('many');
  await button(page, 'Create').click();
  await seats.getByText('Does not fit valueType Integer.').waitFor();
  await seats.getByLabel('Value', { exact: true }).fill('12');
  await button(page, 'Create').click();

  await page.waitForURL(/\/customers\/newly-made$/);
  await page.getByRole('heading', { name: 'Newly & Made', level: 1 }).waitFor();
  await page.getByText('No Ready Instances').waitFor();
  await isLive(page);
  assert.equal(await page.getByTestId('active-count').innerText(), '0');
  assert.equal(
    (await customerOf(stage, 'newly-made')).license.expiresAt,
    '2050-01-01T12:00:00.000Z',
  );
  await button(page, 'Show the license id').click();
  const shown = page.locator('code[aria-labelledby="license-id-label"]:not(.masked)');
  const licenseId = await shown.innerText();
  assert.match(licenseId, /^[0-9A-Za-z]{27}$/);

  assert.equal(await checkIn(stage, licenseId), 200);
  await rowOf(page, 'first-o').getByText('Ready', { exact: true }).waitFor({ timeout: 5_000 });
  await page.getByTestId('active-count').getByText('1').waitFor();
  await button(page, /How it was computed/).press('Enter');
  const sums = page.getByRole('dialog');
  await sums.getByText('License created').waitFor();
  assert.equal(await sums.getByRole('link', { name: 'first-o' }).count(), 1);
  await page.keyboard.press('Escape');
  await page.context().close();
});

test('two people edit: what was typed stays, what was saved is shown beside it, and nothing is lost', async ({
  stage,
}) => {
  const id = await make(stage, 'Edited Twice');
  const [one, two] = [await stage.open(`/customers/${id}`), await stage.open(`/customers/${id}`)];
  for (const page of [one, two]) {
    await isLive(page);
    await button(page, 'Edit').click();
  }
  await one.getByLabel('Name', { exact: true }).fill('Named by One');
  await one.getByRole('checkbox', { name: 'GitOps' }).check();

  await two.getByLabel('Name', { exact: true }).fill('Named by Two');
  await two.getByLabel('Email address').fill('ops@two.example');
  await button(two, 'Save').click();
  await two.getByRole('heading', { name: 'Named by Two', level: 1 }).waitFor();

  // The page behind the form follows; the form does not.
  await one.locator('h1', { hasText: 'Named by Two' }).waitFor({ state: 'attached' });
  assert.equal(await one.getByLabel('Name', { exact: true }).inputValue(), 'Named by One');
  await button(one, 'Save').click();
  await one.getByText('Somebody else changed this customer while you were typing.').waitFor();
  assert.equal(await one.getByLabel('Name', { exact: true }).inputValue(), 'Named by One');
  assert.ok(await one.getByRole('checkbox', { name: 'GitOps' }).isChecked());
  await one.getByText('Saved by somebody else: Named by Two').waitFor();
  assert.equal(await one.getByLabel('Email address').inputValue(), 'ops@two.example');
  await button(one, 'Save again').click();
  await one.getByRole('heading', { name: 'Named by One', level: 1 }).waitFor();
  await two.getByRole('heading', { name: 'Named by One', level: 1 }).waitFor({ timeout: 5_000 });

  const { name, email, license } = await customerOf(stage, id);
  assert.deepEqual(
    [name, email, license.features],
    ['Named by One', 'ops@two.example', ['gitops']],
  );
  await one.context().close();
  await two.context().close();
});

test('community disables expiry and air gap, and says why', async ({ stage }) => {
  const id = await make(stage, 'To Community');
  const page = await stage.open(`/customers/${id}`);
  await button(page, 'Edit').click();
  await page.getByRole('checkbox', { name: 'Air gap' }).check();
  await page.getByLabel('License type').selectOption('Community');
  await page.getByText('A community license does not expire.').waitFor();
  await page.getByText('A community license has no Air gap feature.').waitFor();
  assert.ok(await page.getByRole('radio', { name: 'On a date' }).isDisabled());
  assert.ok(await page.getByRole('checkbox', { name: 'Air gap' }).isDisabled());
  await button(page, 'Save').click();
  await page.getByText('Community license', { exact: true }).waitFor();
  assert.deepEqual((await customerOf(stage, id)).license.features, []);
  await page.context().close();
});

test('an expired license: the next report is refused, and the page says why, live', async ({
  stage,
}) => {
  const id = await make(stage, 'About to Expire');
  const licenseId = await licenseIdOf(stage, id);
  assert.equal(await checkIn(stage, licenseId), 200);
  const page = await stage.open(`/customers/${id}`);
  await rowOf(page, 'first-o').waitFor();
  await isLive(page);
  const soon = new Date(Date.now() + 10 * 86_400_000).toISOString();
  const change = (revision: number, expiresAt: string) =>
    ask(stage, 'PATCH', `/api/customers/${id}`, { revision, license: { expiresAt } });
  await change(0, soon);
  await page.getByText(/^Expires in \d+ d$/).waitFor({ timeout: 5_000 });
  await change(1, '2026-01-01T00:00:00Z');
  await page.getByText('The license expired on 1 Jan 2026').waitFor({ timeout: 5_000 });
  await page.getByText('Expired', { exact: true }).waitFor();
  assert.equal(await checkIn(stage, licenseId), 403);
  await rowOf(page, 'first-o').getByText('Refused: license expired').waitFor({ timeout: 5_000 });
  await change(2, soon);
  assert.equal(await checkIn(stage, licenseId), 200);
  await rowOf(page, 'first-o').getByText('Ready', { exact: true }).waitFor({ timeout: 5_000 });
  await page.getByText('The license expired on').waitFor({ state: 'detached' });
  await page.context().close();
});

test('an archived customer: its instances are refused, the page says why, and restoring takes them again', async ({
  stage,
}) => {
  const id = await make(stage, 'Archived Soon');
  const licenseId = await licenseIdOf(stage, id);
  assert.equal(await checkIn(stage, licenseId), 200);
  const page = await stage.open(`/customers/${id}`);
  await rowOf(page, 'first-o').waitFor();
  await button(page, 'More about Archived Soon').press('Enter');
  await page.getByRole('menuitem', { name: 'Archive' }).press('Enter');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Archive' }).press('Enter');
  await page.getByText(/^Archived on /).waitFor();
  assert.equal(await checkIn(stage, licenseId), 403);
  await rowOf(page, 'first-o').getByText('Refused: customer archived').waitFor({ timeout: 5_000 });

  await button(page, 'More about Archived Soon').press('Enter');
  await page.getByRole('menuitem', { name: 'Restore' }).press('Enter');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Restore' }).press('Enter');
  await page.getByText(/^Archived on /).waitFor({ state: 'detached' });
  assert.equal(await checkIn(stage, licenseId), 200);
  await rowOf(page, 'first-o').getByText('Ready', { exact: true }).waitFor({ timeout: 5_000 });
  await page.context().close();
});

test('a rotated license id: the old one is refused at once, the new one is shown and works', async ({
  stage,
}) => {
  const id = await make(stage, 'Rotating');
  const old = await licenseIdOf(stage, id);
  assert.equal(await checkIn(stage, old), 200);
  const page = await stage.open(`/customers/${id}`);
  await button(page, 'Show the license id').click();
  await page.getByText(old).waitFor();
  await button(page, 'More about Rotating').click();
  await page.getByRole('menuitem', { name: 'Rotate the license id' }).click();
  await page.getByText('Every running instance stops reporting').waitFor();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Rotate' }).click();
  await page.getByRole('heading', { name: 'Rotating has a new license id' }).waitFor();
  assert.equal(await checkIn(stage, old), 401);
  const fresh = await page.getByRole('dialog').locator('code').innerText();
  assert.equal(await checkIn(stage, fresh), 200);
  await button(page, 'Done').click();
  await page.getByText(old).waitFor({ state: 'detached', timeout: 5_000 });
  await page.context().close();
});

test('the license is downloaded as a file, and the page says what unsigned means', async ({
  stage,
}) => {
  const id = await make(stage, 'Downloaded');
  const page = await stage.open(`/customers/${id}`);
  await button(page, 'Generated, unsigned').hover();
  await page.getByText(/Rollcall generates the document and cannot sign it/).waitFor();
  await button(page, 'Download license').click();
  await page.getByText(/stock KOTS\/SDK clients verify signatures/).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    button(page, 'Download').last().click(),
  ]);
  assert.equal(download.suggestedFilename(), 'downloaded-license.yaml');
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  assert.match(
    Buffer.concat(chunks).toString(),
    new RegExp(`licenseID: ${await licenseIdOf(stage, id)}`),
  );
  await page.context().close();
});

test.run();
