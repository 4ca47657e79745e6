import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { InstanceSummary } from '#contract/instance.ts';
import { type House, shareHouse } from '../ingest/real-house.ts';
import { list, until, view, watch } from '../live/hub.ts';
import { licenseIds } from '../support/fleet.ts';
import { ownerOf } from '../support/session.ts';

const test = suite<House>('edits of instances, live');
shareHouse(test);

test('a second viewer sees each edit at once, whatever page is open', async ({ fresh, server }) => {
  const { cookie, origin } = await ownerOf(fresh.db, { url: server.url });
  const path = `${server.url}/api/customers/geeglo/instances/watched`;
  const ask = async <T>(method: string, rest: string, body?: object): Promise<T> => {
    const answer = await fetch(`${path}${rest}`, {
      method,
      headers: { cookie, origin },
      body: body && JSON.stringify(body),
    });
    assert.is(answer.status, 200);
    return (await answer.json()) as T;
  };
  const checkIn = () =>
    fetch(`${server.url}/api/check-ins`, {
      method: 'POST',
      headers: { authorization: `Bearer ${licenseIds.geeglo}` },
      body: JSON.stringify({ instanceId: 'watched', status: 'ready' }),
    });
  await checkIn();
  const { row } = await ask<{ row: InstanceSummary }>('GET', '');

  const page = await view(server.url, { cookie, origin });
  const fleet = await view(server.url, { cookie, origin });
  const key = { customerId: 'geeglo', instanceId: 'watched' };
  await watch(page.socket, { kind: 'instance', ...key });
  await watch(fleet.socket, list([[row.id, row.revision]]));
  const latest = ({ heard }: typeof page): InstanceSummary | undefined =>
    heard
      .filter(({ event }) => event === 'instances:changed')
      .flatMap(({ message }) => (message as unknown as { instances: InstanceSummary[] }).instances)
      .at(-1);

  await ask('PATCH', '', { name: 'Named', setTags: { env: 'prod' } });
  for (const viewer of [page, fleet]) {
    await until('the name came', () => latest(viewer)?.name === 'Named');
    assert.equal(latest(viewer)?.vendorTags, { env: 'prod' });
  }
  await ask('POST', '/archive');
  await until('the page says so', () => latest(page)?.archived === true);
  await until('the list drops it', () =>
    fleet.heard.some(({ event }) => event === 'instances:left'),
  );
  await checkIn();
  await until('it is back', () => latest(page)?.archived === false);
  page.socket.disconnect();
  fleet.socket.disconnect();
});

test.run();
