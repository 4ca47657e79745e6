import { eq, sql } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { instances } from '#db/schema.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { importFleet, licenseIds, smallFleet } from '../support/fleet.ts';
import { openSpine, said, type Spine } from '../support/spine.ts';
import { countOpenJobs, demote, openSpreader, promote, type Spreader, toldOf } from './spreader.ts';

interface Context {
  fresh: FreshDatabase;
  spine: Spine;
  spreader: Spreader;
}
const test = suite<Context>('telling instances of a promotion');
test.before.each(async (context) => {
  context.fresh = await freshDatabase();
  const { db } = context.fresh;
  await importFleet(db);
  context.spine = await openSpine(db);
  context.spreader = await openSpreader(db);
  await context.spreader.run();
});
test.after.each(async ({ fresh, spine, spreader }) => {
  await spine.close();
  await spreader.close();
  await fresh.close();
});

const report = ({ spine }: Context, ...checkIns: ReturnType<typeof said>[]) =>
  spine.recorder.record({ licenseId: licenseIds.geeglo, checkIns });
const many = (count: number, channelSequence = 2) =>
  Array.from({ length: count }, (_, n) => said(`i${n}`, { channelSequence }));
const rowOf = async ({ fresh }: Context, instanceId: string) => {
  const [row] = await fresh.db.select().from(instances).where(eq(instances.instanceId, instanceId));
  return row!;
};

test('each instance of the channel gets its event and its number once, and viewers are told', async (context) => {
  const { db } = context.fresh;
  await report(
    context,
    said('by-assignment', { channelSequence: 2 }),
    said('by-report', { channelSequence: 3, channelId: 'acme-stable' }),
    said('on-beta', { channelSequence: 7, channelId: 'acme-beta' }),
    said('of-no-release', { status: 'ready' }),
    said('elsewhere', { channelSequence: 2, channelName: 'Unknown' }),
  );
  const before = await rowOf(context, 'by-assignment');
  await promote(db, '1.3.0');
  await context.spreader.run();
  await context.spreader.run();
  assert.equal(await toldOf(db), {
    'by-assignment': ['– → 1', '1 → 2'],
    'by-report': ['– → 0', '0 → 1'],
    'on-beta': ['– → 0'],
  });
  const after = await rowOf(context, 'by-assignment');
  assert.equal([after.versionsBehind, after.revision], [2, before.revision + 1]);
  assert.is(after.versionLabel, '1.1.0');
  const [change] = context.spreader.changes;
  assert.equal(
    change!.events.map(({ field, before, after }) => [field, before, after]),
    [
      ['versionsBehind', 1, 2],
      ['versionsBehind', 0, 1],
    ],
  );
  assert.is(context.spreader.changes.length, 1);
  assert.is(await countOpenJobs(db), 0);
});

test('the event is dated by the database’s clock, and never before the instance’s last event', async (context) => {
  const { db } = context.fresh;
  await report(context, said('now', { channelSequence: 2 }), said('ahead', { channelSequence: 2 }));
  const ahead = new Date(Date.now() + 3_600_000);
  await db.update(instances).set({ lastEventAt: ahead }).where(eq(instances.instanceId, 'ahead'));
  await promote(db, '1.3.0');
  await context.spreader.run();
  const [now, later] = context.spreader.changes[0]!.events.toSorted((a, b) =>
    a.at < b.at ? -1 : 1,
  );
  assert.ok(Math.abs(Date.parse(now!.at) - Date.now()) < 60_000);
  assert.is(later!.at, ahead.toISOString());
});

test('a demotion and a restoration are told like a promotion', async (context) => {
  const { db } = context.fresh;
  await report(context, said('one', { channelSequence: 1 }));
  await demote(db, 3, 0);
  await context.spreader.run();
  await demote(db, 3, 1, false);
  await context.spreader.run();
  assert.equal(await toldOf(db), { one: ['– → 2', '2 → 1', '1 → 2'] });
});

test('an import that promotes is told too, and one that promotes nothing is not', async (context) => {
  const { db } = context.fresh;
  await report(context, said('one', { channelSequence: 3 }));
  const document = smallFleet();
  document.apps[0]!.channels[0]!.releases.push({
    ...{ channelSequence: 4, releaseSequence: 30, versionLabel: '1.3.0' },
    promotedAt: '2026-10-05T09:00:00Z',
  });
  await importFleet(db, document);
  assert.is(await countOpenJobs(db), 1);
  await context.spreader.run();
  assert.equal(await toldOf(db), { one: ['– → 0', '0 → 1'] });
  document.apps[0]!.customers[0]!.name = 'Another name';
  await importFleet(db, document);
  assert.is(await countOpenJobs(db), 0);
});

test('an archived instance is told when it comes back; an air gap one takes the number without an event', async (context) => {
  const { db } = context.fresh;
  const reportedAt = Date.now() - 3_600_000;
  await report(
    context,
    said('archived', { channelSequence: 2 }),
    said('airgap', { channelSequence: 2, status: 'ready' }, { reportedAt }),
  );
  await db
    .update(instances)
    .set({ archivedAt: new Date() })
    .where(eq(instances.instanceId, 'archived'));
  const before = await rowOf(context, 'airgap');
  await promote(db, '1.3.0');
  await context.spreader.run();
  assert.equal(await toldOf(db), { archived: ['– → 1'] });
  const after = await rowOf(context, 'airgap');
  assert.equal([after.versionsBehind, after.revision], [2, before.revision + 1]);
  assert.equal(after.lastEventAt, before.lastEventAt, 'nothing is known after its last report');
  await report(context, said('archived', { channelSequence: 2 }));
  assert.equal(await toldOf(db), { archived: ['– → 1', '1 → 2'] });
});

test('an instance that fell silent before the promotion turns inactive at its own moment', async (context) => {
  const { db } = context.fresh;
  await report(context, said('silent', { channelSequence: 2 }, { nextWithin: 60 }));
  await db.execute(sql`
    update instances set last_check_in_at = now() - interval '1 hour',
      last_event_at = now() - interval '1 hour', sdk_reported_at = now() - interval '1 hour'`);
  await db.execute(sql`update hearing_spans set from_at = now() - interval '1 day'`);
  const spreader = await openSpreader(db);
  await promote(db, '1.3.0');
  await spreader.run();
  await spreader.close();
  const [inactive, behind] = spreader.changes.flatMap(({ events }) => events);
  assert.equal([inactive!.field, inactive!.after], ['presence', 'inactive']);
  assert.equal([behind!.before, behind!.after], [1, 2]);
  assert.ok(Date.parse(behind!.at) - Date.parse(inactive!.at) > 40 * 60_000);
});

test('a job that dies in the middle is carried on by another process, and nobody is told twice', async (context) => {
  const { db } = context.fresh;
  await report(context, ...many(350));
  await promote(db, '1.3.0');
  // Ends after the first batch; what a process that dies has in its hands is rolled back.
  await context.spreader.run(() => context.spreader.changes.length > 0);
  const halfway = Object.values(await toldOf(db)).filter((told) => told.length === 2).length;
  assert.ok(halfway >= 100 && halfway < 350, `${halfway} are told`);
  const other = await openSpreader(db);
  await other.run();
  await other.close();
  const told = await toldOf(db);
  assert.is(Object.keys(told).length, 350);
  for (const events of Object.values(told)) assert.equal(events, ['– → 1', '1 → 2']);
});

test('two processes share the work of two jobs, and nobody is told twice', async (context) => {
  const { db } = context.fresh;
  await report(context, ...many(250));
  const other = await openSpreader(db);
  await promote(db, '1.3.0');
  const first = context.spreader.run();
  await promote(db, '1.4.0');
  await Promise.all([first, other.run(), context.spreader.run()]);
  await other.run();
  await other.close();
  assert.is(await countOpenJobs(db), 0);
  for (const events of Object.values(await toldOf(db))) {
    // Told of each on its own, or of both at once where the second came first.
    assert.ok(['– → 1,1 → 2,2 → 3', '– → 1,1 → 3'].includes(events.join()), events.join());
  }
});

test('an instance that somebody holds makes the job wait, not fail, and holds nobody else up', async (context) => {
  const { db } = context.fresh;
  await report(context, ...many(5));
  await promote(db, '1.3.0');
  let release = () => {};
  const holding = new Promise<void>((done) => (release = done));
  let isHeld = () => {};
  const held = new Promise<void>((done) => (isHeld = done));
  const holder = db.transaction(async (tx) => {
    await tx.execute(sql`select from instances where instance_id = 'i2' for update`);
    isHeld();
    await holding;
  });
  await held;
  const running = context.spreader.run();
  // Meanwhile the others report, more than once.
  for (let round = 0; round < 20; round += 1) {
    await report(context, said('i4', { channelSequence: 2, status: 'ready' }));
  }
  release();
  await Promise.all([holder, running]);
  for (const events of Object.values(await toldOf(db))) {
    assert.equal(events, ['– → 1', '1 → 2']);
  }
});

test('while check-ins run, every instance is told exactly once of each promotion', async (context) => {
  const { db } = context.fresh;
  const second = await openSpine(db);
  await report(context, ...many(120));
  let running = true;
  const failures: unknown[] = [];
  const senders = [context.spine, second].map(async (spine, index) => {
    for (let round = 0; running; round += 1) {
      const checkIns = many(120)
        .filter((_, n) => (n + round) % 3 === index)
        .concat(said(`new-${index}-${round}`, { channelSequence: 2 }));
      const licenseId = licenseIds.geeglo;
      await spine.recorder.record({ licenseId, checkIns }).catch((error) => failures.push(error));
    }
  });
  for (const label of ['1.3.0', '1.4.0', '1.5.0']) {
    await promote(db, label);
    await context.spreader.run();
  }
  running = false;
  await Promise.all(senders);
  await second.close();
  assert.equal(failures.map(String), []);
  const [wrong] = await db.execute<{ count: number }>(
    sql`select count(*)::int as count from instances where versions_behind <> 4`,
  );
  assert.is(wrong!.count, 0, 'everybody knows the last promotion');
  for (const [name, events] of Object.entries(await toldOf(db))) {
    const steps = events.map((step) =>
      step.split(' → ').map((n) => (n === '–' ? null : Number(n))),
    );
    for (const [index, [before, after]] of steps.entries()) {
      if (index > 0) assert.is(before, steps[index - 1]![1], name);
      if (index > 0) assert.ok(after! > before!, `${name}: ${events.join()}`);
    }
    assert.is(steps.at(-1)![1], 4, name);
  }
});

test('a check-in is never folded with an old catalog, whatever its process was told', async (context) => {
  const { db } = context.fresh;
  // Nobody listens to announcements here.
  await promote(db, '1.3.0');
  await report(context, said('one', { channelSequence: 4 }));
  const one = await rowOf(context, 'one');
  assert.equal([one.versionLabel, one.versionsBehind], ['1.3.0', 0]);
});

test('nothing waits for a check-in that was under way, and yet its new instance is told', async (context) => {
  const { db } = context.fresh;
  let commit = () => {};
  const committing = new Promise<void>((done) => (commit = done));
  let isStored = () => {};
  const stored = new Promise<void>((done) => (isStored = done));
  // As a check-in that counted before the promotion and commits after it.
  const slow = db.transaction(async (tx) => {
    await tx.execute(sql`
      insert into instances (customer_id, instance_id, first_seen_at, last_check_in_at, last_event_at, facts, versions_behind, attention)
      values ('geeglo', 'slow', now(), now(), now(), '{"channelSequence": 2}', 1, 7)`);
    isStored();
    await committing;
  });
  await stored;
  await promote(db, '1.3.0');
  const running = context.spreader.run();
  await report(context, said('quick', { channelSequence: 2 }));
  commit();
  await Promise.all([slow, running]);
  assert.equal((await toldOf(db)).slow, ['1 → 2']);
});

test.run();
