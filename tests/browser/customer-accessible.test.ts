import { strict as assert } from 'node:assert';
import { suite } from 'uvu';
import {
  ask,
  button,
  checkIn,
  customerOf,
  expectNothingGrave,
  licenseIdOf,
  make,
} from './customers.ts';
import { type Stage, openStage, rowOf } from './stage.ts';

const test = suite<{ stage: Stage }>('accessibility of customer pages');
test.before(async (context) => {
  context.stage = await openStage();
});
test.after(({ stage }) => stage.close());

test('axe finds nothing serious on the page and in its dialogs, in good and in bad standing', async ({
  stage,
}) => {
  const id = await make(stage, 'In Good Standing', { features: ['airgap'] });
  const licenseId = await licenseIdOf(stage, id);
  assert.equal(await checkIn(stage, licenseId), 200);
  const page = await stage.open(`/customers/${id}`, { reducedMotion: 'reduce' });
  await rowOf(page, 'first-o').waitFor();
  await expectNothingGrave(page, 'page');
  // Tall: what is off screen is not laid out, and keeps the colours of the other theme.
  await page.setViewportSize({ width: 390, height: 2000 });
  await expectNothingGrave(page, 'page on a phone');
  await page.setViewportSize({ width: 1440, height: 900 });
  const dialogs = [/How it was computed/, 'Download license'];
  for (const name of dialogs) {
    await button(page, name).first().click();
    await page.getByRole('dialog').waitFor();
    await expectNothingGrave(page, String(name));
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await button(page, /^More about/).click();
  await page.getByRole('menuitem', { name: 'Rotate the license id' }).click();
  await page.getByRole('alertdialog').waitFor();
  await expectNothingGrave(page, 'rotation');
  await page.keyboard.press('Escape');

  const { revision } = await customerOf(stage, id);
  const past = { revision, license: { expiresAt: '2026-01-01T00:00:00Z' } };
  await ask(stage, 'PATCH', `/api/customers/${id}`, past);
  assert.equal(await checkIn(stage, licenseId), 403);
  await page.getByText('Refused: license expired').waitFor();
  await expectNothingGrave(page, 'expired');
  await page.goto(`${stage.server.url}/customers`);
  await button(page, 'New customer').click();
  await page.getByRole('dialog').waitFor();
  await expectNothingGrave(page, 'new customer');
  await page.context().close();
});

test.run();
