// The Customer Reporting page's specification, sentence by sentence: what the page shows. What it is told is proved in
// tests/reports/seed-sentences.test.ts.
import { strict as assert } from 'node:assert';
import { and, eq } from 'drizzle-orm';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import { openDatabase } from '#db/client.ts';
import { instances } from '#db/schema.ts';
import { button, make } from './customers.ts';
import { type Stage, openStage, rowOf } from './stage.ts';

const test = suite<{ stage: Stage; page: Page }>(
  'the Customer Reporting page, by its specification',
);
const dayLength = 86_400_000;
const yesterday = Math.floor(Date.now() / dayLength) * dayLength - dayLength;
const at = (clock: string) =>
  new Date(yesterday + Date.parse(`1970-01-01T${clock}:00Z`)).toISOString();

test.before(async (context) => {
  const { stage } = Object.assign(context, { stage: await openStage() });
  const cluster = {
    kubernetes: { distribution: 'k3s', version: 'v1.27.7+k3s2' },
    cloud: { provider: 'aws', region: 'us-east-1' },
    channelSequence: 3,
  };
  const statuses = ['missing', 'unavailable', 'degraded', 'updating'];
  await stage.report(
    ...statuses.map((status) => ({ instanceId: `${status}-instance`, status, ...cluster })),
    { instanceId: 'steady-instance', status: 'ready', ...cluster, appManagerVersion: 'v1.104.7' },
    { instanceId: 'kurl-instance', status: 'ready', kurl: true, nodes: { ready: 1, total: 1 } },
    { instanceId: 'quiet-instance', status: 'ready' },
    { instanceId: 'put-away', status: 'ready' },
    ...[
      ['06:00', 'ready'],
      ['12:00', 'unavailable'],
      ['15:00', 'ready'],
      ['18:00', 'ready'],
    ].map(([clock, status]) => ({
      ...{ instanceId: 'air-gap-instance', status, source: 'airgap', reportedAt: at(clock!) },
    })),
  );
  const database = await openDatabase({ databaseUrl: stage.databaseUrl, dataDir: '' });
  const set = (instanceId: string, values: Partial<typeof instances.$inferInsert>) =>
    database.db
      .update(instances)
      .set(values)
      .where(and(eq(instances.customerId, 'geeglo'), eq(instances.instanceId, instanceId)));
  await set('quiet-instance', { inactiveSince: new Date() });
  await set('put-away', { archivedAt: new Date() });
  // The instance that was first ready last, an hour after it was first seen.
  const firstReadyAt = new Date('2099-01-01T10:00:00Z');
  await set('steady-instance', { firstReadyAt, firstSeenAt: new Date('2099-01-01T08:48:00Z') });
  await database.close();
  context.page = await stage.open('/customers/geeglo');
  await rowOf(context.page, 'steady-').waitFor();
});
test.after(({ stage }) => stage.close());

const details = (page: Page) => page.getByRole('region', { name: 'Geeglo' });
const times = (page: Page) => page.getByRole('region', { name: 'Time to install' });

test('“The customer name. The channel the customer is assigned. The license type. The date the license was created. The expiration date of the license.”', async ({
  page,
}) => {
  await details(page).getByRole('heading', { name: 'Geeglo', level: 1 }).waitFor();
  await details(page).getByText('Stable', { exact: true }).waitFor();
  await details(page).getByText('Trial license').waitFor();
  await details(page).getByText('28 Jun 2026').waitFor();
  await details(page).getByText('No expiration date').waitFor();
});

test('“The features the customer has enabled, including: GitOps, Air gap, Identity, Snapshots.”', async ({
  page,
}) => {
  const features = page.getByRole('list', { name: 'Features' }).getByRole('listitem');
  const words = (await features.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
  assert.deepEqual(words, ['GitOps on', 'Air gap on', 'Identity on', 'Snapshots on']);
});

test('“In this section you can also view Helm install instructions for the customer and download the customer license.”', async ({
  page,
}) => {
  await details(page).getByRole('button', { name: 'Helm install instructions' }).waitFor();
  await details(page).getByRole('button', { name: 'Download license' }).waitFor();
});

test('“The Time to Install section displays License time to install and Instance time to install metrics”', async ({
  page,
}) => {
  const words = (await times(page).innerText()).replace(/\s+/g, ' ');
  assert.match(words, /1 h 12 min Instance/);
  assert.match(words, /\d+ d License/);
  await button(page, /How it was computed/).press('Enter');
  const sums = page.getByRole('dialog');
  await sums.getByText('= 1 h 12 min').waitFor();
  const link = await sums.getByRole('link', { name: 'steady-' }).getAttribute('href');
  assert.equal(link, '/customers/geeglo/instances/steady-instance');
  await page.keyboard.press('Escape');
});

test('“If the customer has no application instances that have ever reported a Ready status … the Time to Install section displays a No Ready Instances message.”', async ({
  stage,
}) => {
  const page = await stage.open(`/customers/${await make(stage, 'Nothing Ready')}`);
  await times(page).getByText('No Ready Instances').waitFor();
  await page.context().close();
});

test('“The Instances section displays details about the active application instances”: inactive and archived ones when their boxes are ticked', async ({
  page,
}) => {
  await page.getByText('6 active', { exact: true }).waitFor();
  await page.getByText('1 air gap', { exact: true }).waitFor();
  await page.getByText('1 inactive', { exact: true }).waitFor();
  assert.equal(await page.getByTestId('active-count').innerText(), '6');
  const group = (name: string) => page.getByRole('rowgroup', { name, exact: true });
  await group('Active').waitFor();
  await group('Air gap').getByText('air-gap').waitFor();
  assert.equal(await rowOf(page, 'quiet-i').count(), 0);
  assert.equal(await rowOf(page, 'put-awa').count(), 0);
  await page.getByRole('checkbox', { name: 'Show inactive' }).check();
  await group('Inactive').getByText('quiet-i').waitFor();
  await page.getByRole('checkbox', { name: /Show archived/ }).check();
  await group('Archived').getByText('put-awa').waitFor();
  await page.getByRole('checkbox', { name: 'Show inactive' }).uncheck();
  await group('Inactive').waitFor({ state: 'detached' });
});

test('“The first seven characters of the instance ID. The status of the instance. … Possible statuses are Missing, Unavailable, Degraded, Ready, and Updating. The application version.”', async ({
  page,
}) => {
  const shown: [string, string][] = [
    ['missing', 'Missing'],
    ['unavail', 'Unavailable'],
    ['degrade', 'Degraded'],
    ['updatin', 'Updating'],
    ['steady-', 'Ready'],
  ];
  for (const [name, status] of shown) {
    const row = rowOf(page, name);
    await row.getByText(status, { exact: true }).waitFor();
    await row.getByText('1.2.0', { exact: true }).waitFor();
    assert.equal(await row.locator('a.name').innerText(), name);
  }
});

test('“The Kubernetes distribution … The Kubernetes version … Whether the instance is installed in a Kubernetes installer (kURL) cluster. … The number of nodes ready in the cluster. The app manager version … The cloud provider and region”', async ({
  page,
}) => {
  const steady = rowOf(page, 'steady-');
  await steady.getByText('K3s v1.27.7+k3s2').waitFor();
  await steady.getByText('v1.104.7').waitFor();
  await steady.getByText('AWS · us-east-1').waitFor();
  await rowOf(page, 'kurl-in').getByText('kURL · 1/1 node').waitFor();
});

test('“The timestamp of the last recorded check-in for the instance. An uptime graph of the previous two weeks. The uptime ratio in the previous two weeks.”', async ({
  page,
}) => {
  const row = rowOf(page, 'air-gap');
  const stamp = await row.locator('.seen time').getAttribute('datetime');
  assert.equal(stamp, at('18:00'));
  await row.getByText('75 %', { exact: true }).waitFor();
  await row.getByRole('img', { name: /^Uptime of 14 days: 75 %/ }).waitFor();
});

test('“You can click any of the rows on the Instances section of the Reporting page to open the Instance details page.”', async ({
  page,
}) => {
  await rowOf(page, 'kurl-in').click({ position: { x: 700, y: 12 } });
  await page.waitForURL(/\/customers\/geeglo\/instances\/kurl-instance$/);
  await page.getByRole('heading', { name: 'kurl-in', level: 1 }).waitFor();
  await page.goBack();
  await rowOf(page, 'kurl-in').waitFor();
});

test.run();
