import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadRanges } from '#server/clouds/index.ts';
import type { InstanceReport } from '#contract/reports.ts';
import { sdk, type SdkState, send } from '../support/clients.ts';
import { licenseIds } from '../support/fleet.ts';
import { visitorOf } from '../support/session.ts';
import { findInstance, type House, shareHouse } from '../ingest/real-house.ts';

const test = suite<House>('clouds by address');
shareHouse(test, { TRUST_PROXY: '1' });

/** A file as AWS publishes it, of addresses that are for documents only. */
const published = {
  name: 'ip-ranges.json',
  text: JSON.stringify({
    createDate: '2026-11-20-10-00-00',
    prefixes: [
      { ip_prefix: '192.0.2.0/24', region: 'us-east-1' },
      { ip_prefix: '192.0.2.128/25', region: 'eu-central-1' },
    ],
  }),
};

const state = (instanceId: string): SdkState => ({
  licenseId: licenseIds.geeglo,
  appSlug: 'acme',
  instanceId,
  appStatus: 'ready',
});
const from = (address: string, instanceId: string) => {
  const request = sdk.info(state(instanceId));
  return { ...request, headers: { ...request.headers, 'X-Forwarded-For': address } };
};
const cloudOf = async (house: House, instanceId: string) => {
  const row = await findInstance(house, 'geeglo', instanceId);
  return [row?.facts.cloudProvider, row?.facts.cloudRegion, row?.facts.cloudFromAddress];
};
const unknown = [undefined, undefined, undefined];

/** The server hears of new ranges a moment after they are stored. */
async function reportUntil(house: House, address: string, id: string, region: string) {
  for (const end = Date.now() + 10_000; Date.now() < end;) {
    await send(house.server.url, from(address, id));
    if ((await cloudOf(house, id))[1] === region) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.unreachable(`${id} is not in ${region}: ${String(await cloudOf(house, id))}`);
}

test('without ranges an unnamed cloud stays unknown; a running server takes ranges up as they are loaded', async (house) => {
  await send(house.server.url, from('192.0.2.7', 'quiet'));
  assert.equal(await cloudOf(house, 'quiet'), unknown);
  await loadRanges(house.fresh.db, [published]);
  await reportUntil(house, '192.0.2.7', 'quiet', 'us-east-1');
  assert.equal(await cloudOf(house, 'quiet'), ['aws', 'us-east-1', true]);
});

test('the longest range counts, another address is another cloud, and one in no range none', async (house) => {
  await reportUntil(house, '192.0.2.200', 'quiet', 'eu-central-1');
  await send(house.server.url, from('198.51.100.1', 'quiet'));
  assert.equal(await cloudOf(house, 'quiet'), unknown);
});

test('what an instance names counts, and stays', async (house) => {
  const { url } = house.server;
  await send(url, from('192.0.2.7', 'named'));
  assert.equal(await cloudOf(house, 'named'), ['aws', 'us-east-1', true]);
  const report = (checkIns: object) =>
    fetch(`${url}/api/check-ins`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${licenseIds.geeglo}`,
        'Content-Type': 'application/json',
        'X-Forwarded-For': '192.0.2.7',
      },
      body: JSON.stringify(checkIns),
    });
  const cloud = { provider: 'gcp', region: 'europe-west1' };
  assert.is((await report({ instanceId: 'named', cloud })).status, 200);
  assert.equal(await cloudOf(house, 'named'), ['gcp', 'europe-west1', undefined]);
  await send(url, from('192.0.2.7', 'named'));
  assert.equal(await cloudOf(house, 'named'), ['gcp', 'europe-west1', undefined]);
  await report([{ instanceId: 'relayed 1' }, { instanceId: 'relayed 2' }]);
  assert.equal(await cloudOf(house, 'relayed 1'), unknown, 'the sender speaks for many');
  await report({ instanceId: 'carried', source: 'airgap', reportedAt: new Date().toISOString() });
  assert.equal(await cloudOf(house, 'carried'), unknown, 'the address is its carrier’s');
});

test('the wire says where a cloud is known from', async (house) => {
  const { url } = house.server;
  await send(url, from('192.0.2.7', 'shown'));
  const { cookie } = await visitorOf(house.fresh.db, 'viewer', { url });
  const answer = await fetch(`${url}/api/customers/geeglo/instances/shown`, {
    headers: { cookie },
  });
  const { row, facts } = (await answer.json()) as InstanceReport;
  assert.equal(row.cloud, { provider: 'aws', region: 'us-east-1', fromAddress: true });
  assert.not(facts.some(({ field }) => field === 'cloudFromAddress'));
});

test.run();
