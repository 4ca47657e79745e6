import { strict as assert } from 'node:assert';
import { eq, sql } from 'drizzle-orm';
import { suite } from 'uvu';
import { channels, customers } from '#db/schema.ts';
import { type CustomersPage, customersQuery } from '#contract/customers.ts';
import { type LiveCustomer, mergeCustomer } from '#lib/customers/merge-customer.ts';
import { type Watch, defaultTiming } from '#lib/live/watch-options.ts';
import { watchScope } from '#lib/live/watcher.ts';
import { createWire } from '#lib/live/wire.ts';
import { announceCatalog, announceCustomers } from '#server/store/announce.ts';
import { licenseIds } from '../support/fleet.ts';
import { type Signed, signIn } from '../support/session.ts';
import { type House, shareHouse } from '../ingest/real-house.ts';
import { type Viewer, sleep, until, view } from './hub.ts';

const test = suite<House>('the page of customers and a real server');
shareHouse(test);

interface Page {
  rows: Map<string, LiveCustomer>;
  reads: number;
  watch: Watch;
  socket: Viewer;
}

/** The page of customers as the dashboard builds it, without a screen. */
async function openPage(
  url: string,
  signed: Signed,
  timing: Partial<typeof defaultTiming> = {},
): Promise<Page> {
  const { socket } = await view(url, { ...signed });
  const page: Page = { rows: new Map(), reads: 0, socket } as unknown as Page;
  page.watch = watchScope<CustomersPage>(
    createWire(socket),
    {
      scope: () => ({
        kind: 'customers',
        query: customersQuery.parse({}),
        shown: [...page.rows.values()].map(({ id, revision }): [string, number] => [id, revision]),
      }),
      fetch: async (signal) => {
        page.reads += 1;
        const headers = { cookie: signed.cookie };
        return (await fetch(`${url}/api/customers`, { signal, headers })).json() as never;
      },
      apply: ({ rows, asOf }) =>
        void (page.rows = new Map(rows.map((row) => [row.id, { ...row, asOf }]))),
      hear: ({ event, message }) => {
        if (event !== 'customers:changed') return;
        for (const row of message.customers) {
          const known = page.rows.get(row.id);
          if (known) page.rows.set(row.id, mergeCustomer(known, row, message.asOf));
        }
      },
      known: () => page.rows.values(),
    },
    { ...defaultTiming, spacing: 200, ...timing },
  );
  await until('the page is current', () => page.watch.state.phase === 'current');
  return page;
}

async function report(url: string, body: object) {
  const answer = await fetch(`${url}/api/check-ins`, {
    method: 'POST',
    headers: { authorization: `Bearer ${licenseIds.geeglo}` },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, await answer.text());
}

test('a check-in moves the row’s worst status, counts and last check-in at two viewers, by messages alone', async ({
  server,
}) => {
  const signed = await signIn(server.url);
  const pages = [await openPage(server.url, signed), await openPage(server.url, signed)];
  const all = (holds: (row: LiveCustomer) => boolean) =>
    pages.every(({ rows }) => holds(rows.get('geeglo')!));
  assert.ok(all(({ worst }) => worst === null));
  await report(server.url, { instanceId: 'one', status: 'ready' });
  await until('a first instance', () =>
    all(({ worst, counts }) => worst === 'ready' && counts.active === 1),
  );
  await report(server.url, { instanceId: 'one', status: 'unavailable' });
  await until('its trouble', () => all(({ worst }) => worst === 'unavailable'));
  const before = pages[0]!.rows.get('geeglo')!.lastCheckInAt!;
  await sleep(20);
  await report(server.url, { instanceId: 'one', status: 'unavailable' });
  await until('a plain check-in', () => all(({ lastCheckInAt }) => lastCheckInAt! > before));
  assert.deepEqual(
    pages.map(({ reads }) => reads),
    [1, 1],
  );
  for (const { watch, socket } of pages) {
    watch.stop();
    socket.disconnect();
  }
});

test('an edit by another process reaches the page, and so does one of the catalog', async ({
  fresh,
  server,
}) => {
  const page = await openPage(server.url, await signIn(server.url));
  await fresh.db.transaction(async (tx) => {
    await tx
      .update(customers)
      .set({ name: 'Geeglo Ltd', revision: sql`revision + 1` })
      .where(eq(customers.id, 'geeglo'));
    await announceCustomers(tx, ['geeglo']);
  });
  await until('the name', () => page.rows.get('geeglo')?.name === 'Geeglo Ltd');
  await fresh.db.transaction(async (tx) => {
    await tx.update(channels).set({ name: 'Steady' }).where(eq(channels.id, 'acme-stable'));
    await announceCatalog(tx);
  });
  await until('the channel', () => page.rows.get('geeglo')?.channel.name === 'Steady');
  page.watch.stop();
  page.socket.disconnect();
});

test('what no message told is noticed by the digest, and read again', async ({ fresh, server }) => {
  const page = await openPage(server.url, await signIn(server.url), {
    digestEvery: 300,
    digestDoubt: 50,
  });
  const { reads } = page;
  await sleep(1_200);
  assert.equal(page.reads, reads, 'nothing is read again for nothing');
  // Without an announcement, as if it had been lost.
  await fresh.db
    .update(customers)
    .set({ name: 'Silent Inc.', revision: sql`revision + 1` })
    .where(eq(customers.id, 'lapsed'));
  await until('the name', () => page.rows.get('lapsed')?.name === 'Silent Inc.', 5_000);
  page.watch.stop();
  page.socket.disconnect();
});

test('a page of the catalog reads again after an edit, and after one that no message told', async ({
  fresh,
  server,
}) => {
  const { socket } = await view(server.url, { ...(await signIn(server.url)) });
  let reads = 0;
  const watch = watchScope(
    createWire(socket),
    {
      scope: () => ({ kind: 'catalog' }),
      fetch: () => Promise.resolve((reads += 1)),
      apply: () => {},
      hear: () => {},
    },
    { ...defaultTiming, spacing: 100, digestEvery: 300, digestDoubt: 50 },
  );
  await until('the page is current', () => watch.state.phase === 'current');
  await sleep(1_000);
  assert.equal(reads, 1, 'nothing is read again for nothing');
  await fresh.db.transaction((tx) => announceCatalog(tx));
  await until('the edit', () => reads === 2 && watch.state.phase === 'current');
  await fresh.db.execute(sql`update catalog_versions set version = version + 1`);
  await until('the silent edit', () => reads === 3, 5_000);
  watch.stop();
  socket.disconnect();
});

test.run();
