// The examples that the documentation of instance details and of custom metrics works out: what the page is told of them.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type {
  ActivityPage,
  MetricHistory,
  MetricSummary,
  UptimeReport,
} from '#contract/activity.ts';
import type { InstanceReport } from '#contract/reports.ts';
import type { AppStatus } from '#contract/status.ts';
import { fieldLabel } from '#domain/fields.ts';
import { formatRatio, fromBar } from '#domain/uptime.ts';
import { versionAge } from '#domain/versions.ts';
import { openOffice } from '../customers/office.ts';
import { sdk } from '../support/clients.ts';
import { importFleet, licenseIds, smallFleet } from '../support/fleet.ts';

const office = await openOffice();
const day = 86_400_000;
const { geeglo } = licenseIds;
/** Yesterday by UTC at a time of day: air gap reports say themselves when they were written. */
const yesterday = Math.floor(Date.now() / day) * day - day;
const at = (clock: string) =>
  new Date(yesterday + Date.parse(`1970-01-01T${clock}:00Z`)).toISOString();

const path = (instanceId: string, rest = '', customerId = 'geeglo') =>
  `/api/customers/${customerId}/instances/${instanceId}${rest}`;
const read = async (instanceId: string, customerId = 'geeglo') =>
  (await office.ask<InstanceReport>('GET', path(instanceId, '', customerId))).body;
const say = async (said: object, licenseId: string = geeglo) =>
  assert.is(await office.checkIn(licenseId, said), 200);

async function metricEvents(instanceId: string) {
  const query = `/events?types=${encodeURIComponent('custom metrics')}`;
  const { events } = (await office.ask<ActivityPage>('GET', path(instanceId, query))).body;
  return events.toReversed();
}

test('three sets of users and region make four events: two at 10:00, one at 10:05, one at 10:10', async () => {
  const sets: [string, object][] = [
    ['10:00', { users: 5, region: 'us-east' }],
    ['10:05', { users: 8, region: 'us-east' }],
    ['10:10', { users: 8, region: 'eu-west' }],
    ['10:15', { users: 8, region: 'eu-west' }],
  ];
  for (const [clock, metrics] of sets)
    await say({ instanceId: 'metered', source: 'airgap', reportedAt: at(clock), metrics });
  const told = (await metricEvents('metered')).map((event) => [
    event.at,
    event.field,
    event.before,
    event.after,
  ]);
  assert.equal(
    new Set(told.slice(0, 2).map((event) => JSON.stringify(event))),
    new Set([
      JSON.stringify([at('10:00'), 'users', null, 5]),
      JSON.stringify([at('10:00'), 'region', null, 'us-east']),
    ]),
  );
  assert.equal(told.slice(2), [
    [at('10:05'), 'users', 5, 8],
    [at('10:10'), 'region', 'us-east', 'eu-west'],
  ]);
});

test('the set sent last is the current one; what it leaves out stays in history', async () => {
  const state = { licenseId: geeglo, appSlug: 'acme', licenseChannelId: 'acme-stable' };
  const send = async (data: Record<string, number | boolean>) => {
    const request = sdk.customMetrics({ ...state, instanceId: 'projects' }, data);
    const { method, headers, body } = request;
    const answer = await office.app.request(request.path, { method, headers, body });
    assert.is(answer.status, 200, await answer.text());
  };
  await send({ numProjects: 5, activeUsers: 10 });
  await send({ activeUsers: 10, usingCustomReports: false });
  assert.equal(
    (await read('projects')).metrics.map(({ name, value }) => [
      fieldLabel('custom metrics', name),
      value,
    ]),
    [
      ['Active Users', 10],
      ['Using Custom Reports', false],
    ],
  );
  const events = await metricEvents('projects');
  const told = events.map(({ field, before, after }) => `${field}: ${before} → ${after}`);
  assert.equal(told.toSorted(), [
    'activeUsers: null → 10',
    'numProjects: null → 5',
    'usingCustomReports: null → false',
  ]);
  const { body } = await office.ask<MetricSummary[]>('GET', path('projects', '/metrics'));
  assert.equal(
    body.map(({ name, value, current }) => [name, value, current]),
    [
      ['activeUsers', 10, true],
      ['numProjects', 5, false],
      ['usingCustomReports', false, true],
    ],
  );
  const removed = path('projects', '/metrics/numProjects?range=2d');
  const { points } = (await office.ask<MetricHistory>('GET', removed)).body;
  assert.equal(points, [[body[1]!.updatedAt, 5]]);
});

const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0', '1.5.0'];
const promotedDaysAgo = [30, 26, 22, 18, 14, 10];
const licenseId = 'LicenseOfAnInstanceThatIsBehind';

/** An app whose versions were promoted so many days ago, and a customer of it. */
async function importVersions(): Promise<void> {
  const fleet = smallFleet();
  const [acme] = fleet.apps;
  const [customer] = acme!.customers;
  await importFleet(office.fresh.db, {
    apps: [
      {
        ...acme,
        slug: 'aged',
        channels: [
          {
            id: 'aged-stable',
            name: 'Stable',
            releases: versions.map((versionLabel, n) => ({
              channelSequence: n + 1,
              releaseSequence: n + 1,
              versionLabel,
              promotedAt: new Date(Date.now() - promotedDaysAgo[n]! * day).toISOString(),
            })),
          },
        ],
        customers: [
          {
            ...customer,
            id: 'behind',
            channel: 'aged-stable',
            license: { ...customer!.license, id: licenseId },
          },
        ],
      },
    ],
  });
}

test('1.0.0 of 30 days ago is 30 days old, five versions and 20 days behind the 1.5.0 of 10 days ago', async () => {
  await importVersions();
  await say({ instanceId: 'old', status: 'ready', channelSequence: 1 }, licenseId);
  const { asOf, row, release } = await read('old', 'behind');
  assert.is(row.versionLabel, '1.0.0');
  assert.is(row.versionsBehind, 5);
  assert.is(release.latest?.label, '1.5.0');
  assert.is(release.daysBehind, 20);
  const age = versionAge({ promotedAt: Date.parse(release.promotedAt!) }, Date.parse(asOf));
  assert.is(Math.floor(age / day), 30);
  await say({ instanceId: 'new', status: 'ready', channelSequence: 6 }, licenseId);
  const newest = await read('new', 'behind');
  assert.equal([newest.row.versionsBehind, newest.release.daysBehind], [0, 0]);
});

test('a release without a label is called by its sequence', async () => {
  await say({ instanceId: 'unlabelled', status: 'ready', channelSequence: 77 });
  assert.is((await read('unlabelled')).row.versionLabel, '77');
});

test('the app is as its worst resource: missing, unavailable, degraded, updating, ready', async () => {
  const kinds = ['deployment', 'statefulset', 'service', 'ingress', 'persistentvolumeclaim'];
  const examples: [AppStatus, AppStatus[]][] = [
    ['missing', ['ready', 'unavailable', 'missing', 'degraded', 'updating']],
    ['unavailable', ['ready', 'degraded', 'updating', 'unavailable']],
    ['degraded', ['updating', 'ready', 'degraded']],
    ['updating', ['ready', 'updating', 'ready']],
    ['ready', ['ready', 'ready']],
  ];
  for (const [status, states] of examples) {
    const resources = states.map((state, n) => ({
      ...{ kind: kinds[n], name: `part-${n}`, namespace: 'default', state },
    }));
    await say({ instanceId: `worst-${status}`, resources });
    const report = await read(`worst-${status}`);
    assert.is(report.row.status, status);
    assert.is(report.resources[0]!.state, status, 'the worst stands first');
    assert.is(report.resources.length, states.length);
  }
});

test('ready, updating and degraded count as up; missing and unavailable as down', async () => {
  const hours: [string, AppStatus][] = [
    ['00:00', 'ready'],
    ['01:00', 'updating'],
    ['02:00', 'degraded'],
    ['03:00', 'missing'],
    ['04:00', 'unavailable'],
    ['05:00', 'ready'],
  ];
  for (const [clock, status] of hours)
    await say({ instanceId: 'counted', source: 'airgap', reportedAt: at(clock), status });
  const { uptime } = await read('counted');
  assert.equal(uptime.known, [7200, 3600, 7200]);
  assert.is(formatRatio(fromBar(uptime.known)), '60 %');
  const graph = (await office.ask<UptimeReport>('GET', path('counted', '/uptime?range=45d'))).body;
  const summed = graph.bars.reduce(
    (sum, bar) => sum.map((seconds, n) => seconds + bar[n]!) as typeof bar,
    [0, 0, 0],
  );
  assert.equal(summed, uptime.known);
});

test.after(() => office.close());
test.run();
