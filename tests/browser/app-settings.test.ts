import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { suite } from 'uvu';
import { findGraveInBothThemes } from './axe.ts';
import { type Stage, openStage } from './stage.ts';

const test = suite<{ stage: Stage }>('settings of an app');
test.before(async (context) => {
  context.stage = await openStage();
});
test.after(({ stage }) => stage.close());

const open = (stage: Stage, path: string) => stage.open(path, { reducedMotion: 'reduce' });
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name });
const press = async (page: Page, name: string) =>
  page.getByRole('button', { name, exact: true }).press('Enter');
async function expectNothingGrave(page: Page): Promise<void> {
  assert.deepEqual(await findGraveInBothThemes(page), [], page.url());
}

test('a stale edit keeps what was typed, shows what is there now, and is saved again', async ({
  stage,
}) => {
  const [mine, theirs] = [
    await open(stage, '/apps/beacon?show=settings'),
    await open(stage, '/apps/beacon?show=settings'),
  ];
  await mine.getByLabel('Name').fill('My Beacon');
  await theirs.getByLabel('Name').fill('Their Beacon');
  await theirs.getByLabel('Helm chart').fill('beacon-chart');
  await press(theirs, 'Save settings');
  await theirs.getByText('The settings are saved.').waitFor();
  await heading(mine, 'Their Beacon').waitFor();
  assert.equal(await mine.getByLabel('Name').inputValue(), 'My Beacon');

  await press(mine, 'Save settings');
  await mine.getByText('Somebody else changed this app while you were typing.').waitFor();
  await mine.getByText('Saved by somebody else: Their Beacon').waitFor();
  assert.equal(await mine.getByLabel('Name').inputValue(), 'My Beacon');
  assert.equal(await mine.getByLabel('Helm chart').inputValue(), 'beacon-chart');
  await expectNothingGrave(mine);
  await press(mine, 'Save again');
  await mine.getByText('The settings are saved.').waitFor();
  await heading(theirs, 'My Beacon').waitFor();
  assert.equal(await theirs.getByLabel('Name').inputValue(), 'My Beacon');
  await mine.context().close();
  await theirs.context().close();
});

test('a template shows its faults while it is typed, and a preview once it is good', async ({
  stage,
}) => {
  const page = await open(stage, '/apps/acme?show=settings');
  const template = page.getByLabel('Template', { exact: true });
  await template.fill('# Install\nhelm install "{{version}}"');
  await page.getByText(/^Line 2: \{\{version\}\} must not stand inside double quotes/).waitFor();
  await template.fill('# Install {{appName}}\nhelm install {{appSlug}} --version {{version}}');
  await page.getByText('Placeholders and preview').first().click();
  await page.getByText(/^helm install 'acme' --version '\S+'$/).waitFor();
  await page.getByText('1. Install Acme Search').waitFor();
  await expectNothingGrave(page);
  await page.getByRole('button', { name: 'Back to Rollcall’s' }).click();
  assert.match(await template.inputValue(), /^# Sign in to the registry/);
  await page.context().close();
});

test('a logo is uploaded, shown and removed', async ({ stage }) => {
  const page = await open(stage, '/apps/acme?show=settings');
  const background = '#1f6feb';
  const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background } })
    .webp()
    .toBuffer();
  const choose = (buffer: Buffer) =>
    page
      .getByLabel('Logo file')
      .setInputFiles({ name: 'logo.webp', mimeType: 'image/webp', buffer });
  await choose(Buffer.from('no picture'));
  await page.getByText('The logo must be a PNG, JPEG or WebP picture.').waitFor();
  await choose(picture);
  await page.getByText('The logo is set.').waitFor();
  await page.locator('main img').first().waitFor();
  const width =
    "document.querySelector('main img').decode().then(() => document.querySelector('main img').naturalWidth)";
  assert.equal(await page.evaluate(width), 64);
  await press(page, 'Remove');
  await page.getByText('The logo is removed.').waitFor();
  await page.locator('main img').first().waitFor({ state: 'detached' });
  await page.context().close();
});

test.run();
