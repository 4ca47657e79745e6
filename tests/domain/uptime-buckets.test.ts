import { tzOffset } from '@date-fns/tz/tzOffset';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type UptimeRange, uptimeRanges } from '#contract/activity.ts';
import { bucketEdges, daysOfRange, sumWeeks } from '#domain/uptime-buckets.ts';

const hour = 3_600_000;
const day = 24 * hour;
const zones = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
const zone = fc.constantFrom(...zones);
const now = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2027, 0, 1) });
const age = fc.integer({ min: 0, max: 900 * day });
const clock = (zone: string, at: number) =>
  new Date(at + tzOffset(zone, new Date(at)) * 60_000).toISOString().slice(11, 19);

test('buckets ascend, and the last one is the one in which now falls', () => {
  fc.assert(
    fc.property(fc.constantFrom(...uptimeRanges), zone, now, age, (range, zone, now, age) => {
      const edges = bucketEdges(range, zone, now, now - age);
      assert.ok(edges.every((edge, n) => n === 0 || edges[n - 1]! < edge));
      assert.ok(edges.at(-2)! <= now && now < edges.at(-1)!, 'now is in the last bucket');
    }),
  );
});

const counts: [UptimeRange, least: number, most: number][] = [
  ['2d', 48, 48],
  ['2w', 40, 42],
  ['45d', 45, 45],
  ['90d', 90, 90],
  ['1y', 53, 53],
  ['all', 1, 60],
];
for (const [range, least, most] of counts) {
  test(`${range} has ${least === most ? least : `${least} to ${most}`} buckets`, () => {
    fc.assert(
      fc.property(zone, now, age, (zone, now, age) => {
        const buckets = bucketEdges(range, zone, now, now - age).length - 1;
        assert.ok(buckets >= least && buckets <= most, `${buckets} in ${zone}`);
      }),
    );
  });
}

test('two weeks are cut at midnight, 8 and 16 o’clock of the zone', () => {
  fc.assert(
    fc.property(zone, now, (zone, now) => {
      const edges = bucketEdges('2w', zone, now, now);
      const times = edges.map((edge) => clock(zone, edge));
      const wanted = ['00:00:00', '08:00:00', '16:00:00'];
      assert.equal(
        times,
        times.map((_, n) => wanted[n % 3]),
      );
    }),
  );
});

test('days of 23 and 25 hours keep their hours and thirds', () => {
  const spring = bucketEdges('2w', 'Europe/Berlin', Date.UTC(2026, 2, 29, 12), 0);
  const lengths = spring.slice(1).map((edge, n) => (edge - spring[n]!) / hour);
  assert.equal(lengths.slice(-2), [7, 8]);
  const autumn = bucketEdges('2d', 'Europe/Berlin', Date.UTC(2026, 9, 25, 22), 0);
  const hours = autumn.map((edge) => clock('Europe/Berlin', edge).slice(0, 2));
  assert.is(
    hours.filter((one) => one === '02').length,
    3,
    'of this day two, of the day before one',
  );
});

test('a year is cut on Mondays, and its days sum up to its weeks', () => {
  fc.assert(
    fc.property(zone, now, (zone, now) => {
      const edges = bucketEdges('1y', zone, now, now);
      for (const edge of edges.slice(0, -1)) {
        const local = new Date(edge + tzOffset(zone, new Date(edge)) * 60_000);
        assert.is(local.getUTCDay(), 1);
        assert.is(clock(zone, edge), '00:00:00');
      }
      const days = Array.from({ length: daysOfRange('1y', zone, now)! }, () => 1);
      const weeks = sumWeeks(days, (week) => week.length);
      assert.is(weeks.length, edges.length - 1);
      assert.ok(weeks.slice(0, -1).every((week) => week === 7));
    }),
  );
});

test('the whole history is cut into equal parts of whole minutes', () => {
  fc.assert(
    fc.property(now, age, (now, age) => {
      const edges = bucketEdges('all', 'UTC', now, now - age);
      assert.is(edges[0], now - age);
      const width = edges[1]! - edges[0]!;
      assert.is(width % 60_000, 0);
      assert.ok(edges.every((edge, n) => edge === edges[0]! + n * width));
    }),
  );
  assert.is(bucketEdges('all', 'UTC', 1000, 5000).length, 2, 'a clock that went back');
});

test.run();
