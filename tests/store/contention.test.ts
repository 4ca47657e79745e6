import { sql } from 'drizzle-orm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AppStatus } from '#contract/status.ts';
import { freshDatabase } from '../support/database.ts';
import { importFleet, licenseIds, smallFleet } from '../support/fleet.ts';
import { openSpine, said } from '../support/spine.ts';

test('check-ins of two processes, vendor edits and sweepers get in nobody’s way', async () => {
  const fresh = await freshDatabase({ max: 20 });
  await importFleet(fresh.db);
  const spines = [await openSpine(fresh.db), await openSpine(fresh.db)];
  const statuses: AppStatus[] = ['ready', 'degraded', 'updating', 'unavailable', 'missing'];
  const failures: unknown[] = [];
  const attempt = (work: Promise<unknown>) => work.catch((error: unknown) => failures.push(error));
  let running = true;

  const edits = (async () => {
    for (let round = 0; running; round += 1) {
      const document = smallFleet();
      document.apps[0]!.customers[0]!.name = `Geeglo ${round}`;
      document.apps[0]!.customers[0]!.license.entitlements.seats.value = round;
      await attempt(importFleet(fresh.db, document));
    }
  })();
  const sweeps = (async () => {
    for (let round = 0; running; round += 1) {
      // Somebody is always about to cross a line. The instances are locked in the order that everybody keeps to.
      await attempt(
        fresh.db.execute(sql`update instances set last_check_in_at = now() - interval '1 day 1 hour'
          where id = any(array(select id from instances where id % 7 = ${round % 7} order by id for update))`),
      );
      await attempt(Promise.all(spines.map((spine) => spine.sweep())));
    }
  })();
  const rounds = 12;
  for (let round = 0; round < rounds; round += 1) {
    const reports = Array.from({ length: 120 }, (_, n) => {
      const backwards = n % 2 === 1;
      const ids = Array.from({ length: 5 }, (_, k) => `i${(n * 3 + k * 11) % 60}`);
      return spines[n % 2]!.recorder.record({
        licenseId: n % 3 === 0 ? licenseIds.roamway : licenseIds.geeglo,
        checkIns: (backwards ? ids.toReversed() : ids).map((id) =>
          said(id, { status: statuses[(n + round) % 5]! }, { metrics: { round } }),
        ),
      });
    });
    await Promise.all(reports.map(attempt));
  }
  running = false;
  await Promise.all([edits, sweeps]);

  for (const spine of spines) await spine.close();
  const [broken] = await fresh.db.execute<{ count: number }>(sql`
    select count(*)::int as count from (
      select before, lag(after) over (partition by instance, category, field order by at, id) as previous
      from instance_events) chain
    where before is distinct from previous and previous is not null`);
  await fresh.close();
  assert.equal(failures.map(String), []);
  assert.is(broken!.count, 0, 'every event begins where the one before it ended');
});

test.run();
