import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { eq, sql } from 'drizzle-orm';
import { instanceDays, instances, workspaces } from '#db/schema.ts';
import type { Bar } from '#contract/instance.ts';
import { fleetPageQuery } from '#contract/reports.ts';
import { dayEdges, localDay } from '#domain/calendar.ts';
import { historyOf } from '#domain/history.ts';
import type { Span, Time } from '#domain/model.ts';
import { deafStretches } from '#domain/presence.ts';
import { bars, toBar } from '#domain/uptime.ts';
import { closeDays, createReports } from '#server/reports/index.ts';
import { freshDatabase } from '../support/database.ts';
import { type Seeded, history, seedHistory } from './random-history.ts';
import { day, hour, seedEvents, seedInstance, seedVendor, testConfig } from './seed.ts';

const { db, close } = await freshDatabase();
await seedVendor(db, ['Geeglo']);
const start = Date.now();
const startOfToday = dayEdges('UTC', start, 1)[0]!;

const openFor = (zone: string, ears: Span[]) => {
  const config = testConfig({ zone });
  const spans = () => [...ears.slice(0, -1), { from: ears.at(-1)!.from, to: Date.now() }];
  const deps = { db, config, ears: spans, build: 'test' };
  return { deps, reports: createReports(deps) };
};
const alwaysHeard: Span[] = [{ from: start - 500 * day, to: start }];

async function closeAll(deps: Parameters<typeof closeDays>[0], limit = 7) {
  while ((await closeDays(deps, limit)) > 0);
}

async function forgetAll() {
  await db.execute(sql`truncate instances, instance_events, instance_days cascade`);
}

/** The fourteen bars from all events at once, by the domain alone. */
function recompute({ instance, events }: Seeded, edges: Time[], asOf: Time, ears: Span[]): Bar[] {
  const deaf = deafStretches(ears, 0, asOf);
  return bars(historyOf(instance, events, deaf, asOf), edges).map(toBar);
}

async function compare(zone: string, seeded: Seeded[], why: string) {
  const { reports } = openFor(zone, alwaysHeard);
  const page = await reports.fleetPage(fleetPageQuery.parse({ sort: 'firstSeen' }));
  const edges = page.axis.edges.map((edge) => Date.parse(edge));
  assert.is(page.rows.length, seeded.length);
  for (const one of seeded) {
    const row = page.rows.find(({ id }) => id === one.id)!;
    assert.equal(
      [...row.closedDays, row.today],
      recompute(one, edges, Date.parse(page.asOf), alwaysHeard),
      why,
    );
  }
  const summaries = await reports.summaries(seeded.map(({ id }) => id));
  for (const [n, summary] of summaries.entries()) {
    const row = page.rows.find(({ id }) => id === seeded[n]!.id)!;
    for (const [part, seconds] of summary.today.entries())
      assert.ok(Math.abs(seconds - row.today[part]!) < 20, 'today alone is today in the list');
  }
}

test('bars from closed days are those reckoned from all events, also after the zone changes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(history, { minLength: 12, maxLength: 12 }),
      fc.constantFrom('Europe/Berlin', 'America/St_Johns', 'Pacific/Chatham'),
      async (histories, otherZone) => {
        await forgetAll();
        const seeded: Seeded[] = [];
        for (const [n, one] of histories.entries())
          seeded.push(await seedHistory(db, start, n, one));
        for (const zone of ['UTC', otherZone]) {
          await compare(zone, seeded, `open, ${zone}`);
          await closeAll(openFor(zone, alwaysHeard).deps);
          const rows = await db.select().from(instances);
          const yesterday = localDay(zone, dayEdges(zone, Date.now(), 1)[0]! - 1);
          for (const row of rows) {
            if (localDay(zone, row.firstSeenAt.getTime()) <= yesterday)
              assert.is(row.daysClosedThrough, yesterday);
          }
          await compare(zone, seeded, `closed, ${zone}`);
        }
        assert.is((await db.select().from(workspaces))[0]!.zone, otherZone);
      },
    ),
    { numRuns: 12 },
  );
});

test('a list reads closed days from where they are kept, and only those', async () => {
  await forgetAll();
  const { deps, reports } = openFor('UTC', alwaysHeard);
  const id = await seedInstance(db, {
    firstSeenAt: new Date(start - 40 * day),
    statusSince: new Date(start - 40 * day),
  });
  await seedEvents(db, id, [{ at: start - 40 * day, before: null, after: 'ready' }]);
  await closeAll(deps);
  await db.update(instanceDays).set({ up: 1000, down: 2000 }).where(eq(instanceDays.instance, id));
  const [row] = (await reports.fleetPage(fleetPageQuery.parse({}))).rows;
  assert.equal(
    row!.closedDays,
    Array.from({ length: 13 }, () => [1, 0, 2]),
  );
  const kept = await db.select().from(instanceDays);
  assert.is(kept.length, 40);
});

test('closing days leaves the revision alone and takes more than 400 days in several passes', async () => {
  await forgetAll();
  const { deps } = openFor('UTC', [{ from: start - 1000 * day, to: start }]);
  const id = await seedInstance(db, {
    firstSeenAt: new Date(start - 900 * day),
    statusSince: new Date(start - 900 * day),
  });
  await seedEvents(db, id, [
    { at: start - 900 * day, before: null, after: 'degraded' },
    { at: start - hour, before: 'degraded', after: 'ready' },
  ]);
  assert.equal(
    [
      await closeDays(deps, 10),
      await closeDays(deps, 10),
      await closeDays(deps, 10),
      await closeDays(deps, 10),
    ],
    [1, 1, 1, 0],
  );
  const [row] = await db.select().from(instances);
  assert.is(row!.revision, 1);
  assert.is(row!.daysClosedThrough, localDay('UTC', startOfToday - 1));
  const kept = await db.select().from(instanceDays);
  assert.is(kept.length, 900);
  assert.ok(kept.slice(1).every(({ degraded, up, down }) => degraded + up + down === day));
});

test('a day with a deaf stretch stays open until a report names the status', async () => {
  await forgetAll();
  const deaf = { from: startOfToday - 2 * day + 6 * hour, to: startOfToday - 2 * day + 9 * hour };
  const { deps, reports } = openFor('UTC', [
    { from: start - 500 * day, to: deaf.from },
    { from: deaf.to, to: start },
  ]);
  const first = new Date(startOfToday - 5 * day);
  const values = {
    firstSeenAt: first,
    statusSince: first,
    statusReportedAt: new Date(deaf.from - hour),
  };
  const waiting = await seedInstance(db, { ...values, instanceId: 'waiting' });
  const inactive = await seedInstance(db, {
    ...values,
    instanceId: 'inactive',
    inactiveSince: new Date(deaf.to + hour),
  });
  const others = [];
  for (let n = 0; n < 5; n++)
    others.push(
      await seedInstance(db, { ...values, instanceId: `other ${n}`, statusReportedAt: new Date() }),
    );
  for (const id of [waiting, inactive, ...others])
    await seedEvents(db, id, [{ at: first.getTime(), before: null, after: 'ready' }]);
  await seedEvents(db, inactive, [
    {
      at: deaf.to + hour,
      field: 'presence',
      before: 'active',
      after: 'inactive',
      unheardSince: deaf.from - hour,
    },
  ]);
  await closeAll(deps, 1);

  const closedThrough = async (id: number) =>
    (await db.select().from(instances).where(eq(instances.id, id)))[0]!.daysClosedThrough;
  const yesterday = localDay('UTC', startOfToday - 1);
  const dayBeforeDeaf = localDay('UTC', startOfToday - 3 * day);
  assert.is(await closedThrough(waiting), dayBeforeDeaf);
  assert.is(await closedThrough(inactive), yesterday);
  for (const id of others) assert.is(await closedThrough(id), yesterday);

  const deafDay = async (id: number) => {
    const { rows } = await reports.fleetPage(fleetPageQuery.parse({}));
    return rows.find((row) => row.id === id)!.closedDays[11];
  };
  assert.equal(await deafDay(waiting), [21 * 3600, 0, 0]);
  assert.equal(await deafDay(inactive), [7 * 3600, 0, 0]);
  assert.equal(await deafDay(others[0]!), [24 * 3600, 0, 0]);

  await db.update(instances).set({ statusReportedAt: new Date() }).where(eq(instances.id, waiting));
  assert.equal(await deafDay(waiting), [24 * 3600, 0, 0]);
  await closeAll(deps);
  assert.is(await closedThrough(waiting), yesterday);
  assert.equal(await deafDay(waiting), [24 * 3600, 0, 0]);
  const { axis } = await reports.fleetPage(fleetPageQuery.parse({}));
  assert.equal(axis.outages, [
    { from: new Date(deaf.from).toISOString(), to: new Date(deaf.to).toISOString() },
  ]);
});

test('instances that a check-in holds are left to the next pass', async () => {
  await forgetAll();
  const { deps } = openFor('UTC', alwaysHeard);
  const values = { firstSeenAt: new Date(start - 3 * day), statusSince: new Date(start - 3 * day) };
  const held = await seedInstance(db, { ...values, instanceId: 'held' });
  await seedInstance(db, { ...values, instanceId: 'free' });
  await db.transaction(async (tx) => {
    await tx.execute(sql`select id from instances where id = ${held} for no key update`);
    assert.is(await closeDays(deps, 10), 1);
  });
  assert.is(await closeDays(deps, 10), 1);
  assert.is(await closeDays(deps, 10), 0);
});

test('what is known of an archived instance ends where it fell silent', async () => {
  await forgetAll();
  const { reports } = openFor('UTC', alwaysHeard);
  const lastCheckInAt = startOfToday - 5 * day;
  const first = new Date(startOfToday - 9 * day);
  const id = await seedInstance(db, {
    firstSeenAt: first,
    statusSince: first,
    lastCheckInAt: new Date(lastCheckInAt),
    statusReportedAt: new Date(lastCheckInAt),
    archivedAt: new Date(lastCheckInAt + hour),
  });
  await seedEvents(db, id, [{ at: first.getTime(), before: null, after: 'ready' }]);
  const { rows } = await reports.fleetPage(fleetPageQuery.parse({ archived: true }));
  const known = [...rows[0]!.closedDays, rows[0]!.today].map(([up]) => up / 3600);
  assert.equal(known, [0, 0, 0, 0, 24, 24, 24, 24, 24, 0, 0, 0, 0, 0]);
});

test.after(close);
test.run();
