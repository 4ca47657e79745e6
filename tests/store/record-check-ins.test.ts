import { sql } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { instanceEvents, instances } from '#db/schema.ts';
import { AppError } from '#server/errors.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { importFleet, licenseIds, smallFleet } from '../support/fleet.ts';
import { openSpine, said, type Spine } from '../support/spine.ts';

const test = suite<{ fresh: FreshDatabase; spine: Spine }>('recording check-ins');

test.before.each(async (context) => {
  context.fresh = await freshDatabase();
  await importFleet(context.fresh.db);
  context.spine = await openSpine(context.fresh.db);
});
test.after.each(async ({ spine, fresh }) => {
  await spine.close();
  await fresh.close();
});

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'taken',
    (error: unknown) => (error instanceof AppError ? error.code : `other: ${String(error)}`),
  );

async function rows({ fresh }: { fresh: FreshDatabase }) {
  return fresh.db.select().from(instances).orderBy(instances.id);
}

test('a first report makes the instance and its first events', async (context) => {
  const { spine, fresh } = context;
  await spine.recorder.record({
    licenseId: licenseIds.geeglo,
    checkIns: [said('one', { status: 'ready', channelSequence: 1, k8sVersion: 'v1.30.0' })],
  });
  const [one] = await rows(context);
  assert.is(one!.customerId, 'geeglo');
  assert.is(one!.status, 'ready');
  assert.is(one!.versionLabel, '1.0.0');
  assert.is(one!.versionsBehind, 2);
  const events = await fresh.db.select().from(instanceEvents);
  assert.equal(events.map(({ field, before, after }) => [field, before, after]).toSorted(), [
    ['k8sVersion', null, 'v1.30.0'],
    ['status', null, 'ready'],
    ['versionLabel', null, '1.0.0'],
    ['versionsBehind', null, 2],
  ]);
  assert.equal(
    spine.changes.flatMap((change) => change.changed.map(({ id }) => id)),
    [one!.id],
  );
  assert.is(spine.changes.flatMap((change) => change.events).length, 4);
});

test('the same again only moves the last check-in, and is published as seen', async (context) => {
  const report = { licenseId: licenseIds.geeglo, checkIns: [said('one', { status: 'ready' })] };
  await context.spine.recorder.record(report);
  const [before] = await rows(context);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await context.spine.recorder.record(report);
  const [after] = await rows(context);
  assert.is(after!.revision, before!.revision);
  assert.ok(after!.lastCheckInAt > before!.lastCheckInAt);
  assert.ok(after!.statusReportedAt! > before!.statusReportedAt!);
  assert.is((await context.fresh.db.select().from(instanceEvents)).length, 1);
  assert.equal(
    context.spine.changes.at(-1)!.seen.map(({ id }) => id),
    [after!.id],
  );
});

test('a plain check-in is a heap-only update that touches no index', async (context) => {
  const many = Array.from({ length: 40 }, (_, index) => said(`i${index}`, { status: 'ready' }));
  await context.spine.recorder.record({ licenseId: licenseIds.geeglo, checkIns: many });
  const statistics = async () => {
    await context.fresh.db.execute(sql`select pg_stat_force_next_flush()`);
    const [row] = await context.fresh.db.execute<{ updates: string; hot: string }>(sql`
      select n_tup_upd as updates, n_tup_hot_upd as hot from pg_stat_user_tables where relname = 'instances'`);
    return { updates: Number(row!.updates), hot: Number(row!.hot) };
  };
  const settled = async (least: number) => {
    for (let tries = 0; tries < 100; tries += 1) {
      const found = await statistics();
      if (found.updates >= least) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the statistics never came');
  };
  const checkInEach = async () => {
    const before = await settled(40);
    for (const checkIn of many)
      await context.spine.recorder.record({ licenseId: licenseIds.geeglo, checkIns: [checkIn] });
    const after = await settled(before.updates + 40);
    assert.is(after.updates - before.updates, 40);
    return after.hot - before.hot;
  };
  // While PostgreSQL looks after the table by itself, its snapshot keeps old rows, which fill their pages.
  let hot = 0;
  for (let round = 0; round < 3 && hot < 38; round += 1) hot = await checkInEach();
  assert.ok(hot >= 38, `${hot} of 40 were heap-only`);
});

test('of 500 good reports and a guilty one, 500 are stored and one is refused', async (context) => {
  await context.fresh.db.execute(sql`
    create function refuse_guilty() returns trigger language plpgsql as
    $$ begin if new.instance_id = 'guilty' then raise exception 'guilty'; end if; return new; end $$`);
  await context.fresh.db.execute(sql`
    create trigger guilty before insert on instances for each row execute function refuse_guilty()`);
  const document = smallFleet();
  const acme = document.apps[0]!;
  for (let n = 0; n < 50; n += 1) {
    const template = structuredClone(acme.customers[0]!);
    acme.customers.push({
      ...template,
      id: `c${n}`,
      name: `Customer ${n}`,
      license: { ...template.license, id: `license-number-${n}` },
    });
  }
  await importFleet(context.fresh.db, document);

  const reports = Array.from({ length: 500 }, (_, index) => ({
    licenseId: `license-number-${index % 50}`,
    checkIns: [said(`i${index}`, { status: 'ready' })],
  }));
  const guilty = { licenseId: licenseIds.geeglo, checkIns: [said('guilty', { status: 'ready' })] };
  reports.splice(250, 0, guilty);
  const outcomes = await Promise.all(
    reports.map((report) => codeOf(context.spine.recorder.record(report))),
  );
  assert.is(outcomes.filter((outcome) => outcome === 'taken').length, 500);
  assert.match(outcomes[250]!, /^other: .*DrizzleQueryError|^other: Error: Failed query/);
  const stored = await rows(context);
  assert.is(stored.length, 500);
  assert.not(stored.some(({ instanceId }) => instanceId === 'guilty'));
});

test('an unknown license is unauthorized; an expired or archived one forbidden, and leaves no trace of strangers', async (context) => {
  const { recorder } = context.spine;
  const from = (licenseId: string) =>
    codeOf(recorder.record({ licenseId, checkIns: [said('x', { status: 'ready' })] }));
  assert.is(await from('nobody'), 'unauthorized');
  assert.is(await from(licenseIds.expired), 'forbidden');
  assert.is(await from(licenseIds.archived), 'forbidden');
  assert.equal(await rows(context), []);
});

test('a known instance whose license expires is refused by name, and taken back when it is renewed', async (context) => {
  const { recorder } = context.spine;
  const report = (status: 'ready' | 'degraded') =>
    recorder.record({ licenseId: licenseIds.geeglo, checkIns: [said('one', { status })] });
  await report('ready');
  const document = smallFleet();
  document.apps[0]!.customers[0]!.license.expiresAt = '2026-07-01T00:00:00Z';
  await importFleet(context.fresh.db, document);
  for (let n = 0; n < 3; n += 1) assert.is(await codeOf(report('degraded')), 'forbidden');

  const [refused] = await rows(context);
  assert.is(refused!.status, 'ready', 'nothing of a refused report is stored');
  assert.is(refused!.refusal!.reason, 'license expired');
  assert.is(refused!.refusal!.count, 3);

  await importFleet(context.fresh.db);
  await report('degraded');
  const [back] = await rows(context);
  assert.is(back!.refusal, null);
  assert.is(back!.status, 'degraded');
  const presence = (await context.fresh.db.select().from(instanceEvents)).filter(
    ({ category }) => category === 'presence',
  );
  assert.equal(
    presence.map(({ before, after }) => [before, after]),
    [
      ['active', 'refused'],
      ['refused', 'active'],
    ],
  );
});

test('a license never touches the instance of another customer that has the same id', async (context) => {
  const { recorder } = context.spine;
  await recorder.record({
    licenseId: licenseIds.geeglo,
    checkIns: [said('same', { status: 'ready' })],
  });
  await recorder.record({
    licenseId: licenseIds.roamway,
    checkIns: [said('same', { status: 'degraded' })],
  });
  const stored = await rows(context);
  assert.equal(
    stored.map(({ customerId, status }) => [customerId, status]),
    // Beacon defines no status informers, so whatever is said of it is not monitored.
    [
      ['geeglo', 'ready'],
      ['roamway', 'unmonitored'],
    ],
  );
});

test('many reports of one new instance at once make one instance', async (context) => {
  const other = await openSpine(context.fresh.db);
  const spines = [context.spine, other];
  const statuses = ['ready', 'degraded', 'updating', 'unavailable'] as const;
  await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      spines[index % 2]!.recorder.record({
        licenseId: licenseIds.geeglo,
        checkIns: [said('one', { status: statuses[index % 4]! }), said(`other${index % 7}`)],
      }),
    ),
  );
  await other.close();
  assert.is((await rows(context)).length, 8);
  const events = await context.fresh.db
    .select()
    .from(instanceEvents)
    .where(sql`field = 'status'`)
    .orderBy(instanceEvents.instance, instanceEvents.at, instanceEvents.id);
  for (const [index, event] of events.entries()) {
    assert.is(event.before, index === 0 ? null : events[index - 1]!.after, 'the chain has no gap');
  }
});

test('too many new instances are refused whole, and known ones go on', async (context) => {
  const spine = await openSpine(context.fresh.db, { newInstances: 2 });
  const report = (...ids: string[]) =>
    codeOf(
      spine.recorder.record({
        licenseId: licenseIds.geeglo,
        checkIns: ids.map((id) => said(id, { status: 'ready' })),
      }),
    );
  assert.is(await report('a', 'b'), 'taken');
  assert.is(await report('a', 'c'), 'too_many');
  assert.is(await report('a', 'b'), 'taken');
  assert.is((await rows(context)).length, 2);
  await spine.close();
});

test('custom metrics replace the current set, with one event a changed value', async (context) => {
  const report = (metrics: Record<string, number | boolean>) =>
    context.spine.recorder.record({
      licenseId: licenseIds.geeglo,
      checkIns: [said('one', {}, { metrics })],
    });
  await report({ users: 5, sso: true });
  await report({ users: 6, sso: true });
  await report({ users: 6 });
  const current = await context.fresh.db.execute(
    sql`select name, value::text from instance_metrics`,
  );
  assert.equal([...current], [{ name: 'users', value: '6' }]);
  const events = await context.fresh.db
    .select()
    .from(instanceEvents)
    .where(sql`category = 'custom metrics'`)
    .orderBy(instanceEvents.id);
  assert.equal(
    events.map(({ field, before, after }) => [field, before, after]),
    [
      ['users', null, 5],
      ['sso', null, true],
      ['users', 5, 6],
    ],
  );
});

test('a stopping recorder finishes what it took and refuses the rest', async (context) => {
  const spine = await openSpine(context.fresh.db);
  const report = { licenseId: licenseIds.geeglo, checkIns: [said('one', { status: 'ready' })] };
  const taken = codeOf(spine.recorder.record(report));
  const closing = spine.recorder.close();
  assert.is(await codeOf(spine.recorder.record(report)), 'overloaded');
  await closing;
  assert.is(await taken, 'taken');
  await spine.close();
});

test.run();
