import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { instanceInventories, instanceMetrics, releases } from '#db/schema.ts';
import { createReports } from '#server/reports/index.ts';
import { freshDatabase } from '../support/database.ts';
import {
  type Seed,
  day,
  hour,
  seedCustomer,
  seedInstance,
  seedVendor,
  testConfig,
} from './seed.ts';

const { db, close } = await freshDatabase();
const now = Date.now();
const iso = (at: number) => new Date(at).toISOString();
const ears = () => [{ from: now - 100 * day, to: Date.now() }];
const seed = (values: Seed) => seedInstance(db, values, now);
const reports = createReports({ db, config: testConfig(), ears, build: 'test' });
await seedVendor(db, ['Geeglo', 'Hooli', 'Empty']);

test('an instance report shows facts in reading order with their labels', async () => {
  await seed({
    instanceId: 'facts',
    kotsReportedAt: new Date(now),
    facts: {
      status: 'ready',
      sdkVersion: '1.2.3',
      k8sVersion: 'v1.30.1',
      versionLabel: '1.2.0',
      channelSequence: 2,
      channelId: 'stable',
      resourcesDigest: 'r',
    },
  });
  const report = (await reports.instance('geeglo', 'facts'))!;
  assert.equal(
    report.facts.map(({ label, value, reporter }) => [label, value, reporter]),
    [
      ['App version', '1.2.0', 'kots'],
      ['Channel sequence', 2, 'kots'],
      ['Channel', 'stable', 'kots'],
      ['Kubernetes version', 'v1.30.1', 'kots'],
      ['SDK version', '1.2.3', 'kots'],
    ],
  );
  assert.is(report.otherwise, null);
  assert.is(report.restoredFrom, null);
  assert.is(report.row.closedDays.length, 13);
});

test('release ages count from the running release to the newest one still on offer', async () => {
  const at = (n: number) => Date.UTC(2026, 0, n * 10);
  await db.insert(releases).values({
    channelId: 'stable',
    channelSequence: 4,
    releaseSequence: 14,
    versionLabel: '1.4.0',
    promotedAt: new Date(at(9)),
    demotedAt: new Date(at(10)),
  });
  const release = async (instanceId: string) =>
    (await reports.instance('geeglo', instanceId))!.release;
  const latest = { label: '1.3.0', promotedAt: iso(at(3)) };
  assert.equal(await release('facts'), { promotedAt: iso(at(2)), latest, daysBehind: 10 });
  await seed({ instanceId: 'demoted', facts: { status: 'ready', channelSequence: 4 } });
  assert.equal(await release('demoted'), { promotedAt: iso(at(9)), latest, daysBehind: 0 });
  await seed({
    instanceId: 'unknown',
    facts: { status: 'ready', channelSequence: 99 },
  });
  assert.equal(await release('unknown'), { promotedAt: null, latest, daysBehind: null });
  await seed({
    instanceId: 'elsewhere',
    facts: { channelName: 'Nightly', channelSequence: 1 },
  });
  assert.equal(await release('elsewhere'), { promotedAt: null, latest: null, daysBehind: null });
});

test('where two have spoken, each fact names its reporter, and the other one is heard too', async () => {
  const kots = { status: 'ready', k8sVersion: 'v1.30.1', appManagerVersion: '1.110' } as const;
  const sdk = { status: 'degraded', k8sVersion: 'v1.30.0', sdkVersion: '1.0.0' } as const;
  await seed({
    instanceId: 'two',
    kotsReportedAt: new Date(now),
    sdkReportedAt: new Date(now - hour),
    facts: { ...sdk, ...kots },
    reports: { kots, sdk },
  });
  const report = (await reports.instance('geeglo', 'two'))!;
  assert.equal(
    report.facts.map(({ field, reporter }) => [field, reporter]),
    [
      ['k8sVersion', 'kots'],
      ['appManagerVersion', 'kots'],
      ['sdkVersion', 'sdk'],
    ],
  );
  assert.equal(report.otherwise, {
    reporter: 'sdk',
    at: iso(now - hour),
    values: [
      { field: 'k8sVersion', label: 'Kubernetes version', value: 'v1.30.0' },
      { field: 'status', label: 'App status', value: 'degraded' },
    ],
  });
});

test('resources stand worst first, and metrics keep the type of their values', async () => {
  const id = await seed({
    instanceId: 'parts',
    facts: { status: 'ready', resourcesDigest: 'x' },
  });
  const resource = (name: string, state: string) => ({
    kind: 'deployment',
    namespace: 'default',
    name,
    state,
  });
  await db.insert(instanceInventories).values({
    instance: id,
    reporter: 'sdk',
    part: 'resources',
    content: ['b ready', 'a ready', 'c missing', 'd degraded'].map((text) => {
      const [name, state] = text.split(' ') as [string, string];
      return resource(name, state);
    }),
  });
  const updatedAt = new Date(now);
  await db.insert(instanceMetrics).values([
    { instance: id, name: 'seats', value: 15, updatedAt },
    { instance: id, name: 'label', value: '15', updatedAt },
    { instance: id, name: 'sso', value: true, updatedAt },
    { instance: id, name: 'none', value: null, updatedAt },
  ]);
  const report = (await reports.instance('geeglo', 'parts'))!;
  assert.equal(
    report.resources.map(({ name, state }) => [name, state]),
    [
      ['c', 'missing'],
      ['d', 'degraded'],
      ['a', 'ready'],
      ['b', 'ready'],
    ],
  );
  assert.equal(
    report.metrics.map(({ name, value }) => [name, value]),
    [
      ['label', '15'],
      ['none', null],
      ['seats', 15],
      ['sso', true],
    ],
  );
});

test('the same id under another customer is named, and a restored instance is known only within its customer', async () => {
  await seed({ customerId: 'hooli', instanceId: 'facts' });
  await seed({ customerId: 'hooli', instanceId: 'hoolis own' });
  const restored = (id: string) => ({ status: 'ready', restoredFromInstanceId: id }) as const;
  await seed({ instanceId: 'restored', facts: restored('facts') });
  await seed({ instanceId: 'foreign', facts: restored('hoolis own') });
  assert.equal((await reports.instance('geeglo', 'facts'))!.alsoUnder, [
    { id: 'hooli', name: 'Hooli' },
  ]);
  assert.equal((await reports.instance('geeglo', 'two'))!.alsoUnder, []);
  const from = async (id: string) => (await reports.instance('geeglo', id))!.restoredFrom;
  assert.equal(await from('restored'), { instanceId: 'facts', known: true });
  assert.equal(await from('foreign'), { instanceId: 'hoolis own', known: false });
});

test('a customer report counts each instance once and lists all of them in attention order', async () => {
  await seedCustomer(db, 'Counted');
  const counted = (instanceId: string, more: Seed) =>
    seed({ customerId: 'counted', instanceId, ...more });
  const gone = new Date(now - day);
  const refusal = { reason: 'license expired', since: now, lastAt: now, count: 1 } as const;
  await counted('fine', {});
  await counted('late', { attention: 'late', lateSince: gone });
  await counted('refused', { attention: 'refused', refusal });
  await counted('inactive', { attention: 'inactive', inactiveSince: gone });
  await counted('air gap', { airGap: true });
  await counted('archived', { attention: 'inactive', inactiveSince: gone, archivedAt: gone });
  const report = (await reports.customer('counted'))!;
  assert.equal(report.counts, { active: 3, airGap: 1, inactive: 1, archived: 1 });
  assert.equal(
    report.rows.map(({ instanceId }) => instanceId),
    ['refused', 'late', 'inactive', 'archived', 'fine', 'air gap'],
  );
  assert.equal(report.customer, {
    id: 'counted',
    name: 'Counted',
    email: null,
    archivedAt: null,
    revision: 0,
    app: { slug: 'acme', name: 'Acme Search' },
    channel: { id: 'stable', name: 'Stable' },
    license: {
      type: 'paid',
      createdAt: '2026-01-01T00:00:00.000Z',
      expiresAt: null,
      features: ['airgap', 'snapshots'],
      entitlements: [
        {
          name: 'seats',
          title: 'Seats',
          description: '',
          value: 25,
          valueType: 'Integer',
          isHidden: false,
        },
      ],
      signed: false,
    },
  });
  assert.equal((await reports.customer('empty'))!.rows, []);
});

test('a digest sums what a viewer holds', async () => {
  await seedCustomer(db, 'Digested');
  const base = { customerId: 'digested' };
  const a = await seed({
    ...base,
    instanceId: 'a',
    revision: 5,
    lastCheckInAt: new Date(now - hour),
  });
  const b = await seed({
    ...base,
    instanceId: 'b',
    revision: 7,
    archivedAt: new Date(now),
  });
  const all = { count: 2, revisions: 12, newestCheckInAt: iso(now) };
  assert.equal(await reports.digest({ customerId: 'digested' }), all);
  assert.equal(await reports.digest({ ids: [a, b, 99_999_999] }), all);
  const one = { count: 1, revisions: 5, newestCheckInAt: iso(now - hour) };
  assert.equal(await reports.digest({ customerId: 'digested', instanceId: 'a' }), one);
  const none = { count: 0, revisions: 0, newestCheckInAt: null };
  assert.equal(await reports.digest({ ids: [] }), none);
  assert.equal(await reports.digest({ customerId: 'nobody\0' }), none);
});

test('the workspace names the first customer whose reports are taken', async () => {
  const workspace = await reports.workspace();
  assert.is(workspace.customers, 5);
  assert.is(workspace.demo, false);
  assert.equal(workspace.firstCustomer, { id: 'counted', name: 'Counted' });
  assert.ok(Math.abs(Date.parse(workspace.now) - Date.now()) < 5000);
  const demo = createReports({ db, config: testConfig({ demo: true }), ears, build: 'x' });
  assert.is((await demo.workspace()).demo, true);
});

test.after(close);
test.run();
