import { sql } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hearingSpans, instanceEvents, instances } from '#db/schema.ts';
import type { Facts } from '#domain/model.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { importFleet, licenseIds } from '../support/fleet.ts';
import { openSpine, said } from '../support/spine.ts';

const test = suite<{ fresh: FreshDatabase }>('the sweeper');
const hour = 3_600_000;

test.before.each(async (context) => {
  context.fresh = await freshDatabase();
  await importFleet(context.fresh.db);
});
test.after.each(({ fresh }) => fresh.close());

/** An instance that reported, and then everything (its reports, our hearing) lies `ago` further back. */
async function reported(
  { fresh }: { fresh: FreshDatabase },
  ago: number,
  options: { facts?: Facts; nextWithin?: number; heardSince?: number } = {},
) {
  const now = Date.now();
  await fresh.db.insert(hearingSpans).values({
    fromAt: new Date(now - (options.heardSince ?? ago + hour)),
    toAt: new Date(now),
  });
  const spine = await openSpine(fresh.db);
  const nextWithin = options.nextWithin ?? null;
  await spine.recorder.record({
    licenseId: licenseIds.geeglo,
    checkIns: [said('one', options.facts ?? { status: 'ready' }, { nextWithin })],
  });
  await fresh.db.execute(sql`
    update instances set last_check_in_at = last_check_in_at - make_interval(secs => ${ago / 1000}),
      last_event_at = last_event_at - make_interval(secs => ${ago / 1000}),
      first_seen_at = first_seen_at - make_interval(secs => ${ago / 1000}),
      status_since = status_since - make_interval(secs => ${ago / 1000}),
      status_reported_at = status_reported_at - make_interval(secs => ${ago / 1000}),
      sdk_reported_at = sdk_reported_at - make_interval(secs => ${ago / 1000})`);
  await fresh.db.execute(
    sql`update instance_events set at = at - make_interval(secs => ${ago / 1000})`,
  );
  return spine;
}

async function one({ fresh }: { fresh: FreshDatabase }) {
  const [row] = await fresh.db.select().from(instances);
  return row!;
}

async function presence({ fresh }: { fresh: FreshDatabase }) {
  return fresh.db
    .select()
    .from(instanceEvents)
    .where(sql`category = 'presence'`)
    .orderBy(instanceEvents.at, instanceEvents.id);
}

test('silence longer than 4.5 hours without a promise is late, and no event', async (context) => {
  const spine = await reported(context, 4.6 * hour);
  assert.is(await spine.sweep(), 1);
  const found = await one(context);
  assert.ok(Math.abs(found.lateSince!.getTime() - found.lastCheckInAt.getTime() - 4.5 * hour) <= 1);
  assert.is(found.inactiveSince, null);
  assert.equal(await presence(context), []);
  assert.equal(
    spine.changes.at(-1)!.changed.map(({ id }) => id),
    [found.id],
  );
  assert.is(await spine.sweep(), 0, 'a second sweep finds nothing');
  await spine.close();
});

test('a promise is kept to: late after 1.125 times, inactive after ten times', async (context) => {
  const spine = await reported(context, 200_000, { nextWithin: 180 });
  assert.is(await spine.sweep(), 0, '200 s of silence are within 202.5 s');
  await spine.close();
  await context.fresh.db.execute(
    sql`update instances set last_check_in_at = now() - interval '31 minutes'`,
  );
  const again = await openSpine(context.fresh.db);
  assert.is(await again.sweep(), 1);
  const found = await one(context);
  assert.is(found.inactiveSince!.getTime() - found.lastCheckInAt.getTime(), 30 * 60_000);
  const [event] = await presence(context);
  assert.equal([event!.before, event!.after], ['active', 'inactive']);
  assert.equal(event!.at, found.inactiveSince);
  await again.close();
});

test('the next check-in ends it, with the event of its own moment', async (context) => {
  const spine = await reported(context, 26 * hour);
  await spine.sweep();
  await spine.recorder.record({ licenseId: licenseIds.geeglo, checkIns: [said('one')] });
  const found = await one(context);
  assert.is(found.inactiveSince, null);
  assert.is(found.lateSince, null);
  assert.equal(
    (await presence(context)).map(({ after }) => after),
    ['inactive', 'active'],
  );
  await spine.close();
});

test('a check-in that comes before the sweeper records the crossing all the same', async (context) => {
  const spine = await reported(context, 26 * hour);
  await spine.recorder.record({ licenseId: licenseIds.geeglo, checkIns: [said('one')] });
  const [inactive, active] = await presence(context);
  assert.is(inactive!.after, 'inactive');
  assert.ok(active!.at.getTime() - inactive!.at.getTime() > 1.9 * hour);
  await spine.close();
});

test('a refusal after a long silence records the silence first', async (context) => {
  const spine = await reported(context, 26 * hour);
  await context.fresh.db.execute(sql`update licenses set expires_at = now() - interval '1 hour'`);
  const report = { licenseId: licenseIds.geeglo, checkIns: [said('one')] };
  const refused = await spine.recorder.record(report).catch((error: Error) => error.message);
  assert.is(refused, 'The license has expired.');
  assert.equal(
    (await presence(context)).map(({ before, after }) => [before, after]),
    [
      ['active', 'inactive'],
      ['inactive', 'refused'],
    ],
  );
  await spine.close();
});

test('after a start nobody turns late before another promise of listening', async (context) => {
  const spine = await reported(context, 30 * hour, { heardSince: 10 * 60_000 });
  assert.is(await spine.sweep(), 0, 'we were deaf nearly all of those thirty hours');
  const found = await one(context);
  assert.is(found.lateSince, null);
  assert.is(found.inactiveSince, null);
  await spine.close();
});

test('two sweepers and a stream of check-ins write each crossing once', async (context) => {
  const spine = await reported(context, 26 * hour);
  const other = await openSpine(context.fresh.db);
  const swept = await Promise.all([spine.sweep(), other.sweep(), spine.sweep(), other.sweep()]);
  assert.is(
    swept.reduce((a, b) => a + b),
    1,
  );
  assert.is((await presence(context)).length, 1);
  await other.close();
  await spine.close();
});

test('archived, refused and air gap instances turn neither late nor inactive', async (context) => {
  const spine = await reported(context, 50 * hour);
  await context.fresh.db.execute(sql`update instances set archived_at = now()`);
  assert.is(await spine.sweep(), 0);
  await context.fresh.db.execute(sql`update instances set archived_at = null, air_gap = true`);
  assert.is(await spine.sweep(), 0);
  await context.fresh.db.execute(sql`update instances set air_gap = false,
    refusal = '{"reason":"license expired","since":0,"lastAt":0,"count":1}'`);
  assert.is(await spine.sweep(), 0);
  await spine.close();
});

test('when KOTS falls silent and the SDK goes on, its word counts from that moment', async (context) => {
  const now = Date.now();
  await context.fresh.db
    .insert(hearingSpans)
    .values({ fromAt: new Date(now - 6 * hour), toAt: new Date(now) });
  const spine = await openSpine(context.fresh.db);
  const { recorder } = spine;
  const report = (door: 'kots' | 'sdk', facts: Facts) =>
    recorder.record({ licenseId: licenseIds.geeglo, checkIns: [said('one', facts, { door })] });
  await report('kots', { status: 'ready' });
  await report('sdk', { status: 'degraded' });
  assert.is((await one(context)).status, 'ready', 'KOTS wins while it speaks');
  await context.fresh.db.execute(sql`
    update instances set kots_reported_at = now() - interval '4.6 hours', last_event_at = now() - interval '5 hours'`);
  await context.fresh.db.execute(sql`update instance_events set at = now() - interval '5 hours'`);
  assert.is(await spine.sweep(), 1);
  const found = await one(context);
  assert.is(found.status, 'degraded');
  assert.is(found.statusSince!.getTime() - found.kotsReportedAt!.getTime(), 4.5 * hour);
  assert.is(await spine.sweep(), 0, 'the hand-over is made once');
  await spine.close();
});

test.run();
