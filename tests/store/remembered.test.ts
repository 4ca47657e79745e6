import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { canonical } from '#server/canonical.ts';
import type { Instance } from '#domain/model.ts';
import { appStatuses } from '#contract/status.ts';
import { createRecorderMemory, type RememberedRow } from '#server/recorder-memory.ts';
import { lockInstances, readInstances } from '#server/store/instances.ts';
import { freshDatabase } from '../support/database.ts';
import { importFleet, licenseIds } from '../support/fleet.ts';
import { batch } from '../support/said-at-random.ts';
import { openSpine, said } from '../support/spine.ts';

test('what is remembered of an instance is what is stored of it, whatever was said', async () => {
  const fresh = await freshDatabase();
  await importFleet(fresh.db);
  const latest = new Map<number, RememberedRow<Instance>>();
  const memory = createRecorderMemory();
  const { instances } = memory;
  memory.instances = {
    get: (key) => instances.get(key),
    set(key, remembered) {
      latest.set(remembered.row.id, remembered);
      instances.set(key, remembered);
    },
  };
  const spine = await openSpine(fresh.db, { memory });
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { maxLength: 6 }), async (all) => {
      for (const checkIns of all) {
        await spine.recorder.record({ licenseId: licenseIds.geeglo, checkIns });
        const stored = await readInstances(fresh.db, [...latest.keys()]);
        for (const instance of stored) {
          assert.is(canonical(latest.get(instance.id)!.row), canonical(instance));
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
