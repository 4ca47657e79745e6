import fc from 'fast-check';
import { type SQL, sql } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Db } from '#db/client.ts';
import { instanceDays, instanceEvents, instances } from '#db/schema.ts';
import { canonical } from '#server/canonical.ts';
import { createRecorderMemory, keyOf, type RecorderMemory } from '#server/recorder-memory.ts';
import { lockInstancesOfLicenses, readInstances } from '#server/store/instances.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { importFleet, licenseIds, smallFleet } from '../support/fleet.ts';
import { batch, plainBatch } from '../support/said-at-random.ts';
import { openSpine, said, type Spine } from '../support/spine.ts';

interface Context {
  fresh: FreshDatabase;
  memory: RecorderMemory;
  spine: Spine;
  /** Transactions of several statements that were begun so far: the long way takes one, the short way none. */
  longWays: () => number;
}
const test = suite<Context>('the short way of reports');

/** The same database, with an eye on its transactions. */
function count(db: Db): { db: Db; begun: () => number } {
  let begun = 0;
  const transaction: Db['transaction'] = (...how) => {
    begun += 1;
    return db.transaction(...how);
  };
  return { db: Object.assign(Object.create(db) as Db, { transaction }), begun: () => begun };
}

test.before.each(async (context) => {
  context.fresh = await freshDatabase();
  await importFleet(context.fresh.db);
  const { db, begun } = count(context.fresh.db);
  context.memory = createRecorderMemory();
  context.spine = await openSpine(db, { memory: context.memory });
  context.longWays = begun;
});
test.after.each(async ({ spine, fresh }) => {
  await spine.close();
  await fresh.close();
});

const { geeglo: licenseId } = licenseIds;
const report = (spine: Spine, ...said: Parameters<Spine['recorder']['record']>[0]['checkIns']) =>
  spine.recorder.record({ licenseId, checkIns: said });
const one = async ({ fresh }: Context) =>
  (await fresh.db.select().from(instances).orderBy(instances.id))[0]!;
const up = () => said('one', { status: 'ready', channelSequence: 1 });
const down = () => said('one', { status: 'degraded', channelSequence: 1 });

test('an instance that was heard before is recorded in one statement, events and all', async (context) => {
  const { spine, longWays } = context;
  await report(spine, up());
  assert.is(longWays(), 1);
  for (let n = 0; n < 5; n += 1) {
    await report(spine, down());
    await report(spine, up(), said('one', { k8sVersion: `v1.${n}` }));
  }
  assert.is(longWays(), 1);
  const stored = await one(context);
  assert.is(stored.status, 'ready');
  assert.is(stored.facts.k8sVersion, 'v1.4');
  assert.is(stored.revision, 16);
  const events = await context.fresh.db.select().from(instanceEvents).orderBy(instanceEvents.id);
  assert.equal(
    events.filter(({ field }) => field === 'status').map(({ before, after }) => [before, after]),
    [[null, 'ready'], ...Array.from({ length: 5 }, () => turns).flat()],
  );
  assert.equal(
    spine.changes.flatMap((change) => change.events).map(({ id }) => id),
    events.map(({ id }) => id),
    'viewers are told each event by the id that it is stored under',
  );
});
const turns = [
  ['ready', 'degraded'],
  ['degraded', 'ready'],
];

test('the longer parts of a report are stored with it', async (context) => {
  await report(context.spine, up());
  const resources = [{ kind: 'deployment', name: 'api', namespace: 'default', state: 'ready' }];
  await report(
    context.spine,
    said('one', { resourcesDigest: 'now' }, { inventories: { resources } }),
  );
  assert.is(context.longWays(), 1);
  const [row] = await context.fresh.db.execute<{ content: string }>(
    sql`select content::text as content from instance_inventories where part = 'resources'`,
  );
  assert.equal(JSON.parse(row!.content), resources);
});

/** What others do between two reports, and what the second one then comes to. */
const meanwhile: Record<
  string,
  { happens: (context: Context) => Promise<unknown>; then: (context: Context) => Promise<void> }
> = {
  'another process has heard the instance': {
    async happens({ fresh }) {
      const other = await openSpine(fresh.db);
      await report(other, down());
      await other.close();
    },
    async then(context) {
      await report(context.spine, up());
      assert.is((await one(context)).revision, 3);
    },
  },
  'somebody has named the instance': {
    happens: ({ fresh }) =>
      fresh.db.execute(sql`update instances set name = 'Main', revision = revision + 1`),
    async then(context) {
      await report(context.spine, down());
      const { name, revision } = await one(context);
      assert.equal({ name, revision }, { name: 'Main', revision: 3 });
    },
  },
  'the instance is gone': {
    happens: ({ fresh }) =>
      fresh.db.execute(sql`with e as (delete from instance_events)
      delete from instances`),
    async then(context) {
      await report(context.spine, down());
      assert.equal(
        context.spine.changes
          .at(-1)!
          .events.map(({ field, before }) => [field, before])
          .toSorted(),
        [
          ['status', null],
          ['versionLabel', null],
          ['versionsBehind', null],
        ],
        'it begins anew',
      );
    },
  },
  'the license has expired': refused(
    sql`update licenses set expires_at = now() - interval '1 s' where customer_id = 'geeglo'`,
    'forbidden',
  ),
  'the customer was archived': refused(
    sql`update customers set archived_at = now() where id = 'geeglo'`,
    'forbidden',
  ),
  'the license has got another id': refused(
    sql`update licenses set license_id = 'another' where customer_id = 'geeglo'`,
    'unauthorized',
  ),
  'the customer was moved to another channel': {
    happens: ({ fresh }) =>
      fresh.db.execute(sql`update customers set channel_id = 'acme-beta' where id = 'geeglo'`),
    async then(context) {
      await report(context.spine, said('one', { status: 'ready', channelSequence: 7 }));
      const { versionLabel, versionsBehind } = await one(context);
      assert.equal(
        { versionLabel, versionsBehind },
        { versionLabel: '2.0.0-beta.1', versionsBehind: 0 },
      );
    },
  },
  'a release was promoted': {
    happens({ fresh }) {
      const fleet = smallFleet();
      fleet.apps[0]!.channels[0]!.releases.push({
        channelSequence: 4,
        releaseSequence: 30,
        versionLabel: '1.3.0',
        promotedAt: '2026-10-30T09:00:00Z',
      });
      return importFleet(fresh.db, fleet);
    },
    async then(context) {
      await report(context.spine, said('one', { status: 'ready', channelSequence: 4 }));
      const { versionLabel, versionsBehind } = await one(context);
      assert.equal({ versionLabel, versionsBehind }, { versionLabel: '1.3.0', versionsBehind: 0 });
    },
  },
  'the clock was set': {
    happens: ({ memory }) => Promise.resolve(memory.clock.hear(Date.now() + 3_600_000)),
    async then(context) {
      await report(context.spine, up());
      const { lastCheckInAt } = await one(context);
      assert.ok(Math.abs(lastCheckInAt.getTime() - Date.now()) < 60_000);
    },
  },
};

function refused(happens: SQL, code: string) {
  return {
    happens: ({ fresh }: Context) => fresh.db.execute(happens),
    async then(context: Context) {
      await report(context.spine, down()).then(
        () => assert.unreachable('it was taken'),
        (error: { code: string }) => assert.is(error.code, code),
      );
      assert.is((await one(context)).status, 'ready');
    },
  };
}

for (const [what, { happens, then }] of Object.entries(meanwhile)) {
  test(`what is remembered does not count any more: ${what}`, async (context) => {
    await report(context.spine, up());
    await happens(context);
    const before = context.longWays();
    await then(context);
    assert.is(context.longWays(), before + 1);
  });
}

test('after a try in vain some go the long way at once, and then it is tried again', async (context) => {
  const { spine, fresh, longWays } = context;
  await report(spine, up());
  await fresh.db.execute(sql`update instances set name = 'Main'`);
  for (let n = 0; n < 4; n += 1) await report(spine, up());
  assert.is(longWays(), 3, 'the one in vain and the one after it');
});

test('a report of an unknown license takes nothing away from what is known', async (context) => {
  const { spine, longWays } = context;
  await report(spine, up());
  await spine.recorder.record({ licenseId: 'nobody', checkIns: [up()] }).then(
    () => assert.unreachable('it was taken'),
    (error: { code: string }) => assert.is(error.code, 'unauthorized'),
  );
  assert.is(longWays(), 2);
  await report(spine, up());
  assert.is(longWays(), 2);
});

test('silence that is noticed late opens the days again that were closed meanwhile', async (context) => {
  const { memory, fresh } = context;
  const at = Date.now();
  const { db, begun } = count(fresh.db);
  const hearing = [{ from: at - 9 * 86_400_000, to: at + 60_000 }];
  const spine = await openSpine(db, { memory, hearing });
  await report(spine, up());
  // As if the server had been down for five days: all of it moved into the past.
  await fresh.db.execute(sql`update instances set
    last_check_in_at = last_check_in_at - interval '5 days', last_event_at = last_event_at - interval '5 days',
    sdk_reported_at = sdk_reported_at - interval '5 days', status_since = status_since - interval '5 days',
    days_closed_through = current_date - 1`);
  const { id } = await one(context);
  await fresh.db.insert(instanceDays).values(
    [1, 2, 3].map((ago) => ({
      instance: id,
      day: new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10),
      ...{ up: 86_400, degraded: 0, down: 0 },
    })),
  );
  const [held] = await fresh.db.transaction((tx) =>
    lockInstancesOfLicenses(tx, [{ licenseId, instanceId: 'one' }]),
  );
  const [row] = await readInstances(fresh.db, [id]);
  memory.instances.set(keyOf('geeglo', 'one'), { row: row!, writtenBy: held!.writtenBy });
  await report(spine, up());
  assert.equal(await fresh.db.select().from(instanceDays), []);
  assert.is(begun(), 2, 'the long way opens them');
  await spine.close();
});

const reports = fc.array(
  fc.oneof({ weight: 5, arbitrary: plainBatch }, { weight: 1, arbitrary: batch }),
  { minLength: 2, maxLength: 10 },
);

test('it comes to the same as the long way, whatever is said', async ({ fresh }) => {
  let short = 0;
  await fc.assert(
    fc.asyncProperty(reports, async (all) => {
      const outcomes: string[] = [];
      for (const remembers of [true, false]) {
        await fresh.db.execute(sql`truncate instances, instance_events cascade`);
        const memory = createRecorderMemory();
        if (!remembers) memory.instances = { get: () => undefined, set: () => undefined };
        const { db, begun } = count(fresh.db);
        const spine = await openSpine(db, { memory });
        let batchesSent = 0;
        for (const checkIns of all) {
          await spine.recorder.record({ licenseId, checkIns });
          batchesSent += 1;
        }
        if (remembers) short += batchesSent - begun();
        await spine.close();
        outcomes.push(await describe(fresh.db));
      }
      assert.is(outcomes[0], outcomes[1]);
    }),
    { numRuns: 40 },
  );
  assert.ok(short > 40, `${short} batches went the short way`);
});

/** All that is stored, but for the moments and the numbers given to rows. */
async function describe(db: Db): Promise<string> {
  const known = await db.select().from(instances).orderBy(instances.instanceId);
  const names = new Map(known.map(({ id, instanceId }) => [id, instanceId]));
  const events = await db.select().from(instanceEvents).orderBy(instanceEvents.id);
  return canonical({
    instances: known.map(({ instanceId, revision, tags, facts, reports, airGap, nextWithin }) => ({
      ...{ instanceId, revision, tags, facts, reports, airGap, nextWithin },
    })),
    events: events
      .map(({ instance, field, before, after, reporter }) =>
        JSON.stringify([names.get(instance), field, before, after, reporter]),
      )
      .toSorted(),
  });
}

test.run();
