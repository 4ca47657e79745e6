import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { sql } from 'drizzle-orm';
import { type UptimeReport, uptimeRanges } from '#contract/activity.ts';
import type { Span, Time } from '#domain/model.ts';
import { barState } from '#domain/status.ts';
import type { StatusValue } from '#contract/status.ts';
import { closeDays, createReports } from '#server/reports/index.ts';
import { freshDatabase } from '../support/database.ts';
import { type Seeded, history, seedHistory } from './random-history.ts';
import { day, hour, minute, seedVendor, testConfig } from './seed.ts';

const { db, close } = await freshDatabase();
await seedVendor(db, ['Geeglo']);
/** A full minute, so that everything in these histories happens at one. */
const start = Date.now() - (Date.now() % minute);

const openFor = (zone: string, ears: Span[]) => {
  const spans = () => [...ears.slice(0, -1), { from: ears.at(-1)!.from, to: Date.now() }];
  const deps = { db, config: testConfig({ zone }), ears: spans, build: 'test' };
  return { deps, reports: createReports(deps) };
};

async function forgetAll() {
  await db.execute(sql`truncate instances, instance_events, instance_days cascade`);
}

interface Moment {
  at: Time;
  known: keyof typeof seconds | null;
}
const seconds = { up: 0, degraded: 1, down: 2 } as const;

/** What is known from each full minute to the next, of the events alone and the dumb way. */
function minutesOf({ instance, events }: Seeded, deaf: Span[], asOf: Time): Moment[] {
  const changes = events.filter(({ before, after }) => before !== after);
  const statuses = changes.filter(({ field }) => field === 'status');
  const presences = changes.filter(({ field }) => field === 'presence');
  const end = instance.airGap ? instance.lastCheckInAt : asOf;
  const moments: Moment[] = [];
  let status: StatusValue | null = null;
  let presence = 'active';
  let [nextStatus, nextPresence] = [0, 0];
  for (let at = changes[0]?.at ?? asOf; at < Math.min(asOf, end); at += minute) {
    while ((statuses[nextStatus]?.at ?? Infinity) <= at)
      status = statuses[nextStatus++]!.after as StatusValue;
    while ((presences[nextPresence]?.at ?? Infinity) <= at)
      presence = presences[nextPresence++]!.after as string;
    // Deafness is no data if the next change says that nothing had named the status since before it.
    const unheard = [statuses[nextStatus], presences[nextPresence]].some(
      (next) => next !== undefined && next.unheardSince !== null && next.unheardSince <= at,
    );
    const isDeaf = unheard && deaf.some(({ from, to }) => from <= at && at < to);
    const known = status !== null && presence === 'active' && !isDeaf ? barState(status) : null;
    moments.push({ at, known });
  }
  return moments;
}

function check(report: UptimeReport, seeded: Seeded, deaf: Span[]): void {
  const asOf = Date.parse(report.asOf);
  const end = Math.min(asOf, seeded.instance.airGap ? seeded.instance.lastCheckInAt : asOf);
  const edges = report.axis.edges.map((edge) => Date.parse(edge));
  const expected = edges.slice(1).map(() => [0, 0, 0]);
  let bucket = 0;
  for (const { at, known } of minutesOf(seeded, deaf, asOf)) {
    if (known === null) continue;
    for (let from = at; from < Math.min(at + minute, end);) {
      while (edges[bucket + 1]! <= from) bucket += 1;
      if (bucket >= expected.length) break;
      const to = Math.min(at + minute, end, edges[bucket + 1]!);
      if (from >= edges[0]!) expected[bucket]![seconds[known]]! += to - from;
      from = from < edges[0]! ? Math.min(edges[0]!, to) : to;
    }
  }
  assert.equal(
    report.bars.map((bar) => bar.map((part) => Math.round(part * 1000))),
    expected,
    `${report.range} in ${report.axis.zone}`,
  );
  const changes = seeded.events.filter(({ before, after }) => before !== after);
  const inside = edges
    .slice(1)
    .map((to, n) => changes.filter(({ at }) => at >= edges[n]! && at < to));
  assert.equal(
    report.markers.map(({ bucket, count, events }) => [
      bucket,
      count,
      events.map(({ at }) => Date.parse(at)),
    ]),
    inside.flatMap((of, n) =>
      of.length === 0 ? [] : [[n, of.length, of.slice(0, 2).map(({ at }) => at)]],
    ),
  );
}

/** Histories with gaps, refusals, observations, and stretches in which nobody listened. */
const lives = fc.record({
  ...{ one: history },
  old: fc.boolean(),
  deaf: fc.array(fc.tuple(fc.integer({ min: 1, max: 40_000 }), fc.integer({ min: 1, max: 900 })), {
    maxLength: 8,
  }),
  unheard: fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 60, maxLength: 60 }),
});

test('every range in every zone is what the events say minute by minute, before and after days are closed', async () => {
  await fc.assert(
    fc.asyncProperty(
      lives,
      fc.constantFrom('Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe'),
      async ({ one, old, deaf: silences, unheard }, zone) => {
        await forgetAll();
        const life = { ...one, ageDays: one.ageDays * (old ? 15 : 1) };
        if (old) life.steps = life.steps.map(([minutes, turn]) => [minutes * 10, turn]);
        const seeded = await seedHistory(db, start, 1, life);
        const deaf = await deafen(seeded, silences, unheard);
        for (const one of ['UTC', zone]) {
          const { deps, reports } = openFor(one, earsAround(deaf));
          for (const closed of [false, true]) {
            if (closed) while ((await closeDays(deps, 10)) > 0);
            for (const range of uptimeRanges)
              check((await reports.uptime('geeglo', 'random-1', range))!, seeded, deaf);
          }
        }
      },
    ),
    { numRuns: 6, endOnFailure: true },
  );
});

/** Lays stretches of deafness over a history, and lets some of its changes say that they came after one. */
async function deafen(seeded: Seeded, silences: [number, number][], unheard: number[]) {
  const deaf: Span[] = [];
  let from = seeded.instance.firstSeenAt;
  for (const [gap, length] of silences) {
    from += gap * minute;
    if (from + length * minute > start - 2 * hour) break;
    deaf.push({ from, to: from + length * minute });
    from += (length + 1) * minute;
  }
  const last = new Map<string, Time>();
  for (const [n, event] of seeded.events.entries()) {
    if (event.before === event.after) continue;
    const since = Math.max(event.at - unheard[n % 60]! * minute, last.get('status') ?? 0);
    last.set(event.field, event.at);
    const leaves = event.field === 'status' || event.after !== 'active';
    if (n % 2 === 0 || !leaves || since >= event.at) continue;
    event.unheardSince = since;
    await db.execute(sql`
      update instance_events set unheard_since = ${new Date(since).toISOString()}::timestamptz
      where instance = ${seeded.id} and field = ${event.field} and at = ${new Date(event.at).toISOString()}::timestamptz`);
  }
  return deaf;
}

function earsAround(deaf: Span[]): Span[] {
  const ears: Span[] = [];
  let from = start - 1000 * day;
  for (const gap of deaf) {
    ears.push({ from, to: gap.from });
    from = gap.to;
  }
  return [...ears, { from, to: start }];
}

test.after(close);
test.run();
