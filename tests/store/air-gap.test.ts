import { sql } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { instanceEvents, instances } from '#db/schema.ts';
import type { CheckIn, Facts } from '#domain/model.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { importFleet, licenseIds } from '../support/fleet.ts';
import { openSpine, said, type Spine } from '../support/spine.ts';

const test = suite<{ fresh: FreshDatabase; spine: Spine }>('air gap reports');
const hour = 3_600_000;
const start = Date.now() - 20 * 24 * hour;

test.before.each(async (context) => {
  context.fresh = await freshDatabase();
  await importFleet(context.fresh.db);
  context.spine = await openSpine(context.fresh.db);
});
test.after.each(async ({ spine, fresh }) => {
  await spine.close();
  await fresh.close();
});

const at = (hours: number, facts: Facts, more: Partial<CheckIn> = {}) =>
  said('one', facts, { reportedAt: start + hours * hour, ...more });

const upload = ({ spine }: { spine: Spine }, checkIns: CheckIn[]) =>
  spine.recorder.record({ licenseId: licenseIds.geeglo, checkIns });

async function history({ fresh }: { fresh: FreshDatabase }) {
  const rows = await fresh.db
    .select()
    .from(instanceEvents)
    .where(sql`before is distinct from after`)
    .orderBy(instanceEvents.at, instanceEvents.field, instanceEvents.id);
  return rows.map((row) => ({
    hours: (row.at.getTime() - start) / hour,
    field: row.field,
    before: row.before,
    after: row.after,
    id: row.id,
  }));
}

const archive = () => [
  at(0, { status: 'ready', k8sVersion: 'v1.29.1' }, { metrics: { users: 1 } }),
  at(4, { status: 'ready' }),
  at(5, { status: 'unavailable' }),
  at(6, { status: 'ready', k8sVersion: 'v1.30.0' }, { metrics: { users: 2 } }),
  at(10, { status: 'ready' }),
];

test('an archive becomes the history it tells, and the instance is air gap', async (context) => {
  await upload(context, archive());
  const [one] = await context.fresh.db.select().from(instances);
  assert.is(one!.airGap, true);
  assert.is(one!.lastCheckInAt.getTime(), start + 10 * hour);
  assert.is(one!.firstSeenAt.getTime(), start);
  const statuses = (await history(context)).filter(({ field }) => field === 'status');
  assert.equal(
    statuses.map(({ hours, before, after }) => [hours, before, after]),
    [
      [0, null, 'ready'],
      [5, 'ready', 'unavailable'],
      [6, 'unavailable', 'ready'],
    ],
  );
});

test('the same archive again, whole or in part, changes nothing', async (context) => {
  await upload(context, archive());
  const before = await history(context);
  const [one] = await context.fresh.db.select().from(instances);
  await upload(context, archive());
  await upload(context, archive().slice(2, 4));
  assert.equal(await history(context), before);
  const [again] = await context.fresh.db.select().from(instances);
  assert.is(again!.revision, one!.revision);
});

test('archives may come in any order: the history is the same, and old events keep their ids', async (context) => {
  const reports = archive();
  await upload(context, [reports[4]!, reports[0]!]);
  const first = await history(context);
  await upload(context, [reports[3]!]);
  await upload(context, [reports[1]!, reports[2]!]);
  const other = await freshDatabase();
  await importFleet(other.db);
  const spine = await openSpine(other.db);
  await upload({ spine }, reports);
  const plain = (events: Awaited<ReturnType<typeof history>>) =>
    events.map(({ hours, field, before, after }) => [hours, field, before, after]);
  const final = await history(context);
  assert.equal(plain(final), plain(await history({ fresh: other })));
  const opening = first.find(({ field, hours }) => field === 'status' && hours === 0);
  assert.ok(final.some(({ id }) => id === opening!.id));
  await spine.close();
  await other.close();
});

test('a report dated ahead is refused by name, and the rest of the archive is taken', async (context) => {
  const answer = await upload(context, [
    at(0, { status: 'ready' }),
    said('one', { status: 'missing' }, { reportedAt: Date.now() + hour }),
  ]);
  assert.is(answer.recorded, 1);
  assert.equal(
    answer.refused.map(({ index }) => index),
    [1],
  );
  assert.match(answer.refused[0]!.message, 'one');
  const [one] = await context.fresh.db.select().from(instances);
  assert.is(one!.status, 'ready');
});

test('the first live report ends the air gap; between archive and then nothing is known', async (context) => {
  await upload(context, archive());
  await upload(context, [said('one', { status: 'ready' })]);
  const [one] = await context.fresh.db.select().from(instances);
  assert.is(one!.airGap, false);
  const presence = (await history(context)).filter(({ field }) => field === 'presence');
  assert.equal(
    presence.map(({ after }) => after),
    ['inactive', 'active'],
  );
  assert.is(presence[0]!.hours, 10);
  const published = context.spine.changes.at(-1)!.events;
  assert.ok(published.length > 0);
  assert.not(
    published.some(({ before, after }) => before === after),
    'observations are nobody’s news',
  );
});

test('a late archive of a live instance falls into its past and reopens the days it touches', async (context) => {
  await upload(context, [said('one', { status: 'ready' })]);
  await context.fresh.db.execute(sql`update instances set days_closed_through = current_date - 1`);
  await context.fresh.db.execute(sql`
    insert into instance_days (instance, day, up, degraded, down)
    select id, current_date - n, 0, 0, 0 from instances, generate_series(1, 30) n`);
  await upload(context, [at(0, { status: 'degraded' }), at(3, { status: 'ready' })]);
  const statuses = (await history(context)).filter(({ field }) => field === 'status');
  assert.equal(
    statuses.map(({ before, after }) => [before, after]),
    [
      [null, 'degraded'],
      ['degraded', 'ready'],
    ],
  );
  const [row] = await context.fresh.db.execute<{ through: string; days: number }>(sql`
    select days_closed_through::text as through,
      (select count(*)::int from instance_days) as days from instances`);
  assert.ok(row!.through < new Date(start).toISOString().slice(0, 10));
  assert.is(row!.days, 10);
});

test.run();
