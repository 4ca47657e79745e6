import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import { loadRanges } from '#server/clouds/index.ts';
import { kots, sdk, send } from '../support/clients.ts';
import { licenseIds } from '../support/fleet.ts';
import { findGraveInBothThemes } from './axe.ts';
import { type Stage, openStage, until } from './stage.ts';

const path = '/customers/geeglo/instances/in-parts';
const address = '192.0.2.7';
const test = suite<{ stage: Stage }>('the parts of an instance’s page');
test.before(async (context) => {
  // A file as AWS publishes it, of addresses that are for documents only.
  const text = JSON.stringify({
    createDate: '2026-11-20-10-00-00',
    prefixes: [{ ip_prefix: '192.0.2.0/24', region: 'us-east-1' }],
  });
  context.stage = await openStage({
    prepare: (db) => loadRanges(db, [{ name: 'ip-ranges.json', text }]),
    env: { TRUST_PROXY: '1' },
  });
  await context.stage.report({ instanceId: 'in-parts', status: 'ready', metrics: { users: 5 } });
});
test.after(({ stage }) => stage.close());

const parts = {
  report: {
    read: /\/api\/customers\/geeglo\/instances\/in-parts$/,
    fault: 'State, insights and information cannot be shown: It rains.',
    shown: (page: Page) => page.getByText('Total uptime'),
  },
  uptime: {
    read: /\/in-parts\/uptime\?/,
    fault: '2 weeks cannot be shown: It rains.',
    shown: (page: Page) => page.getByRole('slider', { name: /^Uptime of 2 weeks/ }),
  },
  metrics: {
    read: /\/in-parts\/metrics$/,
    fault: 'The metrics cannot be shown: It rains.',
    shown: (page: Page) => page.getByRole('heading', { name: 'Users', exact: true }),
  },
  activity: {
    read: /\/in-parts\/events\?/,
    fault: 'The activity cannot be shown: It rains.',
    shown: (page: Page) => page.locator('a.event').first(),
  },
};
type Part = keyof typeof parts;

/** Opens the page while one of its reads fails. */
async function openWithout(stage: Stage, part: Part) {
  const page = await stage.open('/account');
  const weather = { isBad: true, failed: 0 };
  await page.context().route(parts[part].read, async (route) => {
    if (!weather.isBad) return route.continue();
    weather.failed += 1;
    const error = { code: 'unavailable', message: 'It rains.', requestId: 'r-1' };
    await route.fulfill({ status: 503, json: { error } });
  });
  await page.goto(stage.server.url + path);
  return { page, weather };
}

for (const part of Object.keys(parts) as Part[]) {
  test(`without its ${part} the rest of the page is there, and the ${part} comes back by itself`, async ({
    stage,
  }) => {
    const { page, weather } = await openWithout(stage, part);
    await page.getByRole('alert').getByText(parts[part].fault).waitFor();
    for (const other of Object.keys(parts) as Part[]) {
      if (other !== part) await parts[other].shown(page).waitFor();
    }
    assert.equal(await page.getByRole('alert').filter({ hasText: /./ }).count(), 1);
    assert.equal(await parts[part].shown(page).count(), 0);
    await page.getByRole('heading', { name: 'in-part', level: 1 }).waitFor();
    if (part === 'report') assert.deepEqual(await findGraveInBothThemes(page), []);
    weather.isBad = false;
    await parts[part].shown(page).waitFor({ timeout: 15_000 });
    await page.getByText(parts[part].fault).waitFor({ state: 'detached' });
    await page.context().close();
  });
}

test('what cannot be read is tried again when asked to, while the others go on living', async ({
  stage,
}) => {
  for (const part of ['report', 'metrics'] as const) {
    const { page, weather } = await openWithout(stage, part);
    const again = page.getByRole('alert').getByRole('button', { name: 'Try again' });
    // By then the page waits for at least four seconds before it tries by itself.
    while (weather.failed < 4) {
      const { failed } = weather;
      await again.press('Enter');
      await until(() => Promise.resolve(weather.failed > failed));
    }
    await page.getByText('Live', { exact: true }).waitFor();
    await stage.report({
      instanceId: 'in-parts',
      status: 'degraded',
      tags: { told: `for ${part}` },
    });
    await page.locator('a.event', { hasText: `for ${part}` }).waitFor({ timeout: 3_000 });
    await again.waitFor();
    weather.isBad = false;
    await again.press('Enter');
    await parts[part].shown(page).waitFor({ timeout: 3_000 });
    await stage.report({ instanceId: 'in-parts', status: 'ready' });
    await page.context().close();
  }
});

test('only an instance that there is not is the whole page’s error', async ({ stage }) => {
  const page = await stage.open('/customers/geeglo/instances/nowhere');
  await page.getByRole('link', { name: 'Go to the fleet' }).waitFor();
  assert.equal(await page.getByText('cannot be shown').count(), 0);
  assert.equal(await page.getByRole('region').count(), 0);
  await page.context().close();
});

test('a cloud that only the address tells is marked as such, and so is what nobody vouched for', async ({
  stage,
}) => {
  const from = { 'X-Forwarded-For': address };
  const never = '0001-01-01T00:00:00Z';
  const told = await send(stage.server.url, {
    method: 'POST',
    path: '/kots_metrics/start_install/install-1',
    headers: { 'Content-Type': 'application/json', ...from },
    body: JSON.stringify({
      install_id: 'install-1',
      started: '2026-11-24T09:00:00Z',
      finished: never,
      failed: never,
      kots_version: 'v1.128.0',
      cause: '',
    }),
  });
  assert.equal(told.status, 200, told.body);
  const state = { licenseId: licenseIds.geeglo, appSlug: 'acme', instanceId: 'marked' };
  const report = kots.info({ ...state, appStatus: 'ready' });
  const headers = { ...report.headers, ...from, 'X-Replicated-KotsInstallID': 'install-1' };
  await send(stage.server.url, { ...report, headers });
  // KOTS tells of much else at the same time.
  const page = await stage.open('/customers/geeglo/instances/marked?text=started');
  const information = page.getByRole('region', { name: 'Instance information' });
  await information.getByText('by the address it reports from').first().waitFor();
  const step = page.locator('a.event', { hasText: 'started' });
  await step.getByText('unverified', { exact: false }).waitFor();
  await step.focus();
  await page
    .getByRole('tooltip')
    .filter({ hasText: /unverified/i })
    .waitFor();
  const own = sdk.info({ ...state, instanceId: 'plain', appStatus: 'ready' });
  await send(stage.server.url, own);
  await page.goto(`${stage.server.url}/customers/geeglo/instances/plain`);
  await page.locator('a.event').first().waitFor();
  await information.waitFor();
  assert.equal(await page.getByText(/by the address|unverified/i).count(), 0);
  await page.context().close();
});

test.run();
