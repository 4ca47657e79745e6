import { eq } from 'drizzle-orm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { auditEntries, instances } from '#db/schema.ts';
import type { FleetPage, InstanceReport } from '#contract/reports.ts';
import { openOffice } from '../customers/office.ts';
import { licenseIds } from '../support/fleet.ts';

const office = await openOffice();
const { db } = office.fresh;
const path = (instanceId: string) => `/api/customers/geeglo/instances/${instanceId}`;
const act = (deed: 'archive' | 'restore', instanceId: string) =>
  office.ask<{ revision: number; archived: boolean }>('POST', `${path(instanceId)}/${deed}`);
const report = async (instanceId: string) =>
  (await office.ask<InstanceReport>('GET', path(instanceId))).body;
const listed = async (query = '') => {
  const { body } = await office.ask<FleetPage>('GET', `/api/fleet?customer=geeglo${query}`);
  return body.rows.map(({ instanceId }) => instanceId);
};
const seen = (instanceId: string) =>
  office.checkIn(licenseIds.geeglo, { instanceId, status: 'ready', channelSequence: 1 });

test('an archived instance is hidden unless asked for, and its viewers are told', async () => {
  await seen('one');
  const { row } = await report('one');
  office.changes.length = 0;
  const { status, body } = await act('archive', 'one');
  assert.is(status, 200);
  assert.equal(body, { revision: row.revision + 1, archived: true });
  assert.equal(await listed(), []);
  assert.equal(await listed('&archived=true'), ['one']);
  assert.ok((await report('one')).row.archived);
  const [news] = office.changes;
  assert.equal([news?.changed, news?.left], [[], [{ id: row.id, customerId: 'geeglo' }]]);
  const note = await office.lastNote();
  assert.equal([note?.action, note?.targetId], ['instance.archived', 'geeglo/one']);

  const notes = await db.$count(auditEntries);
  assert.equal((await act('archive', 'one')).body, body, 'archived again it stays as it is');
  assert.is(await db.$count(auditEntries), notes);
});

test('a restored instance is there again', async () => {
  office.changes.length = 0;
  const { body } = await act('restore', 'one');
  assert.is(body.archived, false);
  assert.equal(await listed(), ['one']);
  assert.is(office.changes[0]?.changed.length, 1);
  assert.is((await office.lastNote())?.action, 'instance.restored');
  assert.equal((await act('restore', 'one')).body, body);
});

test('a new check-in takes it out by itself', async () => {
  await seen('back');
  const { body } = await act('archive', 'back');
  assert.is(await seen('back'), 200);
  const { row } = await report('back');
  assert.not.ok(row.archived);
  assert.ok(row.revision > body.revision);
});

test('what was promoted while it was archived is told to it when it is restored', async () => {
  await seen('behind');
  assert.is((await report('behind')).row.versionsBehind, 2);
  await act('archive', 'behind');
  // As of a catalog that was longer.
  await db.update(instances).set({ versionsBehind: 1 }).where(eq(instances.instanceId, 'behind'));
  await act('restore', 'behind');
  const { body } = await office.ask<{ events: { field: string; before: number; after: number }[] }>(
    'GET',
    `${path('behind')}/events`,
  );
  const { field, before, after } = body.events[0]!;
  assert.equal([field, before, after], ['versionsBehind', 1, 2]);
});

test('a check-in and the archiving of its instance at the same moment: one comes after the other', async () => {
  for (let round = 0; round < 5; round += 1) {
    await seen('raced');
    const before = (await report('raced')).row.revision;
    const [status] = await Promise.all([seen('raced'), act('archive', 'raced')]);
    assert.is(status, 200);
    const { row } = await report('raced');
    assert.is(row.revision, before + (row.archived ? 1 : 2));
  }
});

test('what is unknown is not found', async () => {
  for (const deed of ['archive', 'restore'] as const) {
    assert.is((await act(deed, 'nowhere')).status, 404);
    assert.is((await act(deed, '%00')).status, 404);
  }
});

test.after(() => office.close());
test.run();
