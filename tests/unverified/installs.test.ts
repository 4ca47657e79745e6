import { asc, eq, sql } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { anonymousReports, instanceEvents } from '#db/schema.ts';
import type { InstanceEventView } from '#contract/instance.ts';
import { forgetUnclaimed } from '#server/store/anonymous-reports.ts';
import { findInstance, type House, shareHouse } from '../ingest/real-house.ts';
import { until, view, watch } from '../live/hub.ts';
import { kots, send } from '../support/clients.ts';
import { licenseIds } from '../support/fleet.ts';
import { ownerOf } from '../support/session.ts';

const test = suite<House>('what KOTS tells of its installation');
// One proxy in front, so that each test may come from an address of its own.
shareHouse(test, { TRUST_PROXY: '1' });

type Step = 'start' | 'fail' | 'finish';
const never = '0001-01-01T00:00:00Z';

/** As KOTS's installer sends it: everything each time, and nobody's name on it. */
const tell = (
  { server }: House,
  step: Step,
  installId: string,
  more: { body?: object; address?: string } = {},
) =>
  send(server.url, {
    method: 'POST',
    path: `/kots_metrics/${step}_install/${installId}`,
    headers: {
      'Content-Type': 'application/json',
      'X-Forwarded-For': more.address ?? '203.0.113.7',
    },
    body: JSON.stringify({
      install_id: installId,
      started: '2026-11-24T09:00:00.123456789+01:00',
      finished: step === 'finish' ? '2026-11-24T09:05:00Z' : never,
      failed: step === 'fail' ? '2026-11-24T09:05:00Z' : never,
      kots_version: 'v1.128.0',
      cause: '',
      ...more.body,
    }),
  });

const checkIn = async ({ server }: House, instanceId: string, installId: string) => {
  const state = { licenseId: licenseIds.geeglo, appSlug: 'acme', instanceId, appStatus: 'ready' };
  const report = kots.info(state);
  report.headers['X-Replicated-KotsInstallID'] = installId;
  assert.is((await send(server.url, report)).status, 200);
};

const eventsOf = ({ fresh }: House, instance: number) =>
  fresh.db
    .select()
    .from(instanceEvents)
    .where(eq(instanceEvents.instance, instance))
    .orderBy(asc(instanceEvents.at), asc(instanceEvents.id));

async function progressOf(house: House, instance: number, expected: number) {
  let found: Awaited<ReturnType<typeof eventsOf>> = [];
  for (let tries = 0; tries < 200 && found.length < expected; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const events = await eventsOf(house, instance);
    found = events.filter(({ field }) => field === 'installProgress');
  }
  return found;
}

test('reports wait apart until a check-in names their installation, and then are its events', async (house) => {
  const { cookie, origin } = await ownerOf(house.fresh.db, { url: house.server.url });
  assert.is((await tell(house, 'start', 'install-1')).status, 200);
  assert.is(
    (await tell(house, 'fail', 'install-1', { body: { cause: 'no space left' } })).status,
    200,
  );
  assert.is(
    (await tell(house, 'start', 'install-1', { body: { started: '2026-11-24T10:00:00Z' } })).status,
    200,
  );
  const waiting = await house.fresh.db
    .select()
    .from(anonymousReports)
    .orderBy(asc(anonymousReports.id));
  assert.equal(
    waiting.map(({ kind, instance, network }) => [kind, instance, network]),
    ['start_install', 'fail_install', 'start_install'].map((kind) => [kind, null, '203.0.113.7']),
  );
  assert.equal(waiting[0]?.body, {
    kotsVersion: 'v1.128.0',
    cause: null,
    at: '2026-11-24T08:00:00.123Z',
  });

  const page = await view(house.server.url, { cookie, origin });
  await watch(page.socket, { kind: 'instance', customerId: 'geeglo', instanceId: 'kots-1' });
  await checkIn(house, 'kots-1', 'install-1');
  const instance = (await findInstance(house, 'geeglo', 'kots-1'))!;
  const progress = await progressOf(house, instance.id, 3);
  assert.equal(
    progress.map(({ category, before, after, reporter }) => [category, before, after, reporter]),
    [
      ['app install/upgrade', null, 'started', 'unverified'],
      ['app install/upgrade', 'started', 'failed: no space left', 'unverified'],
      ['app install/upgrade', 'failed: no space left', 'started', 'unverified'],
    ],
  );
  assert.equal(
    progress.map(({ at }) => at),
    waiting.map(({ receivedAt }) => receivedAt),
    'dated when they were received',
  );

  assert.is((await tell(house, 'finish', 'install-1')).status, 200);
  const finished = (await progressOf(house, instance.id, 4)).at(-1)!;
  assert.equal([finished.before, finished.after], ['started', 'finished']);
  await until('the page heard of it', () =>
    page.heard.some(
      ({ event, message }) =>
        event === 'events:recorded' &&
        (message as unknown as { events: InstanceEventView[] }).events.some(
          ({ reporter, after }) => reporter === 'unverified' && after === 'finished',
        ),
    ),
  );
  page.socket.disconnect();
  const claimed = await house.fresh.db.select().from(anonymousReports);
  assert.equal([...new Set(claimed.map(({ network }) => network))], [null]);

  const after = (await findInstance(house, 'geeglo', 'kots-1'))!;
  const same = ['status', 'firstSeenAt', 'firstReadyAt', 'statusSince', 'lastCheckInAt'] as const;
  for (const field of [...same, 'lastEventAt', 'revision'] as const)
    assert.equal(after[field], instance[field], field);
});

test('the same report twice is kept once, and one installation cannot fill the store', async (house) => {
  const address = '203.0.113.20';
  const count = () =>
    house.fresh.db.$count(anonymousReports, eq(anonymousReports.key, 'install-2'));
  for (let n = 0; n < 3; n += 1) await tell(house, 'start', 'install-2', { address });
  assert.is(await count(), 1);
  const statuses: number[] = [];
  for (let n = 0; n < 21; n += 1) {
    const body = { cause: `try ${n}` };
    statuses.push((await tell(house, 'fail', 'install-2', { address, body })).status);
  }
  assert.equal(statuses, [...Array.from({ length: 19 }, () => 200), 429, 429]);
  assert.is(await count(), 20);
});

test('one network cannot fill the store either, and is told when to come again', async (house) => {
  const address = '2001:db8:1:1::1';
  await house.fresh.db.execute(sql`
    insert into anonymous_reports (kind, key, network, body)
    select 'start_install', 'many-' || n, '2001:db8:1:1::/64', '{}' from generate_series(1, 200) n`);
  const full = await tell(house, 'start', 'install-3', { address: '2001:db8:1:1:ffff::2' });
  assert.equal(
    [full.status, full.body],
    [429, 'Too many reports without a license; try again later.'],
  );
  assert.is(full.headers.get('retry-after'), '3600');
  assert.is((await tell(house, 'start', 'install-3', { address: '2001:db8:1:2::1' })).status, 200);

  const flood = await Promise.all(
    Array.from({ length: 70 }, (_, n) =>
      tell(house, 'start', `flood-${n}`, { address: '198.51.100.1' }),
    ),
  );
  const statuses = flood.map(({ status }) => status);
  assert.is(statuses.filter((status) => status === 200).length, 60);
  assert.is(statuses.filter((status) => status === 429).length, 10);
  assert.is((await tell(house, 'start', 'flood-x', { address })).status, 429, 'the first still is');
});

test('there are never more than ten thousand in all', async (house) => {
  await house.fresh.db.execute(sql`
    insert into anonymous_reports (kind, key, network, body)
    select 'start_install', 'all-' || n, 'elsewhere-' || n, '{}' from generate_series(1, 10000) n`);
  assert.is((await tell(house, 'start', 'install-4', { address: '198.51.100.9' })).status, 429);
  await house.fresh.db.execute(sql`delete from anonymous_reports where key like 'all-%'`);
  assert.is((await tell(house, 'start', 'install-4', { address: '198.51.100.9' })).status, 200);
});

test('what nobody claims is forgotten after a week; what is claimed stays', async ({ fresh }) => {
  await fresh.db.execute(sql`
    insert into anonymous_reports (kind, key, body, received_at) values
      ('start_install', 'old', '{}', now() - interval '7 days 1 minute'),
      ('start_install', 'young', '{}', now() - interval '6 days 23 hours')`);
  const claimed = await fresh.db.$count(anonymousReports, sql`instance is not null`);
  await fresh.db.execute(sql`
    update anonymous_reports set received_at = now() - interval '1 year' where instance is not null`);
  // The server does so too, and may have been faster.
  await forgetUnclaimed(fresh.db, 7);
  assert.is(await fresh.db.$count(anonymousReports, eq(anonymousReports.key, 'old')), 0);
  assert.is(await fresh.db.$count(anonymousReports, sql`instance is not null`), claimed);
  assert.is(await fresh.db.$count(anonymousReports, eq(anonymousReports.key, 'young')), 1);
});

test('an air gap upload of the instance leaves its unverified events where they are', async (house) => {
  const path = `${house.server.url}/api/check-ins`;
  const upload = await fetch(path, {
    method: 'POST',
    headers: { authorization: `Bearer ${licenseIds.geeglo}` },
    body: JSON.stringify({
      instanceId: 'kots-1',
      status: 'degraded',
      source: 'airgap',
      reportedAt: new Date(Date.now() - 3_600_000).toISOString(),
    }),
  });
  assert.is(upload.status, 200, await upload.text());
  const { id } = (await findInstance(house, 'geeglo', 'kots-1'))!;
  const events = await eventsOf(house, id);
  assert.ok(events.some(({ after }) => after === 'degraded'));
  const progress = events.filter(({ reporter }) => reporter === 'unverified');
  assert.equal(
    progress.map(({ after }) => after),
    ['started', 'failed: no space left', 'started', 'finished'],
  );
});

test('what is wrong is said in one plain sentence, and nothing is kept', async (house) => {
  const address = '198.51.100.77';
  const before = await house.fresh.db.$count(anonymousReports);
  const raw = (body: string, installId = 'wrong') =>
    send(house.server.url, {
      method: 'POST',
      path: `/kots_metrics/fail_install/${installId}`,
      headers: { 'X-Forwarded-For': address },
      body,
    });
  const cases: [body: string, status: number, words: RegExp][] = [
    ['', 400, /^The body is not valid JSON\.$/],
    ['[]', 400, /^The body must be a JSON object\.$/],
    ['{"install_id": "other"}', 400, /^install_id must be the one in the address\.$/],
    ['{"kots_version": 1}', 400, /^kots_version must be text of at most 256 characters\.$/],
    ['{"cause": {}}', 400, /^cause must be text\.$/],
    ['{"cause": "\\u0000"}', 400, /^cause must be text\.$/],
    [JSON.stringify({ cause: 'x'.repeat(4096) }), 413, /^The body is larger than 4 KB\.$/],
  ];
  for (const [body, status, words] of cases) {
    const answer = await raw(body);
    assert.is(answer.status, status, body.slice(0, 40));
    assert.match(answer.body, words);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain/);
  }
  for (const id of ['x'.repeat(301), '%00', '%20'])
    assert.is((await raw('{}', id)).status, 400, id.slice(0, 5));
  assert.is(await house.fresh.db.$count(anonymousReports), before);
});

test.run();
