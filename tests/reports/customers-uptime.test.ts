import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { eq, sql } from 'drizzle-orm';
import { instances } from '#db/schema.ts';
import { customersPageQuery } from '#contract/customers.ts';
import type { Bar, InstanceRow } from '#contract/instance.ts';
import type { CustomerReport } from '#contract/reports.ts';
import { dayEdges } from '#domain/calendar.ts';
import type { Span } from '#domain/model.ts';
import { addBars, fromBar, growBar } from '#domain/uptime.ts';
import { closeDays, createReports } from '#server/reports/index.ts';
import { freshDatabase } from '../support/database.ts';
import { history, seedHistory } from './random-history.ts';
import {
  day,
  hour,
  seedCustomer,
  seedEvents,
  seedInstance,
  seedVendor,
  testConfig,
} from './seed.ts';

const { db, close } = await freshDatabase();
await seedVendor(db, ['Geeglo']);
await seedCustomer(db, 'Roamway');
const start = Date.now();
const startOfToday = dayEdges('UTC', start, 1)[0]!;
const names = ['geeglo', 'roamway'];

function open(zone: string, ears: Span[] = [{ from: start - 500 * day, to: start }]) {
  const spans = () => [...ears.slice(0, -1), { from: ears.at(-1)!.from, to: Date.now() }];
  const deps = { db, config: testConfig({ zone }), ears: spans, build: 'test' };
  return { deps, reports: createReports(deps) };
}
type Reports = ReturnType<typeof open>['reports'];

const forgetAll = () => db.execute(sql`truncate instances, instance_events, instance_days cascade`);

/** The bars of an instance's row, grown to a later moment as the page grows them. */
function barsAt(row: InstanceRow, asOf: string, later: string): Bar[] {
  const status = row.status === 'ready' && !row.monitored ? 'unmonitored' : row.status;
  const holds = !row.airGap && (row.presence === 'current' || row.presence === 'late');
  return [
    ...row.closedDays,
    growBar(row.today, Date.parse(asOf), Date.parse(later), status, holds),
  ];
}

/** What the list says of a customer against the sum of the bars on its page. */
async function compare(reports: Reports, why: string) {
  const onPages = new Map<string, CustomerReport>();
  for (const id of names) onPages.set(id, (await reports.customer(id))!);
  for (const sort of ['name', 'uptime']) {
    const page = await reports.customersPage(customersPageQuery.parse({ sort }));
    assert.is(page.rows.length, names.length);
    for (const row of page.rows) {
      const report = onPages.get(row.id)!;
      const shown = report.rows.filter(({ archived }) => !archived);
      const bars = shown.flatMap((one) => barsAt(one, report.asOf, page.asOf));
      const { up, degraded, down } = addBars(...bars.map(fromBar));
      assert.equal(
        row.uptime,
        { up: up / 1000, degraded: degraded / 1000, down: down / 1000 },
        `${why}, ${row.id} by ${sort}`,
      );
      const { active, airGap, inactive } = report.counts;
      assert.equal(row.counts, { active, airGap, inactive }, why);
    }
  }
}

test('a customer’s uptime in the list is the sum of the bars on its page, closed days or not', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(history, { minLength: 10, maxLength: 10 }),
      fc.constantFrom('UTC', 'Europe/Berlin', 'Pacific/Chatham'),
      async (histories, zone) => {
        await forgetAll();
        const { deps, reports } = open(zone);
        for (const [n, one] of histories.entries())
          await seedHistory(db, start, n, one, names[n % 2]);
        await db.execute(sql`
          update instances set archived_at = now() where instance_id = 'random-3'`);
        await compare(reports, 'no day closed');
        // Some are closed, and others not yet.
        await closeDays(deps, 4);
        await compare(open(zone).reports, 'some days closed');
        await compare(reports, 'remembered');
        while ((await closeDays(deps, 10)) > 0);
        await compare(open(zone).reports, 'all days closed');
      },
    ),
    { numRuns: 12 },
  );
});

test('what is remembered gives way to every change of an instance', async () => {
  await forgetAll();
  const { reports } = open('UTC');
  const first = startOfToday - 3 * day;
  const seed = { firstSeenAt: new Date(first), statusSince: new Date(first) };
  const ids: number[] = [];
  for (const instanceId of ['one', 'two']) {
    const id = await seedInstance(db, { ...seed, instanceId });
    await seedEvents(db, id, [{ at: first, before: null, after: 'ready' }]);
    ids.push(id);
  }
  await compare(reports, 'at first');
  await seedEvents(db, ids[0]!, [{ at: start - hour, before: 'ready', after: 'missing' }]);
  await db
    .update(instances)
    .set({
      facts: { status: 'missing' },
      status: 'missing',
      statusSince: new Date(start - hour),
      revision: 2,
    })
    .where(eq(instances.id, ids[0]!));
  await compare(reports, 'another status');
  await db
    .update(instances)
    .set({ archivedAt: new Date(), revision: 3 })
    .where(eq(instances.id, ids[0]!));
  await compare(reports, 'archived');
  const third = await seedInstance(db, {
    ...seed,
    instanceId: 'three',
    facts: { status: 'degraded' },
  });
  await seedEvents(db, third, [{ at: first, before: null, after: 'degraded' }]);
  await compare(reports, 'a new one');
});

test('the same status named again after a deaf stretch counts at once, though no revision rises', async () => {
  await forgetAll();
  const deaf = { from: startOfToday - 2 * day + 6 * hour, to: startOfToday - 2 * day + 9 * hour };
  const { reports } = open('UTC', [
    { from: start - 500 * day, to: deaf.from },
    { from: deaf.to, to: start },
  ]);
  const first = startOfToday - 5 * day;
  const id = await seedInstance(db, {
    firstSeenAt: new Date(first),
    statusSince: new Date(first),
    statusReportedAt: new Date(deaf.from - hour),
  });
  await seedEvents(db, id, [{ at: first, before: null, after: 'ready' }]);
  await compare(reports, 'undecided');
  await db.update(instances).set({ statusReportedAt: new Date() }).where(eq(instances.id, id));
  await compare(reports, 'bridged');
});

test('knowledge of an air gap instance moves on with its last report, though no revision rises', async () => {
  await forgetAll();
  const { reports } = open('UTC');
  const first = startOfToday - 5 * day;
  const id = await seedInstance(db, {
    airGap: true,
    firstSeenAt: new Date(first),
    statusSince: new Date(first),
    lastCheckInAt: new Date(startOfToday - 2 * day),
  });
  await seedEvents(db, id, [{ at: first, before: null, after: 'ready' }]);
  await compare(reports, 'before');
  await db
    .update(instances)
    .set({ lastCheckInAt: new Date(startOfToday - day) })
    .where(eq(instances.id, id));
  await compare(reports, 'after');
});

test.after(close);
test.run();
