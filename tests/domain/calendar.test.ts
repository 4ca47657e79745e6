import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dayEdges, localDay, nextMidnight, startOfDay, startOfLocalDay } from '#domain/calendar.ts';
import { hour } from './build.ts';

const at = (iso: string) => Date.parse(iso);
const hours = (zone: string, day: string) => {
  const from = startOfDay(zone, day);
  return (nextMidnight(zone, from) - from) / hour;
};

test('days in UTC are what they seem', () => {
  const now = at('2026-06-14T12:00:00Z');
  const edges = dayEdges('UTC', now, 14);
  assert.is(edges.length, 15);
  assert.is(edges[0], at('2026-06-01T00:00:00Z'));
  assert.is(edges[13], at('2026-06-14T00:00:00Z'));
  assert.is(edges[14], at('2026-06-15T00:00:00Z'));
});

test('a day of the clock change has 23, 25 or 24½ hours', () => {
  assert.is(hours('Europe/Berlin', '2026-03-29'), 23);
  assert.is(hours('Europe/Berlin', '2026-10-25'), 25);
  assert.is(hours('Europe/Berlin', '2026-10-26'), 24);
  assert.is(hours('Australia/Lord_Howe', '2026-04-05'), 24.5);
  assert.is(hours('Australia/Lord_Howe', '2026-10-04'), 23.5);
});

test('where the clock jumps over midnight, the day begins with the jump', () => {
  assert.is(startOfDay('America/Sao_Paulo', '2018-11-04'), at('2018-11-04T03:00:00Z'));
  assert.is(hours('America/Sao_Paulo', '2018-11-03'), 24);
  assert.is(hours('America/Sao_Paulo', '2018-11-04'), 23);
  assert.is(hours('America/Sao_Paulo', '2018-02-17'), 25);
});

test('a midnight that comes twice begins the day the first time', () => {
  assert.is(startOfDay('America/Havana', '2026-11-01'), at('2026-11-01T04:00:00Z'));
  assert.is(hours('America/Havana', '2026-11-01'), 25);
});

test('a day that a zone left out makes no bar', () => {
  const edges = dayEdges('Pacific/Apia', at('2011-12-31T12:00:00Z'), 4);
  assert.equal(
    edges.map((edge) => localDay('Pacific/Apia', edge)),
    ['2011-12-28', '2011-12-29', '2011-12-31', '2012-01-01', '2012-01-02'],
  );
});

test('quarter-hour zones have their own midnights', () => {
  assert.is(startOfDay('Asia/Kathmandu', '2026-06-01'), at('2026-05-31T18:15:00Z'));
  assert.is(localDay('Asia/Kathmandu', at('2026-05-31T18:14:59.999Z')), '2026-05-31');
});

test('in any zone and at any time the edges are the first moments of consecutive local days', () => {
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/Sao_Paulo',
    'Australia/Lord_Howe',
    'America/New_York',
    'Africa/Cairo',
    'Asia/Beirut',
    'America/Santiago',
    'Asia/Kolkata',
    'Pacific/Chatham',
    'Atlantic/Azores',
    'America/Havana',
  ];
  const moment = fc.integer({ min: at('2015-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') });
  fc.assert(
    fc.property(fc.constantFrom(...zones), moment, (zone, now) => {
      const edges = dayEdges(zone, now, 14);
      assert.is(edges.length, 15);
      assert.ok((edges[13] as number) <= now && now < (edges[14] as number));
      assert.is(edges[13], startOfLocalDay(zone, now));
      assert.is(edges[14], nextMidnight(zone, now));
      for (const [index, edge] of edges.entries()) {
        assert.is(startOfDay(zone, localDay(zone, edge)), edge);
        assert.is.not(localDay(zone, edge - 1), localDay(zone, edge));
        if (index === 0) continue;
        const length = (edge - (edges[index - 1] as number)) / hour;
        assert.ok(length >= 23 && length <= 25, `${length} h`);
      }
    }),
    { numRuns: 150 },
  );
});

test.run();
