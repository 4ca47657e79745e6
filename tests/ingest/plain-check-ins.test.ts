import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { licenseIds } from '../support/fleet.ts';
import { findInstance, findMetrics, type House, shareHouse } from './real-house.ts';

const test = suite<House>('the plain door');
shareHouse(test, { NEW_INSTANCES_BURST: '20', NEW_INSTANCES_PER_HOUR: '1' });

async function post(
  { server }: House,
  body: unknown,
  licenseId: string | null = licenseIds.geeglo,
) {
  const answer = await fetch(`${server.url}/api/check-ins`, {
    method: 'POST',
    headers: licenseId === null ? {} : { Authorization: `Bearer ${licenseId}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  type Body = {
    recorded?: number;
    refused?: { index: number; message: string }[];
    error?: { code: string; message: string; requestId: string };
  };
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Body };
}

test('one check-in is recorded', async (house) => {
  const answer = await post(house, {
    instanceId: 'prod-1',
    status: 'ready',
    versionLabel: '1.2.0',
    kubernetes: { version: 'v1.31.2', distribution: 'eks' },
    metrics: { users: 12 },
    nextWithin: 300,
  });
  assert.equal([answer.status, answer.body], [200, { recorded: 1, refused: [] }]);
  const stored = await findInstance(house, 'geeglo', 'prod-1');
  assert.is(stored?.facts.versionLabel, '1.2.0');
  assert.is(stored?.nextWithin, 300);
  assert.equal(await findMetrics(house, stored!.id), { users: 12 });
});

test('a list is recorded whole, or refused whole with the index and field of its first fault', async (house) => {
  const list = [1, 2, 3, 4].map((index) => ({
    instanceId: `list-${index}`,
    metrics: { users: index },
  }));
  const bad = [...list.slice(0, 3), { instanceId: 'list-4', metrics: { users: { total: 4 } } }];
  const refused = await post(house, bad);
  assert.is(refused.status, 400);
  assert.is(refused.body.error?.code, 'invalid');
  assert.match(refused.body.error?.message ?? '', /^\[3\]\.metrics\.users: /);
  assert.ok(refused.body.error?.requestId);
  assert.is(await findInstance(house, 'geeglo', 'list-1'), null);
  assert.equal((await post(house, list)).body, { recorded: 4, refused: [] });
  assert.is.not(await findInstance(house, 'geeglo', 'list-4'), null);
});

test('air gap reports of the future are refused by their index, the others are taken', async (house) => {
  const report = (reportedAt: number) => ({
    instanceId: 'dark',
    source: 'airgap',
    reportedAt,
    status: 'ready',
  });
  const { body } = await post(house, [
    report(Date.now() - 3_600_000),
    report(Date.now() + 3_600_000),
  ]);
  assert.is(body.recorded, 1);
  assert.equal(
    body.refused?.map(({ index }) => index),
    [1],
  );
  assert.is((await findInstance(house, 'geeglo', 'dark'))?.airGap, true);
});

test('who may not speak is told so as JSON', async (house) => {
  const checkIn = { instanceId: 'nobody' };
  for (const licenseId of [null, 'unknown']) {
    const answer = await post(house, checkIn, licenseId);
    assert.equal([answer.status, answer.body.error?.code], [401, 'unauthorized']);
  }
  for (const licenseId of [licenseIds.expired, licenseIds.archived]) {
    const answer = await post(house, checkIn, licenseId);
    assert.equal([answer.status, answer.body.error?.code], [403, 'forbidden']);
  }
});

test('broken JSON is a 400 and a body over 1 MB a 413', async (house) => {
  assert.is((await post(house, '{"instanceId":')).status, 400);
  const large = await post(house, { instanceId: 'large', versionLabel: 'x'.repeat(1024 * 1024) });
  assert.equal([large.status, large.body.error?.code], [413, 'too_large']);
});

test('a license cannot reach the instance of another customer that has the same id', async (house) => {
  await post(house, { instanceId: 'shared', status: 'ready' });
  await post(house, { instanceId: 'shared', status: 'unavailable' }, licenseIds.roamway);
  assert.is((await findInstance(house, 'geeglo', 'shared'))?.facts.status, 'ready');
});

test('more new instances than the license may bring are a 429, and known ones go on', async (house) => {
  const fresh = Array.from({ length: 21 }, (_, index) => ({ instanceId: `fresh-${index}` }));
  const answer = await post(house, fresh);
  assert.is(answer.status, 429);
  assert.ok(Number(answer.headers.get('Retry-After')) > 60);
  assert.is((await post(house, { instanceId: 'prod-1', status: 'degraded' })).status, 200);
});

test('a license is read even where it may bring no more instances', async ({ server }) => {
  const { geeglo } = licenseIds;
  const answer = await fetch(`${server.url}/license/acme`, {
    headers: {
      Authorization: `Basic ${btoa(`${geeglo}:${geeglo}`)}`,
      'X-Replicated-InstanceID': 'one-too-many',
    },
  });
  assert.is(answer.status, 200);
});

test.run();
