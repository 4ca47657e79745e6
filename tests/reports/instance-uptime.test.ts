import fc from 'fast-check';
import { sql } from 'drizzle-orm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type UptimeRange, uptimeRanges } from '#contract/activity.ts';
import type { Bar } from '#contract/instance.ts';
import { historyOf } from '#domain/history.ts';
import type { Span } from '#domain/model.ts';
import { deafStretches } from '#domain/presence.ts';
import { bars, toBar } from '#domain/uptime.ts';
import { closeDays, createReports } from '#server/reports/index.ts';
import { freshDatabase } from '../support/database.ts';
import { type Seeded, history, seedHistory } from './random-history.ts';
import { day, hour, minute, seedEvents, seedInstance, seedVendor, testConfig } from './seed.ts';

const { db, close } = await freshDatabase();
await seedVendor(db, ['Geeglo']);
const start = Date.now();
const customer = 'geeglo';

const openFor = (zone: string, ears: Span[]) => {
  const spans = () => [...ears.slice(0, -1), { from: ears.at(-1)!.from, to: Date.now() }];
  const deps = { db, config: testConfig({ zone }), ears: spans, build: 'test' };
  return { deps, reports: createReports(deps) };
};
const alwaysHeard: Span[] = [{ from: start - 500 * day, to: start }];
const deafLately: Span[] = [
  { from: start - 500 * day, to: start - 3 * day },
  { from: start - 3 * day + 5 * hour, to: start - 7 * hour },
  { from: start - 6 * hour, to: start },
];

async function forgetAll() {
  await db.execute(sql`truncate instances, instance_events, instance_days cascade`);
}

/** All events at once, by the domain alone. */
function recompute(
  { instance, events }: Seeded,
  edges: number[],
  asOf: number,
  ears: Span[],
): Bar[] {
  const deaf = deafStretches(ears, 0, asOf);
  return bars(historyOf(instance, events, deaf, asOf), edges).map(toBar);
}

async function compare(zone: string, one: Seeded, ears: Span[], why: string) {
  const { reports } = openFor(zone, ears);
  for (const range of uptimeRanges) {
    const report = await reports.uptime(customer, one.instance.instanceId, range);
    const edges = report!.axis.edges.map((edge) => Date.parse(edge));
    assert.is(report!.bars.length, edges.length - 1);
    assert.equal(
      report!.bars,
      recompute(one, edges, Date.parse(report!.asOf), ears),
      `${range}, ${why}`,
    );
    compareMarkers(one, edges, report!.markers);
    await compareIntervals(reports, one, report!.axis.edges, report!.bars, range);
  }
}

function compareMarkers(
  { events }: Seeded,
  edges: number[],
  markers: { bucket: number; count: number; events: { at: string }[] }[],
) {
  const changes = events.filter(({ before, after }) => before !== after);
  for (const [bucket, from] of edges.slice(0, -1).entries()) {
    const inside = changes.filter(({ at }) => at >= from && at < edges[bucket + 1]!);
    const marker = markers.find((one) => one.bucket === bucket);
    assert.is(marker?.count ?? 0, inside.length);
    const named = inside.slice(0, 2).map(({ at }) => new Date(at).toISOString());
    assert.equal(marker?.events.map(({ at }) => at) ?? [], named);
  }
}

/** The intervals have no gaps, and their sums are those of the bars. */
async function compareIntervals(
  reports: ReturnType<typeof createReports>,
  { instance }: Seeded,
  edges: string[],
  wanted: Bar[],
  range: UptimeRange,
) {
  const [from, to] = [edges[0]!, edges.at(-1)!];
  let after: string | undefined;
  let reached = from;
  let pages = 0;
  const counted = { up: 0, degraded: 0, down: 0 };
  for (;;) {
    const page = await reports.uptimeIntervals(customer, instance.instanceId, { from, to, after });
    for (const one of page!.intervals) {
      assert.is(one.from, reached, 'no gaps');
      assert.is(one.counted === null, one.why !== null, 'what is not counted says why');
      if (one.counted) counted[one.counted] += Date.parse(one.to) - Date.parse(one.from);
      reached = one.to;
    }
    pages += 1;
    if (page!.next === null) {
      assert.is(reached, page!.to);
      const { up, degraded, down, noData } = page!.totals;
      const length = (Date.parse(page!.to) - Date.parse(from)) / 1000;
      assert.ok(Math.abs(up + degraded + down + noData - length) < 0.01);
      break;
    }
    after = page!.next;
  }
  const sum = (part: 0 | 1 | 2) => wanted.reduce((total, bar) => total + bar[part], 0);
  for (const [part, name] of (['up', 'degraded', 'down'] as const).entries()) {
    // The intervals are read a moment after the bars.
    const difference = counted[name] / 1000 - sum(part as 0 | 1 | 2);
    assert.ok(
      difference > -0.01 && difference < 30,
      `${name} of ${range}: ${difference} s, ${pages} pages`,
    );
  }
}

test('the bars, markers and intervals of every range are those of all events, from closed days or not', async () => {
  await fc.assert(
    fc.asyncProperty(
      history,
      fc.constantFrom('UTC', 'Europe/Berlin', 'Australia/Lord_Howe'),
      fc.constantFrom(alwaysHeard, deafLately),
      async (random, zone, ears) => {
        await forgetAll();
        const seeded = await seedHistory(db, start, 0, random);
        await compare(zone, seeded, ears, 'open');
        while ((await closeDays(openFor(zone, ears).deps, 7)) > 0);
        await compare(zone, seeded, ears, 'closed');
      },
    ),
    { numRuns: 12 },
  );
});

test('an interval says what held and why nothing is known', async () => {
  await forgetAll();
  const at = (hours: number) => start - hours * hour;
  const iso = (hours: number) => new Date(at(hours)).toISOString();
  const id = await seedInstance(db, {
    firstSeenAt: new Date(at(20)),
    statusSince: new Date(at(1)),
    statusReportedAt: new Date(at(0.5)),
    lastCheckInAt: new Date(at(0.5)),
  });
  await seedEvents(db, id, [
    { at: at(18), before: null, after: 'unmonitored' },
    { at: at(16), before: 'unmonitored', after: 'ready' },
    { at: at(12), field: 'presence', before: 'active', after: 'inactive' },
    { at: at(10), field: 'presence', before: 'inactive', after: 'active' },
    { at: at(8), field: 'presence', before: 'active', after: 'refused' },
    { at: at(7), field: 'presence', before: 'refused', after: 'active' },
    { at: at(5), before: 'ready', after: 'unavailable', unheardSince: at(6.5) },
    { at: at(4), before: 'unavailable', after: 'degraded' },
    { at: at(1), before: 'degraded', after: 'ready' },
  ]);
  const ears = [
    { from: at(100), to: at(6) },
    { from: at(5.5), to: start },
  ];
  const { reports } = openFor('UTC', ears);
  const [row] = await db.execute<{ name: string }>(sql`select instance_id as name from instances`);
  const asked = { from: iso(20), to: iso(0.5) };
  const read = await reports.uptimeIntervals(customer, row!.name, asked);
  const said = read!.intervals.map(({ from, to, counted, why }) => [
    (start - Date.parse(from)) / hour,
    (start - Date.parse(to)) / hour,
    counted ?? why,
  ]);
  assert.equal(said, [
    [20, 18, 'before the first status'],
    [18, 16, 'not monitored'],
    [16, 12, 'up'],
    [12, 10, 'inactive'],
    [10, 8, 'up'],
    [8, 7, 'refused'],
    [7, 6, 'up'],
    [6, 5.5, 'Rollcall was not listening'],
    [5.5, 5, 'up'],
    [5, 4, 'down'],
    [4, 1, 'degraded'],
    [1, 0.5, 'up'],
  ]);
  const hours = (n: number) => n * 3600;
  assert.equal(read!.totals, {
    up: hours(8),
    degraded: hours(3),
    down: hours(1),
    noData: hours(7.5),
  });
});

test('an outage of Rollcall itself is named on the axis, and unknown instances have no graph', async () => {
  const { reports } = openFor('UTC', deafLately);
  assert.is(await reports.uptime(customer, 'nobody', '2w'), null);
  assert.is(
    await reports.uptimeIntervals(customer, 'nobody', {
      from: new Date(0).toISOString(),
      to: new Date().toISOString(),
    }),
    null,
  );
  await forgetAll();
  const { instance } = await seedHistory(db, start, 0, {
    ageDays: 5,
    steps: [[90, 'ready']],
    airGap: false,
  });
  const report = await reports.uptime(customer, instance.instanceId, '2w');
  assert.equal(
    report!.axis.outages.map(({ from, to }) =>
      Math.round((Date.parse(to) - Date.parse(from)) / minute),
    ),
    [300, 60],
  );
});

test.after(close);
test.run();
