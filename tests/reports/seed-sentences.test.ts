// The Customer Reporting page's specification, sentence by sentence: what the page is told. What it shows of that is
// proved in tests/browser/seed-sentences.test.ts.
import { and, eq } from 'drizzle-orm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { instances } from '#db/schema.ts';
import { type ClientRequest, kots, sdk } from '../support/clients.ts';
import { licenseIds } from '../support/fleet.ts';
import { openOffice, plainTerms } from '../customers/office.ts';

const office = await openOffice();
const day = 86_400_000;
/** Yesterday by UTC at a time of day: air gap reports say themselves when they were written. */
const yesterday = Math.floor(Date.now() / day) * day - day;
const at = (clock: string) =>
  new Date(yesterday + Date.parse(`1970-01-01T${clock}:00Z`)).toISOString();

/** A customer of its own. @returns its id and license id */
async function make(name: string, more: object = {}) {
  const made = await office.ask<{ id: string }>('POST', '/api/customers', {
    ...{ app: 'acme', channel: 'acme-stable', name, license: plainTerms },
    ...more,
  });
  const { id } = made.body;
  return { id, licenseId: (await office.stored(id)).license.licenseId };
}

async function send({ method, path, headers, body }: ClientRequest): Promise<void> {
  const response = await office.app.request(path, { method, headers, body: body ?? undefined });
  assert.is(response.status, 200, await response.text());
}
const report = async (licenseId: string, said: object) =>
  assert.is(await office.checkIn(licenseId, said), 200);

/** An instance that reported these statuses at these times of yesterday. */
async function history(licenseId: string, instanceId: string, said: [string, string][]) {
  for (const [clock, status] of said) {
    await report(licenseId, { instanceId, status, source: 'airgap', reportedAt: at(clock) });
  }
}

// ## Customer Details

test('“The customer name. The channel the customer is assigned. The license type. The date the license was created. The expiration date of the license.”', async () => {
  const expiresAt = '2050-01-01T00:00:00.000Z';
  const { id } = await make('Detailed', { license: { ...plainTerms, type: 'trial', expiresAt } });
  const { customer } = await office.report(id);
  assert.is(customer.name, 'Detailed');
  assert.is(customer.channel.name, 'Stable');
  assert.is(customer.license.type, 'trial');
  assert.ok(Math.abs(Date.parse(customer.license.createdAt) - Date.now()) < 60_000);
  assert.is(customer.license.expiresAt, expiresAt);
});

test('“The features the customer has enabled, including: GitOps, Air gap, Identity, Snapshots.”', async () => {
  const features = ['gitops', 'airgap', 'identity', 'snapshots'];
  const all = await make('All Features', { license: { ...plainTerms, features } });
  assert.equal((await office.report(all.id)).customer.license.features, features);
  const none = await make('No Features');
  assert.equal((await office.report(none.id)).customer.license.features, []);
});

test('“In this section you can also view Helm install instructions for the customer and download the customer license.”', async () => {
  const { id, licenseId } = await make('Installing', { email: 'ops@installing.example' });
  const instructions = await office.ask('GET', `/api/customers/${id}/install-instructions`);
  assert.is(instructions.status, 200);
  const { license } = await office.stored(id);
  assert.is(license.licenseId, licenseId);
});

// ## Time to Install

test('“License time to install: The time between when you create the customer license in the vendor portal, and when the application instance reaches a Ready status in the customer environment.”', async () => {
  await history(licenseIds.geeglo, 'license-time', [['09:00', 'ready']]);
  const { timeToInstall: times, customer } = await office.report('geeglo');
  const created = Date.parse(customer.license.createdAt);
  assert.is(times?.licenseTime, (Date.parse(at('09:00')) - created) / 1000);
  assert.is(times?.licenseCreatedAt, customer.license.createdAt);
  assert.is(times?.firstReadyAt, at('09:00'));
});

test('“Instance time to install: The time between when the vendor portal records the first event for the application instance in the customer environment, and when the instance reaches a Ready status.”', async () => {
  const { id, licenseId } = await make('Instance Time');
  await history(licenseId, 'one', [
    ['08:30', 'missing'],
    ['08:45', 'updating'],
    ['09:00', 'ready'],
  ]);
  const { timeToInstall: times } = await office.report(id);
  assert.is(times?.firstSeenAt, at('08:30'));
  assert.is(times?.instanceTime, 30 * 60);
});

test('“A Ready status indicates that all Kubernetes resources that you added as status informers for the application are Ready.”', async () => {
  const { id, licenseId } = await make('Informed');
  const resource = (name: string, state: string) => ({
    ...{ kind: 'deployment', name, namespace: 'default', state },
  });
  const say = (state: string) =>
    report(licenseId, {
      instanceId: 'one',
      resources: [resource('api', 'ready'), resource('db', state)],
    });
  await say('degraded');
  assert.is((await office.report(id)).rows[0]?.status, 'degraded');
  assert.is((await office.report(id)).timeToInstall, null);
  await say('ready');
  assert.is((await office.report(id)).rows[0]?.status, 'ready');
  assert.is((await office.report(id)).timeToInstall?.instance.instanceId, 'one');
});

test('“If the customer has no application instances that have ever reported a Ready status … then the Time to Install section displays a No Ready Instances message.”', async () => {
  const { id, licenseId } = await make('Never Ready');
  assert.is((await office.report(id)).timeToInstall, null, 'no instance at all');
  await report(licenseId, { instanceId: 'silent' });
  assert.is((await office.report(id)).timeToInstall, null, 'no status reported');
  for (const status of ['missing', 'unavailable', 'degraded', 'updating']) {
    await report(licenseId, { instanceId: status, status });
  }
  assert.is((await office.report(id)).timeToInstall, null, 'never a ready one');
});

test('“… or if you have not configured status informers for your application, then the Time to Install section displays a No Ready Instances message.”', async () => {
  // The app's own setting says that it has none.
  await report(licenseIds.roamway, { instanceId: 'one', status: 'ready' });
  const unmonitored = await office.report('roamway');
  assert.is(unmonitored.timeToInstall, null);
  assert.is(unmonitored.rows[0]?.monitored, false);
  // A client says so by an empty list of resources.
  const { id, licenseId } = await make('Without Informers');
  await send(sdk.info({ ...sdkOf(licenseId), appStatus: 'ready', resourceStates: [] }));
  assert.is((await office.report(id)).timeToInstall, null);
});

test('“If the customer has more than one application instance that has previously reported a Ready status, then the Time to Install section displays metrics for the instance that most recently reported a Ready status for the first time.”', async () => {
  const { id, licenseId } = await make('More than One');
  await history(licenseId, 'second', [['07:00', 'ready']]);
  await history(licenseId, 'third', [['11:00', 'ready']]);
  await history(licenseId, 'first', [['06:00', 'ready']]);
  assert.is((await office.report(id)).timeToInstall?.instance.instanceId, 'third');
});

test('“Instance A reported its first Ready status at 9:00 AM today. Instance B reported its first Ready status at 8:00 AM today, moved to a Degraded status, then reported a Ready status again at 10:00 AM today. … displays the time to install metrics for Instance A”', async () => {
  const b: [string, string][] = [
    ['07:30', 'updating'],
    ['08:00', 'ready'],
    ['09:30', 'degraded'],
    ['10:00', 'ready'],
  ];
  const a: [string, string][] = [
    ['08:40', 'updating'],
    ['09:00', 'ready'],
  ];
  for (const order of ['A first', 'B first']) {
    const { id, licenseId } = await make(order);
    if (order === 'A first') await history(licenseId, 'A', a);
    await history(licenseId, 'B', b);
    if (order === 'B first') await history(licenseId, 'A', a);
    const { timeToInstall: times } = await office.report(id);
    assert.is(times?.instance.instanceId, 'A', order);
    assert.is(times?.instanceTime, 20 * 60);
    assert.is(times?.firstReadyAt, at('09:00'));
  }
});

// ## Download Portal

test('“Copy the URL of the download portal for the customer. … Access the unique download portal for the customer.”', async () => {
  const portals = await Promise.all(
    ['geeglo', 'roamway', 'lapsed'].map(async (id) => (await office.report(id)).portal?.url),
  );
  assert.is(new Set(portals).size, 3);
  for (const url of portals) assert.match(url ?? '', /^http:\/\/[^/]+\/portal\/[0-9a-f]{32}$/);
});

// ## Instances

test('“The first seven characters of the instance ID. The status of the instance. … Possible statuses are Missing, Unavailable, Degraded, Ready, and Updating. The application version.”', async () => {
  const { id, licenseId } = await make('Statuses');
  const statuses = ['missing', 'unavailable', 'degraded', 'ready', 'updating'];
  for (const status of statuses) {
    await report(licenseId, { instanceId: `${status}-instance`, status, channelSequence: 2 });
  }
  const { rows } = await office.report(id);
  assert.equal(rows.map(({ status }) => status).sort(), statuses.toSorted());
  assert.ok(rows.every(({ versionLabel, name }) => versionLabel === '1.1.0' && name === null));
});

test('“The Kubernetes distribution for the cluster, if applicable. The Kubernetes version running in the cluster. Whether the instance is installed in a Kubernetes installer (kURL) cluster. (Kubernetes Installer Clusters Only) The number of nodes ready in the cluster. The app manager version running in the cluster.”', async () => {
  const { id, licenseId } = await make('Installer');
  await send(
    kots.info({
      ...{ licenseId, appSlug: 'acme', instanceId: 'kurl', version: 'v1.104.7' },
      ...{ k8sDistribution: 'kurl', k8sVersion: 'v1.27.7', isKurl: true },
      kurlNodes: { ready: 1, total: 1 },
    }),
  );
  await send(sdk.info({ ...sdkOf(licenseId), k8sDistribution: 'k3s', k8sVersion: 'v1.27.7+k3s2' }));
  const { rows } = await office.report(id);
  const [kurl, k3s] = [rows.find((row) => row.kurl), rows.find((row) => !row.kurl)];
  assert.equal(kurl?.kubernetes, { distribution: 'kurl', version: 'v1.27.7' });
  assert.equal(kurl?.nodes, { ready: 1, total: 1 });
  assert.is(kurl?.appManagerVersion, 'v1.104.7');
  assert.equal(k3s?.kubernetes, { distribution: 'k3s', version: 'v1.27.7+k3s2' });
  assert.is(k3s?.nodes, null);
});

test('“The cloud provider and region, if applicable.”', async () => {
  const { id, licenseId } = await make('Clouded');
  const cloud = { provider: 'aws', region: 'us-east-1' };
  await report(licenseId, { instanceId: 'in-cloud', status: 'ready', cloud });
  assert.equal((await office.report(id)).rows[0]?.cloud, { ...cloud, fromAddress: false });
});

test('“The timestamp of the last recorded check-in for the instance. An uptime graph of the previous two weeks. The uptime ratio in the previous two weeks.”', async () => {
  const { id, licenseId } = await make('Up');
  await history(licenseId, 'one', [
    ['06:00', 'ready'],
    ['12:00', 'unavailable'],
    ['15:00', 'ready'],
    ['18:00', 'ready'],
  ]);
  const { rows, axis } = await office.report(id);
  const [row] = rows;
  assert.is(row?.lastCheckInAt, at('18:00'));
  assert.is(axis.edges.length, 15, 'fourteen bars');
  assert.is(row?.closedDays.length, 13, 'and today’s');
  const hours = row?.closedDays.at(-1)?.map((seconds) => seconds / 3600);
  assert.equal(hours, [9, 0, 3], 'up, degraded and down of yesterday: 75 % of what is known');
});

test('“details about the active application instances”: active, air gap, inactive and archived ones are counted apart', async () => {
  const { id, licenseId } = await make('Counted');
  for (const instanceId of ['active', 'inactive', 'archived']) {
    await report(licenseId, { instanceId, status: 'ready' });
  }
  await history(licenseId, 'air-gap', [['09:00', 'ready']]);
  const set = (instanceId: string, values: Partial<typeof instances.$inferInsert>) =>
    office.fresh.db
      .update(instances)
      .set(values)
      .where(and(eq(instances.customerId, id), eq(instances.instanceId, instanceId)));
  await set('inactive', { inactiveSince: new Date() });
  await set('archived', { archivedAt: new Date() });
  assert.equal((await office.report(id)).counts, {
    active: 1,
    airGap: 1,
    inactive: 1,
    archived: 1,
  });
});

function sdkOf(licenseId: string) {
  return { licenseId, appSlug: 'acme', instanceId: 'by-sdk', channelId: 'acme-stable' };
}

test.after(() => office.close());
test.run();
