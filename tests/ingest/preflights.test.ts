import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { asc, eq } from 'drizzle-orm';
import { instanceEvents } from '#db/schema.ts';
import { parsePreflight } from '#server/ingest/preflights.ts';
import { kots, send } from '../support/clients.ts';
import { licenseIds } from '../support/fleet.ts';
import { findInstance, type House, shareHouse } from './real-house.ts';

const test = suite<House>('preflights');
shareHouse(test, { REPORTS_PER_INSTANCE: '1000', REPORTS_PER_LICENSE: '1000' });

const said = {
  sequence: '4',
  skipPreflights: 'false',
  installStatus: 'deployed',
  isCLI: 'false',
  preflightStatus: 'warn',
  appStatus: 'missing',
  kotsVersion: 'v1.128.0',
};
/** As KOTS sends it: an empty body, and the license id bare. */
const tell = (
  { server }: House,
  instanceId: string,
  query: Record<string, string> = said,
  headers: Record<string, string> = { Authorization: licenseIds.geeglo },
) =>
  send(server.url, {
    method: 'POST',
    path: `/kots_metrics/preflights/${instanceId}/this-cluster?${new URLSearchParams(query).toString()}`,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: '',
  });

test('KOTS’s preflights are a check-in and events of its instance, and leave its status alone', async (house) => {
  const state = { licenseId: licenseIds.geeglo, appSlug: 'acme', instanceId: 'kots-1' };
  assert.is(
    (await send(house.server.url, kots.info({ ...state, appStatus: 'ready' }))).status,
    200,
  );
  const before = await findInstance(house, 'geeglo', 'kots-1');
  const answer = await tell(house, 'kots-1');
  assert.equal([answer.status, answer.body], [201, '']);
  const after = await findInstance(house, 'geeglo', 'kots-1');
  assert.is(after!.facts.preflightStatus, 'warn');
  assert.is(after!.status, 'ready');
  assert.equal(after!.firstReadyAt, before!.firstReadyAt);
  assert.is(after!.facts.clusterId, 'kots-cluster', 'that of its other reports');
  assert.is(after!.facts.downstreamSequence, 3, 'so is its sequence');
  assert.ok(after!.lastCheckInAt >= before!.lastCheckInAt);
  const events = await house.fresh.db
    .select()
    .from(instanceEvents)
    .where(eq(instanceEvents.instance, after!.id))
    .orderBy(asc(instanceEvents.id));
  const last = events.at(-1)!;
  assert.equal(
    [last.category, last.field, last.before, last.after, last.reporter],
    ['app install/upgrade', 'preflightStatus', 'pass', 'warn', 'kots'],
  );
  assert.is((await tell(house, 'kots-1')).status, 201);
  assert.is((await findInstance(house, 'geeglo', 'kots-1'))!.revision, after!.revision);
});

test('the first that is heard of an instance may be its preflights', async (house) => {
  assert.is((await tell(house, 'kots-new')).status, 201);
  const stored = await findInstance(house, 'geeglo', 'kots-new');
  assert.is(stored?.status, null);
  assert.is(stored?.facts.appManagerVersion, 'v1.128.0');
});

test('where an instance was restored from another, nobody knows which of them sends the old id', async (house) => {
  const state = { licenseId: licenseIds.geeglo, appSlug: 'acme', instanceId: 'restored' };
  const report = kots.info(state);
  report.headers['X-Replicated-RestoredFromInstanceID'] = 'kots-0';
  assert.is((await send(house.server.url, report)).status, 200);
  assert.is((await tell(house, 'kots-0')).status, 201);
  assert.is(await findInstance(house, 'geeglo', 'kots-0'), null);
});

test('who has no license, or one that no longer holds, is refused in one sentence', async (house) => {
  const { expired, archived, geeglo } = licenseIds;
  const cases: [authorization: string | null, status: number, words: RegExp][] = [
    [null, 401, /^Authorization must be the license ID alone\.$/],
    [`Basic ${Buffer.from(`${geeglo}:${geeglo}`).toString('base64')}`, 401, /^Authorization must/],
    ['unknown', 401, /^The license is unknown\.$/],
    [expired, 403, /^The license has expired\.$/],
    [archived, 403, /^The customer of this license is archived\.$/],
  ];
  for (const [authorization, status, words] of cases) {
    const headers: Record<string, string> = authorization ? { Authorization: authorization } : {};
    const answer = await tell(house, 'refused', said, headers);
    assert.is(answer.status, status);
    assert.match(answer.body, words);
  }
  assert.is(await findInstance(house, 'geeglo', 'refused'), null);
  const long = await tell(house, 'x'.repeat(301));
  assert.equal([long.status, long.body], [400, 'The app in the address must be an id.']);
});

test('what cannot be read is as good as not said', () => {
  const parse = (query: Record<string, string>) => parsePreflight((name) => query[name]);
  assert.equal(parse({}), {});
  assert.equal(
    parse({ preflightStatus: 'x'.repeat(257), installStatus: 'a\0', skipPreflights: '' }),
    {},
  );
  assert.equal(parse({ preflightStatus: ' pass ', skipPreflights: 'TRUE' }), {
    preflightStatus: 'pass',
    skipPreflights: true,
  });
});

test.run();
