import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { MetricHistory, UptimeRange } from '#contract/activity.ts';
import type { Scalar } from '#contract/instance.ts';
import { instanceEvents, instanceMetrics } from '#db/schema.ts';
import { createReports } from '#server/reports/index.ts';
import { readMetricPoints } from '#server/store/reads-metrics.ts';
import { freshDatabase } from '../support/database.ts';
import { day, hour, minute, seedInstance, seedVendor, testConfig } from './seed.ts';

const { db, close } = await freshDatabase();
const now = Date.now();
const iso = (at: number) => new Date(at).toISOString();
const reports = createReports({ db, config: testConfig(), ears: () => [], build: 'test' });
await seedVendor(db, ['Geeglo']);

/** Stores what a metric became, one event each. */
async function change(instance: number, field: string, values: [at: number, value: Scalar][]) {
  await db.insert(instanceEvents).values(
    values.map(([at, after], n) => ({
      ...{ instance, at: new Date(at), category: 'custom metrics', field, after, reporter: 'sdk' },
      before: values[n - 1]?.[1] ?? null,
    })),
  );
}
async function history(instanceId: string, name: string, range: UptimeRange = '2w') {
  const told = await reports.metricHistory('geeglo', instanceId, { name, range });
  if (told === null || told === 'no such metric') throw new Error(told ?? 'no such instance');
  return told;
}
const pointsOf = ({ points }: MetricHistory) => points.map(([at, value]) => [at, value]);

const id = await seedInstance(db, {
  instanceId: 'measured',
  firstSeenAt: new Date(now - 30 * day),
});
const current = (name: string, value: Scalar, at: number) =>
  db.insert(instanceMetrics).values({ instance: id, name, value, updatedAt: new Date(at) });
await change(id, 'users', [
  [now - 29 * day, 10],
  [now - 20 * day, 12],
  [now - 3 * day, 12.5],
  [now - hour, null],
]);
await current('users', null, now - hour);
await change(id, 'gone', [
  [now - 5 * day, '15'],
  [now - 4 * day, 'last'],
]);
await current('never', null, now - day);

test('metrics are told by name, the removed ones with what they were last', async () => {
  assert.equal(await reports.metrics('geeglo', 'measured'), [
    { name: 'gone', value: 'last', updatedAt: iso(now - 4 * day), current: false },
    { name: 'never', value: null, updatedAt: iso(now - day), current: true },
    { name: 'users', value: null, updatedAt: iso(now - hour), current: true },
  ]);
  assert.is(await reports.metrics('geeglo', 'nobody'), null);
});

test('a history begins with what held when its range began, and keeps the type of its values', async () => {
  const two = await history('measured', 'users');
  assert.equal(pointsOf(two), [
    [iso(now - 20 * day), 12],
    [iso(now - 3 * day), 12.5],
    [iso(now - hour), null],
  ]);
  assert.is(two.recorded, 3);
  assert.ok(two.from < iso(now - 12 * day) && two.from > iso(now - 15 * day));
  assert.is((await history('measured', 'users', 'all')).points.length, 4);
  assert.is((await history('measured', 'users', 'all')).from, iso(now - 30 * day));
  assert.equal(pointsOf(await history('measured', 'users', '2d')), [
    [iso(now - 3 * day), 12.5],
    [iso(now - hour), null],
  ]);
  assert.equal(pointsOf(await history('measured', 'gone')), [
    [iso(now - 5 * day), '15'],
    [iso(now - 4 * day), 'last'],
  ]);
  assert.equal(pointsOf(await history('measured', 'never')), [[iso(now - day), null]]);
  const told = (name: string) =>
    reports.metricHistory('geeglo', 'measured', { name, range: 'all' });
  assert.is(await told('none'), 'no such metric');
  assert.is(await told('status'), 'no such metric');
});

/** The points that a screen of 500 columns shows, by counting. */
function thin(points: [at: number, value: Scalar][], from: number, to: number) {
  const columns = new Map<number, [at: number, value: Scalar][]>();
  for (const point of points) {
    const column = Math.floor(((point[0] - from) * 500) / (to - from));
    columns.set(column, [...(columns.get(column) ?? []), point]);
  }
  return [...columns.values()].flatMap((column) => {
    const numbers = column.filter((point) => typeof point[1] === 'number') as [number, number][];
    const least = Math.min(...numbers.map(([, value]) => value));
    const greatest = Math.max(...numbers.map(([, value]) => value));
    const kept = new Set([column[0], column.at(-1)]);
    kept.add(numbers.find(([, value]) => value === least));
    kept.add(numbers.find(([, value]) => value === greatest));
    return column.filter((point) => kept.has(point));
  });
}

test('of very many points the first, last, least and greatest of each column stay', async () => {
  const instance = await seedInstance(db, { instanceId: 'busy' });
  const span = { from: now - 10 * day, to: now };
  const value = fc.oneof(
    fc.integer({ min: -50, max: 50 }),
    fc.integer().map((n) => n / 64),
    fc.constantFrom('a', '15', true, null),
  );
  const step = fc.tuple(fc.integer({ min: 1, max: 10 * minute }), value);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2400, maxLength: 4000 }), async (steps) => {
      // Neighbours of one value would be no change.
      const changes = steps.filter(([, it], n) => it !== (steps[n - 1]?.[1] ?? null));
      let at = span.from - hour;
      const points = changes.map(([later, it]): [number, Scalar] => [(at += later), it]);
      await db.execute(sql`delete from instance_events where instance = ${instance}`);
      await change(instance, 'load', points);
      const first = points.findLastIndex(([moment]) => moment < span.from);
      const inside = points.slice(Math.max(0, first));
      const read = await readMetricPoints(db, instance, 'load', span);
      assert.is(read.recorded, inside.length);
      assert.equal(read.points, inside.length > 2000 ? thin(inside, span.from, span.to) : inside);
    }),
    { numRuns: 5, endOnFailure: true },
  );
});

test.after(close);
test.run();
