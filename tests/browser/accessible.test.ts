import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import { findGraveInBothThemes } from './axe.ts';
import { type Stage, openStage, rowOf } from './stage.ts';

const test = suite<{ stage: Stage }>('accessibility');
test.before(async (context) => {
  context.stage = await openStage();
  const statuses = ['missing', 'unavailable', 'degraded', 'updating', 'ready'];
  const resources = statuses.map((state) => ({
    kind: 'deployment',
    name: `app-${state}`,
    namespace: 'default',
    state,
  }));
  await context.stage.report(
    ...statuses.map((status, index) => ({
      instanceId: `${status}-instance`,
      status,
      versionLabel: `1.${index}.0`,
      kubernetes: { distribution: 'k3s', version: 'v1.27.7+k3s2' },
      cloud: { provider: 'aws', region: 'us-east-1' },
    })),
    {
      instanceId: 'rich-instance',
      resources,
      metrics: { activeUsers: 150, ssoEnabled: true },
      tags: { dept: 'qa', eng: 'support' },
      sdkVersion: '1.12.2',
    },
  );
});
test.after(({ stage }) => stage.close());

const pages: [name: string, path: string, ready: (page: Page) => Promise<unknown>][] = [
  ['fleet', '/', (page) => rowOf(page, 'missing').waitFor()],
  ['empty filter', '/?search=nothing', (page) => page.getByText('No instance fits').waitFor()],
  [
    'customer',
    '/customers/geeglo?inactive=true&archived=true',
    (page) => rowOf(page, 'missing').waitFor(),
  ],
  [
    'empty customer',
    '/customers/roamway',
    async (page) => {
      await page.getByRole('button', { name: 'Show a working example' }).click();
      await page.getByTestId('curl').waitFor();
    },
  ],
  [
    'instance',
    '/customers/geeglo/instances/rich-instance',
    (page) => page.getByRole('heading', { name: 'Activity' }).waitFor(),
  ],
  ['missing page', '/nowhere', (page) => page.getByText('There is no such page').waitFor()],
];

for (const [name, path, ready] of pages) {
  test(`axe finds nothing serious on the ${name} page`, async ({ stage }) => {
    const page = await stage.open(path, { reducedMotion: 'reduce' });
    await ready(page);
    assert.deepEqual(await findGraveInBothThemes(page), []);
    await page.context().close();
  });
}

test('axe finds nothing serious in an open filter and on a small screen', async ({ stage }) => {
  const page = await stage.open('/', { reducedMotion: 'reduce' });
  await rowOf(page, 'missing').waitFor();
  await page.getByRole('combobox', { name: 'Version' }).click();
  await page.getByRole('listbox').getByRole('option').first().waitFor();
  assert.deepEqual(await findGraveInBothThemes(page), []);
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 390, height: 844 });
  assert.deepEqual(await findGraveInBothThemes(page), []);
  await page.context().close();
});

test.run();
