import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { canonical } from '#server/canonical.ts';
import type { CheckIn, Instance } from '#domain/model.ts';
import { appStatuses } from '#contract/status.ts';
import { createRememberedInstances } from '#server/remembered-instances.ts';
import { lockInstances, readInstances } from '#server/store/instances.ts';
import { freshDatabase } from '../support/database.ts';
import { importFleet, licenseIds } from '../support/fleet.ts';
import { openSpine, said } from '../support/spine.ts';

const name = fc.constantFrom('one', 'two', 'three');
const text = fc.constantFrom('a', 'b', 'ü');
const facts = fc.record(
  {
    status: fc.constantFrom(...appStatuses),
    channelId: fc.constantFrom('acme-stable', 'elsewhere'),
    channelSequence: fc.integer({ min: 1, max: 4 }),
    k8sVersion: text,
    isKurl: fc.boolean(),
    nodesReady: fc.integer({ min: 0, max: 3 }),
    cloudRegion: text,
  },
  { requiredKeys: [] },
);
const more = fc.record(
  {
    door: fc.constantFrom('api' as const, 'sdk' as const, 'kots' as const),
    tags: fc.record({ force: fc.boolean(), values: fc.dictionary(text, text, { maxKeys: 2 }) }),
    metrics: fc.dictionary(text, fc.integer(), { maxKeys: 2 }),
    nextWithin: fc.constantFrom(60, 3600),
    ago: fc.integer({ min: 1, max: 1000 }),
  },
  { requiredKeys: ['door'] },
);
const checkIn = fc.tuple(name, facts, more).map(([id, known, { ago, ...rest }]): CheckIn => {
  const reportedAt = ago === undefined ? null : Date.now() - ago * 60_000;
  return said(id, known, { ...rest, reportedAt });
});
const batches = fc.array(fc.array(checkIn, { minLength: 1, maxLength: 4 }), { maxLength: 6 });

test('what is remembered of an instance is what is stored of it, whatever was said', async () => {
  const fresh = await freshDatabase();
  await importFleet(fresh.db);
  const latest = new Map<number, { instance: Instance; writtenBy: string }>();
  const memory = createRememberedInstances(8);
  const remembered = {
    get: memory.get,
    set(instance: Instance, writtenBy: string) {
      latest.set(instance.id, { instance, writtenBy });
      memory.set(instance, writtenBy);
    },
  };
  const spine = await openSpine(fresh.db, { remembered });
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(batches, async (all) => {
      for (const checkIns of all) {
        await spine.recorder.record({ licenseId: licenseIds.geeglo, checkIns });
        const stored = await readInstances(fresh.db, [...latest.keys()]);
        for (const instance of stored) {
          assert.is(canonical(latest.get(instance.id)!.instance), canonical(instance));
          compared += 1;
        }
      }
    }),
    { numRuns: 40 },
  );
  await spine.close();
  await fresh.close();
  assert.ok(compared > 100, `${compared} were compared`);
});

test('an instance that another process has written is read again', async () => {
  const fresh = await freshDatabase();
  await importFleet(fresh.db);
  const spines = [await openSpine(fresh.db), await openSpine(fresh.db)];
  const report = (n: number, status: (typeof appStatuses)[number]) =>
    spines[n % 2]!.recorder.record({
      licenseId: licenseIds.geeglo,
      checkIns: [said('shared', { status })],
    });
  for (let n = 0; n < 20; n += 1) await report(n, appStatuses[n % appStatuses.length]!);
  const key = { customerId: 'geeglo', instanceId: 'shared' };
  const [alternately] = await lockInstances(fresh.db, [key]);
  assert.is(alternately!.revision, 20, 'each of them changed what the other had stored');
  // Both at once: whoever waits for the lock finds what the other wrote meanwhile.
  await Promise.all(
    Array.from({ length: 200 }, (_, n) => report(n, appStatuses[(n + (n % 2)) % 5]!)),
  );
  const [broken] = await fresh.db.execute<{ count: number }>(`
    select count(*)::int as count from (
      select before, lag(after) over (partition by field order by at, id) as previous
      from instance_events) chain
    where before is distinct from previous and previous is not null`);
  for (const spine of spines) await spine.close();
  await fresh.close();
  assert.is(broken!.count, 0, 'every event begins where the one before it ended');
});

test.run();
