import { eq } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { auditEntries } from '#db/schema.ts';
import type { RotatedLicense } from '#contract/customers.ts';
import type { CustomerReport } from '#contract/reports.ts';
import { type Answer, type SdkState, sdk, send } from '../support/clients.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { importFleet, licenseIds } from '../support/fleet.ts';
import { type TestServer, startServer } from '../support/server.ts';
import { signIn } from '../support/session.ts';

const test = suite<{ database: FreshDatabase; servers: [TestServer, TestServer] }>(
  'rotation of a license id',
);
test.before(async (context) => {
  context.database = await freshDatabase();
  await importFleet(context.database.db);
  const databaseUrl = context.database.open.url;
  const first = await startServer({ databaseUrl });
  context.servers = [first, await startServer({ databaseUrl })];
});
test.after(async ({ database, servers }) => {
  await Promise.all(servers.map((server) => server.stop()));
  await database.close();
});

const stateOf = (licenseId: string): SdkState => ({
  ...{ licenseId, appSlug: 'acme', channelId: 'acme-stable', channelSequence: 1 },
  ...{ instanceId: 'rotated', appStatus: 'ready' },
});

/** Everything a client may ask, with an instance and without one. */
async function askAll(server: TestServer, licenseId: string): Promise<number[]> {
  const state = stateOf(licenseId);
  const starting = { ...state, instanceId: '' };
  const answers: Answer[] = [];
  for (const request of [
    sdk.info(state),
    sdk.pending(state),
    sdk.license(state),
    sdk.licenseFields(state),
    sdk.customMetrics(state, { users: 1 }),
    sdk.info(starting),
    sdk.pending(starting),
    sdk.license(starting),
  ]) {
    answers.push(await send(server.url, request));
  }
  const plain = await fetch(`${server.url}/api/check-ins`, {
    method: 'POST',
    headers: { authorization: `Bearer ${licenseId}` },
    body: JSON.stringify({ instanceId: 'rotated', status: 'ready' }),
  });
  return [...answers.map(({ status }) => status), plain.status];
}

test('the old id is refused at once by every process that knew it, and the new one works', async ({
  database,
  servers,
}) => {
  for (const server of servers) {
    assert.equal(new Set(await askAll(server, licenseIds.geeglo)), new Set([200]), 'it is known');
  }
  const headers = { ...(await signIn(servers[0].url)) };
  const address = `${servers[0].url}/api/customers/geeglo`;
  const before = (await (await fetch(address, { headers })).json()) as CustomerReport;
  const response = await fetch(`${address}/license-id/rotation`, {
    ...{ method: 'POST', headers },
    body: JSON.stringify({ revision: before.customer.revision }),
  });
  // The other process first: it was not the one that was asked.
  const refused = [
    await askAll(servers[1], licenseIds.geeglo),
    await askAll(servers[0], licenseIds.geeglo),
  ];
  assert.equal(new Set(refused.flat()), new Set([401]), JSON.stringify(refused));

  assert.is(response.status, 200);
  const rotated = (await response.json()) as RotatedLicense;
  assert.match(rotated.licenseId, /^[0-9A-Za-z]{27}$/);
  assert.is(rotated.revision, before.customer.revision + 1);
  for (const server of servers) {
    assert.equal(new Set(await askAll(server, rotated.licenseId)), new Set([200]));
  }
  const license = await send(servers[1].url, sdk.license(stateOf(rotated.licenseId)));
  assert.match(license.body, `licenseID: ${rotated.licenseId}`);
  assert.match(license.body, 'licenseSequence: 2');

  const notes = await database.db
    .select()
    .from(auditEntries)
    .where(eq(auditEntries.action, 'license-id.rotated'));
  assert.is(notes.length, 1);
  const told = JSON.stringify(notes) + servers.map((server) => server.output()).join('');
  assert.not.match(told, rotated.licenseId, 'neither the audit nor the log knows it');
  assert.not.match(told, licenseIds.geeglo);
});

test('the instances keep their history under the new id', async ({ servers }) => {
  const headers = { ...(await signIn(servers[1].url)) };
  const answer = await fetch(`${servers[1].url}/api/customers/geeglo`, { headers });
  const { rows } = (await answer.json()) as CustomerReport;
  assert.equal(
    rows.map(({ instanceId, presence }) => [instanceId, presence]),
    [['rotated', 'current']],
  );
});

test.run();
