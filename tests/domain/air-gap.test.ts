import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Scalar } from '#contract/instance.ts';
import { type StatusValue, appStatuses } from '#contract/status.ts';
import { type KeptEvent, type StoredReport, isTooFarAhead, refold } from '#domain/air-gap.ts';
import { detectChanges, newInstance, refuse } from '#domain/changes.ts';
import { historyOf } from '#domain/history.ts';
import type { CheckIn, Door, Facts, Instance, InstanceEvent } from '#domain/model.ts';
import { bars } from '#domain/uptime.ts';
import { checkInOf, day, hour, minute, on, second, start, stored, tell, worldAt } from './build.ts';
import { knownPerSecond, totalsPerBucket } from './oracle.ts';

let digests = 0;
const reportOf = (at: number, facts: Facts, over: Partial<CheckIn> = {}): StoredReport => ({
  reportedAt: at,
  digest: `d${digests++}`,
  receivedAt: on(9, '00:00'),
  checkIn: checkInOf(facts, { reportedAt: at, ...over }),
});

const archived = (at = on(9, '00:00')): Instance => ({
  ...newInstance('c', 'i', at, true),
  id: 1,
});

const now = on(9, '00:00');
const real = (events: KeptEvent[]) => events.filter(({ before, after }) => before !== after);

/** What the store keeps: its rows, a live event under its own id. */
interface Shelf {
  instance: Instance;
  reports: StoredReport[];
  live: (InstanceEvent & { id: number })[];
  events: KeptEvent[];
}

const shelf = (instance: Instance): Shelf => ({ instance, reports: [], live: [], events: [] });

function upload(it: Shelf, reports: StoredReport[], at = now): Shelf {
  const known = new Set(it.reports.map(({ reportedAt, digest }) => `${reportedAt} ${digest}`));
  const fresh = reports.filter(({ reportedAt, digest }) => !known.has(`${reportedAt} ${digest}`));
  if (fresh.length === 0) return it;
  const all = [...it.reports, ...fresh];
  const { instance, events } = refold(it.instance, all, it.live, worldAt(at));
  const rows = stored(events.filter(({ id, receivedAt }) => id === null && receivedAt === null));
  const live = [...events.filter(({ id }) => id !== null), ...rows] as Shelf['live'];
  return { instance, reports: all, live, events };
}

function goLive(it: Shelf, facts: Facts, at: number, door: Door = 'sdk'): Shelf {
  const fold = detectChanges(it.instance, checkInOf(facts, { door }), worldAt(at));
  const rows = fold.events.filter(({ receivedAt }) => receivedAt === null);
  const base = it.live.length;
  const live = [...it.live, ...stored(rows).map((row) => ({ ...row, id: row.id + base }))];
  return { ...it, instance: fold.instance, live };
}

test('a report dated more than five minutes ahead is too far ahead', () => {
  assert.not.ok(isTooFarAhead(now + 5 * minute, now));
  assert.ok(isTooFarAhead(now + 5 * minute + 1, now));
});

test('an archive becomes a history at the times of its reports', () => {
  const { instance, events } = upload(shelf(archived()), [
    reportOf(on(1, '06:00'), { status: 'updating', channelSequence: 1 }),
    reportOf(on(1, '07:00'), { status: 'ready' }),
    reportOf(on(2, '07:00'), { status: 'ready', channelSequence: 2 }),
  ]);
  assert.equal(tell(events), [
    'status: null → updating',
    'versionLabel: null → 1.0',
    'status: updating → ready',
    'versionLabel: 1.0 → 2.0',
  ]);
  assert.equal(
    events.map(({ at }) => at),
    [on(1, '06:00'), on(1, '06:00'), on(1, '07:00'), on(2, '07:00')],
  );
  assert.ok(events.every(({ receivedAt }) => receivedAt === now));
  assert.is(instance.firstSeenAt, on(1, '06:00'));
  assert.is(instance.firstReadyAt, on(1, '07:00'));
  assert.is(instance.statusSince, on(1, '07:00'));
  assert.is(instance.statusReportedAt, on(2, '07:00'));
  assert.is(instance.lastCheckInAt, on(2, '07:00'));
  assert.is(instance.versionsBehind, 3);
  assert.ok(instance.airGap);
});

test('a report uploaded late rewrites its neighbours’ before values', () => {
  const first = upload(shelf(archived()), [
    reportOf(on(1, '06:00'), { status: 'ready' }),
    reportOf(on(3, '06:00'), { status: 'degraded' }),
  ]);
  const second = upload(first, [reportOf(on(2, '06:00'), { status: 'missing' })]);
  assert.equal(tell(second.events), [
    'status: null → ready',
    'status: ready → missing',
    'status: missing → degraded',
  ]);
});

test('what an archive holds no longer counts as known after its last report', () => {
  const { instance, events } = upload(shelf(archived()), [
    reportOf(on(1, '06:00'), { status: 'ready' }),
    reportOf(on(1, '12:00'), {}),
  ]);
  const history = historyOf(instance, events, [], now);
  assert.equal(bars(history, [on(1, '00:00'), now]), [{ up: 6 * hour, degraded: 0, down: 0 }]);
});

test('metrics, tags and longer parts are those of the last report that named them', () => {
  const resources = [{ kind: 'deployment', state: 'ready' }];
  const reports = [
    reportOf(
      on(1, '06:00'),
      { resourcesDigest: 'a' },
      { metrics: { users: 1, plan: 'x' }, inventories: { resources } },
    ),
    reportOf(
      on(1, '07:00'),
      {},
      { metrics: { users: 2 }, tags: { force: false, values: { env: 'p' } } },
    ),
  ];
  const { instance, metrics, inventories, events } = refold(archived(), reports, [], worldAt(now));
  assert.equal(metrics, [{ name: 'users', value: 2, updatedAt: on(1, '07:00') }]);
  assert.equal(instance.tags, { env: ['p', 'report'] });
  assert.equal(inventories, [{ reporter: 'sdk', part: 'resources', content: resources }]);
  assert.equal(
    tell(events).filter((line) => !line.startsWith('status')),
    ['users: null → 1', 'plan: null → x', 'tag:env: null → p', 'users: 1 → 2'],
  );
});

test('in an archive too KOTS wins while it spoke within four and a half hours', () => {
  const kots = (at: number, status: StatusValue) => reportOf(at, { status }, { door: 'kots' });
  const { instance, events } = upload(shelf(archived()), [
    kots(on(1, '00:00'), 'ready'),
    reportOf(on(1, '02:00'), { status: 'degraded' }),
    reportOf(on(1, '06:00'), { status: 'missing' }),
    kots(on(1, '07:00'), 'ready'),
  ]);
  assert.equal(tell(events), [
    'status: null → ready',
    'status: ready → degraded',
    'status: degraded → missing',
    'status: missing → ready',
  ]);
  assert.is(events[1]?.at, on(1, '04:30'));
  assert.is(instance.reports?.sdk.status, 'missing');
});

test('the first live report ends the air gap: nothing is known from the archive’s end until then', () => {
  const first = upload(shelf(archived()), [
    reportOf(on(1, '06:00'), { status: 'ready' }),
    reportOf(on(1, '12:00'), { status: 'ready' }),
  ]);
  const fold = detectChanges(
    first.instance,
    checkInOf({ status: 'ready' }),
    worldAt(on(9, '06:00')),
  );
  assert.not.ok(fold.instance.airGap);
  assert.ok(fold.changed);
  assert.equal(tell(fold.events), [
    'presence: active → inactive',
    'presence: inactive → active',
    'status: ready → ready',
  ]);
  assert.is(fold.events[0]?.at, on(1, '12:00'));
  const history = historyOf(fold.instance, [...first.events, ...fold.events], [], on(9, '08:00'));
  assert.equal(bars(history, [on(1, '00:00'), on(9, '00:00'), on(9, '08:00')]), [
    { up: 6 * hour, degraded: 0, down: 0 },
    { up: 2 * hour, degraded: 0, down: 0 },
  ]);
});

test('an archive uploaded after the instance went live does not speak for the time since', () => {
  let it = upload(shelf(archived()), [reportOf(on(1, '06:00'), { status: 'ready' })]);
  it = goLive(it, { status: 'ready' }, on(9, '06:00'));
  it = upload(it, [reportOf(on(4, '06:00'), { status: 'missing' })], on(9, '12:00'));
  assert.equal(tell(real(it.events)), [
    'status: null → ready',
    'status: ready → missing',
    'presence: active → inactive',
    'presence: inactive → active',
    'status: missing → ready',
  ]);
  assert.is(it.instance.facts.status, 'ready');
  assert.is(it.instance.statusSince, on(9, '06:00'));
  assert.is(it.events.find(({ after }) => after === 'inactive')?.at, on(4, '06:00'));
  assert.is(it.instance.lastCheckInAt, on(9, '06:00'));
});

test('live events keep their rows', () => {
  let it = upload(shelf(archived()), [reportOf(on(1, '06:00'), { status: 'ready' })]);
  it = goLive(it, { status: 'degraded' }, on(9, '06:00'));
  const ids = it.live.map(({ id }) => id);
  it = upload(it, [reportOf(on(4, '06:00'), { status: 'missing' })], on(9, '12:00'));
  assert.equal(
    it.events.flatMap(({ id }) => id ?? []),
    ids,
  );
});

test('an upload does not disturb what came live alone', () => {
  let it = goLive(
    shelf({ ...newInstance('c', 'i', on(2, '00:00'), false), id: 1 }),
    {
      status: 'ready',
      channelSequence: 4,
      resourcesDigest: 'live',
    },
    on(2, '00:00'),
  );
  const facts: Facts = { channelSequence: 1, resourcesDigest: 'old', k8sVersion: 'v1' };
  it = upload(it, [reportOf(on(1, '00:00'), facts)]);
  assert.equal(it.instance.facts, {
    status: 'ready',
    channelSequence: 4,
    versionLabel: '4.0',
    resourcesDigest: 'live',
    k8sVersion: 'v1',
  });
  assert.not.ok(it.instance.airGap);
  assert.is(it.instance.firstSeenAt, on(1, '00:00'));
});

test('an upload that is accepted ends a refusal', () => {
  const first = upload(shelf(archived()), [reportOf(on(1, '06:00'), { status: 'ready' })]);
  const refused = refuse(first.instance, 'license expired', on(9, '01:00'));
  const live = stored(refused.events);
  const again = upload(
    { ...first, instance: refused.instance, live },
    [reportOf(on(8, '06:00'), { status: 'ready' })],
    on(9, '02:00'),
  );
  assert.is(again.instance.refusal, null);
  assert.equal(tell(again.events).slice(-2), [
    'presence: active → refused',
    'presence: refused → active',
  ]);
});

const scalar = fc.constantFrom<Scalar[]>(1, 2, 'x', null, true);
const anyReport = fc
  .record({
    at: fc.integer({ min: 0, max: 48 * 60 }),
    door: fc.constantFrom<Door>('sdk', 'kots', 'api'),
    facts: fc.record(
      {
        status: fc.constantFrom<StatusValue[]>(...appStatuses),
        channelId: fc.constantFrom('stable', 'beta', 'unheard-of'),
        channelSequence: fc.integer({ min: 0, max: 7 }),
        k8sVersion: fc.constantFrom('v1', 'v2'),
        resourcesDigest: fc.constantFrom('r1', 'r2'),
      },
      { requiredKeys: [] },
    ),
    metrics: fc.option(fc.dictionary(fc.constantFrom('a', 'b', 'c'), scalar)),
    tags: fc.option(
      fc.record({
        force: fc.boolean(),
        values: fc.dictionary(fc.constantFrom('x', 'y', 'v'), fc.constantFrom('1', '2')),
      }),
    ),
  })
  .map(({ at, door, facts, metrics, tags }): StoredReport => {
    const reportedAt = start + at * minute;
    const checkIn = checkInOf(facts, { door, metrics, tags, reportedAt });
    const digest = JSON.stringify([door, facts, metrics, tags]);
    return { reportedAt, digest, receivedAt: now, checkIn };
  });

const archives = fc.array(fc.array(anyReport, { minLength: 1, maxLength: 6 }), {
  minLength: 1,
  maxLength: 5,
});

const visible = ({ instance, events }: Shelf) => ({
  ...instance,
  revision: 0,
  events: events.map((event) => ({ ...event, id: null })),
});

test('the order of uploads plays no part, and neither do repetitions', () => {
  fc.assert(
    fc.property(archives, fc.infiniteStream(fc.nat()), (uploads, keys) => {
      const instance: Instance = { ...archived(), tags: { v: ['vendor', 'vendor'] } };
      const inOrder = uploads.reduce((it, reports) => upload(it, reports), shelf(instance));
      const mixed = uploads
        .flatMap((reports) => [reports.toReversed(), reports.slice(0, 1)])
        .map((reports) => ({ reports, key: keys.next().value ?? 0 }))
        .toSorted((a, b) => a.key - b.key)
        .reduce((it, { reports }) => upload(it, reports), shelf(instance));
      const atOnce = upload(shelf(instance), uploads.flat());
      assert.equal(visible(mixed), visible(inOrder));
      assert.equal(visible(atOnce), visible(inOrder));
      const again = refold(inOrder.instance, inOrder.reports, inOrder.live, worldAt(now));
      assert.equal(visible({ ...inOrder, ...again }), visible(inOrder));
    }),
    { numRuns: 150 },
  );
});

test('after going live too, and a change of a field is told from the value before it', () => {
  fc.assert(
    fc.property(archives, anyReport, (uploads, first) => {
      const liveAt = on(8, '00:00');
      const begin = (reports: StoredReport[]) =>
        goLive(upload(shelf(archived()), reports), first.checkIn.facts, liveAt);
      const [one = [], ...others] = uploads;
      const inOrder = others.reduce((it, reports) => upload(it, reports), begin(one));
      const reversed = others.toReversed().reduce((it, reports) => upload(it, reports), begin(one));
      assert.equal(visible(reversed), visible(inOrder));
      const held = new Map<string, Scalar>();
      for (const { field, category, before, after } of inOrder.events) {
        // A metric that was left out is no longer current, without an event.
        if (category === 'custom metrics' || field === 'versionsBehind') continue;
        assert.is(before, held.get(field) ?? (field === 'presence' ? before : null));
        held.set(field, after);
      }
    }),
    { numRuns: 150 },
  );
});

test('uptime of an archive is what its reports say, second by second, in whatever order they come', () => {
  const said = fc.record({
    at: fc.integer({ min: 0, max: 7200 }),
    status: fc.constantFrom(...appStatuses),
  });
  fc.assert(
    fc.property(fc.array(said, { minLength: 1, maxLength: 40 }), fc.nat(7200), (reports, cut) => {
      const unique = [...new Map(reports.map((report) => [report.at, report])).values()];
      const { instance, events } = upload(
        shelf(archived()),
        unique.map(({ at, status }) => reportOf(start + at * second, { status })),
      );
      const sorted = unique.toSorted((a, b) => a.at - b.at);
      const until = sorted.at(-1)?.at ?? 0;
      const ears = [{ from: -1000, to: Infinity }];
      const rules = { inactive: Infinity, grace: Infinity, ears, now: until };
      const known = knownPerSecond(sorted, rules);
      const edges = [0, cut, 7200];
      const history = historyOf(instance, events, [{ from: start, to: start + day }], now);
      assert.equal(
        bars(
          history,
          edges.map((edge) => start + edge * second),
        ),
        totalsPerBucket(known, edges),
      );
    }),
    { numRuns: 150 },
  );
});

test.run();
