import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { eq, sql } from 'drizzle-orm';
import { instanceDays, instanceInventories, instances } from '#db/schema.ts';
import type { InstanceReport } from '#contract/reports.ts';
import { historyOf } from '#domain/history.ts';
import type { Span } from '#domain/model.ts';
import { deafStretches } from '#domain/presence.ts';
import { bars, formatRatio, fromBar, toBar } from '#domain/uptime.ts';
import { closeDays, createReports } from '#server/reports/index.ts';
import { freshDatabase } from '../support/database.ts';
import { type Seeded, history, seedHistory } from './random-history.ts';
import {
  type Seed,
  day,
  hour,
  seedCustomer,
  seedEvents,
  seedInstance,
  seedVendor,
  testConfig,
} from './seed.ts';

const { db, close } = await freshDatabase();
await seedVendor(db, ['Geeglo']);
const now = Date.now();
const iso = (at: number) => new Date(at).toISOString();

const openFor = (zone: string, deafness: Span[] = []) => {
  const ears = () =>
    [...deafness, null].map((hole, n) => ({
      from: deafness[n - 1]?.to ?? now - 500 * day,
      to: hole?.from ?? Date.now(),
    }));
  const deps = { db, config: testConfig({ zone }), ears, build: 'test' };
  return { deps, ears, reports: createReports(deps) };
};
const { deps, reports } = openFor('UTC');

async function closeAll(deps: Parameters<typeof closeDays>[0]) {
  while ((await closeDays(deps, 7)) > 0);
}
const read = async (instanceId: string): Promise<InstanceReport> =>
  (await reports.instance('geeglo', instanceId))!;

/** Total uptime from all events at once, by the domain alone. */
function recompute(
  { instance, events }: Seeded,
  { from, to }: InstanceReport['uptime'],
  ears: Span[],
) {
  const edges = [from, to].map((edge) => Date.parse(edge));
  const whole = historyOf(instance, events, deafStretches(ears, 0, edges[1]!), edges[1]!);
  return bars(whole, edges).map(toBar)[0];
}

test('total uptime is reckoned from the moment the instance was first seen, with days closed, open or of another zone', async () => {
  const deafness = [{ from: now - 9 * day, to: now - 8.5 * day }];
  await fc.assert(
    fc.asyncProperty(
      fc.array(history, { minLength: 8, maxLength: 8 }),
      fc.constantFrom('Europe/Berlin', 'America/St_Johns', 'Pacific/Chatham'),
      async (histories, otherZone) => {
        await db.execute(sql`truncate instances, instance_events, instance_days cascade`);
        const seeded: Seeded[] = [];
        for (const [n, one] of histories.entries()) seeded.push(await seedHistory(db, now, n, one));
        for (const zone of ['UTC', otherZone]) {
          const { deps, ears, reports } = openFor(zone, deafness);
          for (const state of ['open', 'closed']) {
            if (state === 'closed') await closeAll(deps);
            for (const one of seeded) {
              const report = await reports.instance('geeglo', one.instance.instanceId);
              const { uptime } = report!;
              assert.is(uptime.from, report!.row.firstSeenAt);
              assert.equal(uptime.known, recompute(one, uptime, ears()), `${state}, ${zone}`);
            }
          }
        }
      },
    ),
    { numRuns: 8 },
  );
});

test('the worked example of the semantics: 48 of 54 known hours are up, 6 of 60 are no data', async () => {
  const midnight = Math.floor(now / day) * day - 400 * day;
  const at = (days: number, hours: number) => midnight + days * day + hours * hour;
  const gone = at(2, 12);
  const id = await seedInstance(db, {
    instanceId: 'worked',
    facts: { status: 'ready' },
    firstSeenAt: new Date(at(0, 0)),
    statusSince: new Date(at(1, 6)),
    statusReportedAt: new Date(gone),
    lastCheckInAt: new Date(gone),
    inactiveSince: new Date(gone),
  });
  await seedEvents(db, id, [
    { at: at(0, 6), before: null, after: 'ready' },
    { at: at(1, 0), before: 'ready', after: 'unavailable' },
    { at: at(1, 6), before: 'unavailable', after: 'ready' },
    { at: gone, field: 'presence', before: 'active', after: 'inactive' },
  ]);
  await closeAll(deps);
  const { uptime } = await read('worked');
  assert.is(uptime.from, iso(at(0, 0)));
  assert.equal(uptime.known, [48 * 3600, 0, 6 * 3600]);
  assert.is(formatRatio(fromBar(uptime.known)), '88.88 %');
});

test('total uptime reads closed days from where they are kept, however old, and of nothing known says nothing', async () => {
  const id = await seedInstance(db, {
    instanceId: 'kept',
    firstSeenAt: new Date(now - 40 * day),
    statusSince: new Date(now - 40 * day),
  });
  await seedEvents(db, id, [{ at: now - 40 * day, before: null, after: 'ready' }]);
  await closeAll(deps);
  await db.update(instanceDays).set({ up: 0, down: 1000 }).where(eq(instanceDays.instance, id));
  const [up, , down] = (await read('kept')).uptime.known;
  assert.is(down, 40);
  assert.ok(up <= 86_400, 'only today is reckoned anew');
  await seedInstance(db, { instanceId: 'mute', facts: {}, statusSince: null });
  assert.equal((await read('mute')).uptime.known, [0, 0, 0]);
});

test('times to install are those of this instance, with the moments they are reckoned from', async () => {
  const licenseCreatedAt = Date.UTC(2026, 0, 1);
  const install = (instanceId: string, firstReadyAt: number | null) =>
    seedInstance(db, {
      instanceId,
      name: 'Named',
      firstSeenAt: new Date(now - 3 * day),
      firstReadyAt: firstReadyAt === null ? null : new Date(firstReadyAt),
    });
  await install('early', now - 3 * day + hour);
  await install('later', now - day);
  assert.equal((await read('early')).timeToInstall, {
    instance: { instanceId: 'early', name: 'Named' },
    instanceTime: 3600,
    licenseTime: (now - 3 * day + hour - licenseCreatedAt) / 1000,
    firstSeenAt: iso(now - 3 * day),
    firstReadyAt: iso(now - 3 * day + hour),
    licenseCreatedAt: iso(licenseCreatedAt),
  });
  await install('never', null);
  assert.is((await read('never')).timeToInstall, null);
});

test('lists are those of the reporter that holds, with its name, and the nodes that are not ready stand first', async () => {
  const facts = { resourcesDigest: 'k', nodesDigest: 'n' };
  const more: Seed = {
    facts: { status: 'degraded', ...facts },
    reports: { kots: facts, sdk: { resourcesDigest: 's' } },
    kotsReportedAt: new Date(now - hour),
    sdkReportedAt: new Date(now),
  };
  const instance = await seedInstance(db, { instanceId: 'lists', ...more });
  const resource = (state: string) => ({ kind: 'deployment', namespace: 'a', name: 'api', state });
  const node = (name: string, isReady: boolean) => ({
    name,
    roles: ['controller'],
    isReady,
    isConnected: true,
    operatingSystem: 'linux',
  });
  const nodes = [node('a', true), node('b', false), node('c', true)];
  await db.insert(instanceInventories).values([
    { instance, reporter: 'sdk', part: 'resources', content: [resource('ready')] },
    { instance, reporter: 'kots', part: 'resources', content: [resource('degraded')] },
    { instance, reporter: 'kots', part: 'images', content: { api: ['sha256:1'] } },
    { instance, reporter: 'kots', part: 'nodes', content: nodes },
  ]);
  const report = await read('lists');
  assert.equal(report.resources, [resource('degraded')]);
  assert.equal(report.resourcesFrom, { reporter: 'kots', at: iso(now - hour) });
  assert.equal(report.nodes, [nodes[1], nodes[0], nodes[2]]);
  const same = { reports: { kots: facts, sdk: { ...facts } } };
  await db.update(instances).set(same).where(eq(instances.id, instance));
  assert.equal((await read('lists')).resourcesFrom, { reporter: 'sdk', at: iso(now) });
  const bare = await read('never');
  assert.equal([bare.resources, bare.resourcesFrom, bare.nodes], [[], null, []]);
});

test('where an instance reports another channel than its customer’s, both are told', async () => {
  await seedCustomer(db, 'Moved', 'beta');
  const moved = (instanceId: string, channelId?: string) =>
    seedInstance(db, { customerId: 'moved', instanceId, facts: { status: 'ready', channelId } });
  await moved('behind', 'stable');
  await moved('plain');
  const channels = async (instanceId: string) => {
    const { row, assignedChannel } = (await reports.instance('moved', instanceId))!;
    return [row.channel!.name, assignedChannel];
  };
  const beta = { id: 'beta', name: 'Beta' };
  assert.equal(await channels('behind'), ['Stable', beta]);
  assert.equal(await channels('plain'), ['Beta', beta]);
});

test.after(close);
test.run();
