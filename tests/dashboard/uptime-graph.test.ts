import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { suite } from 'uvu';
import {
  findBucket,
  labelAxis,
  placeMoment,
  placeSpan,
  spanOfBars,
} from '#lib/charts/uptime-graph.ts';
import { locateBar } from '#lib/charts/uptime.ts';

const test = suite('the graph of uptime');

const hour = 3_600_000;
const day = 24 * hour;
const size = { width: 900, height: 80, gap: 0.24 };
const start = Date.UTC(2026, 0, 1);
const edgesOf = (count: number, length: number, from = start) =>
  Array.from({ length: count + 1 }, (_, index) => from + index * length);
const axisOf = (edges: number[], zone = 'UTC') => ({
  edges: edges.map((edge) => new Date(edge).toISOString()),
  zone,
  outages: [],
});

test('moments lie among the bars in their order, each inside of its own', () => {
  const length = fc.integer({ min: 1, max: 30 * 24 });
  fc.assert(
    fc.property(
      fc.array(length, { minLength: 1, maxLength: 90 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (lengths, one, other) => {
        const edges = lengths.reduce((all, it) => [...all, all.at(-1)! + it * hour], [start]);
        const whole = edges.at(-1)! - start;
        const [early, late] = [one, other].sort((a, b) => a - b).map((it) => start + it * whole);
        const [left, right] = [early!, late!].map((at) => placeMoment(at, edges, size));
        assert.ok(left! <= right! + 1e-9);
        const bucket = findBucket(early!, edges);
        if (bucket === null) return assert.equal(early, edges.at(-1));
        const bar = locateBar(bucket, lengths.length, size);
        assert.ok(left! >= bar.left - 1e-9 && left! <= bar.left + bar.width + 1e-9);
      },
    ),
  );
});

test('what lies outside has no place, and what is short can still be seen', () => {
  const edges = edgesOf(14, day);
  assert.equal(placeSpan(start - day, start, edges, size), null);
  assert.equal(placeSpan(edges[14]!, edges[14]! + day, edges, size), null);
  const short = placeSpan(start + day, start + day + 1000, edges, size, 4)!;
  assert.equal(short.width, 4);
  const end = placeSpan(edges[14]! - 1000, edges[14]! + hour, edges, size, 4)!;
  assert.equal(Math.round(end.left + end.width), 900, 'not beyond the last bar');
  assert.equal(findBucket(start - 1, edges), null);
});

test('a span is drawn from either side', () => {
  const axis = axisOf(edgesOf(5, day));
  const span = { after: axis.edges[1], before: axis.edges[4] };
  assert.deepEqual(spanOfBars(1, 3, axis), span);
  assert.deepEqual(spanOfBars(3, 1, axis), span);
});

const textsOf = (edges: number[], zone?: string, width = 900) =>
  labelAxis(axisOf(edges, zone), { ...size, width }).map(({ text }) => text);

test('the axis names what its bars are of: hours, days or months of the zone', () => {
  const hours = textsOf(edgesOf(48, hour, Date.UTC(2026, 0, 1, 9)));
  assert.deepEqual(hours, ['12:00', '18:00', '2 Jan', '06:00', '12:00', '18:00', '3 Jan']);
  const eights = textsOf(edgesOf(42, 8 * hour));
  assert.deepEqual(eights.slice(-3), ['11 Jan', '12 Jan', '13 Jan'].slice(0, 3));
  const berlin = edgesOf(48, hour, Date.UTC(2026, 0, 1, 9));
  assert.ok(textsOf(berlin, 'Europe/Berlin').includes('18:00'));
  const weeks = textsOf(edgesOf(53, 7 * day));
  assert.ok(weeks.includes('Feb') && weeks.includes('Jul') && !weeks.includes('1 Feb'));
});

test('labels never touch, also on a phone', () => {
  for (const [count, length] of [
    [48, hour],
    [42, 8 * hour],
    [90, day],
    [53, 7 * day],
    [60, 36 * hour],
  ] as const) {
    for (const width of [300, 640, 1400]) {
      const lefts = labelAxis(axisOf(edgesOf(count, length)), { ...size, width }).map(
        ({ left }) => left,
      );
      lefts.slice(1).forEach((left, index) => assert.ok(left - lefts[index]! >= 64));
      // "Now" takes the last 24 of them.
      assert.ok(lefts.every((left) => left <= width - 24 - 64));
    }
  }
});

test.run();
