import { sql } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PortalSummary } from '#contract/portal.ts';
import { licenseIds } from '../support/fleet.ts';
import { addressOf, contents, type PortalHouse, sharePortal } from './house.ts';
import { downloadsOf } from './visit.ts';

const test = suite<PortalHouse>('downloads from a portal');
sharePortal(test);
test.before.each(
  async ({ house }) => void (await house.fresh.db.execute(sql`delete from portal_downloads`)),
);

const size = contents.chart.length;
/** Downloads the chart, or a part of it. */
async function take({ ask, portal, cookie, chart }: PortalHouse, range?: string, method = 'GET') {
  const headers = { cookie, ...(range === undefined ? {} : { range: `bytes=${range}` }) };
  const answer = await ask(addressOf(portal, chart), { method, headers });
  return { answer, bytes: await answer.bytes() };
}
const noted = ({ house }: PortalHouse) => downloadsOf(house.fresh.db, 'geeglo');

/** Waits for what is noted once the last byte is out. */
async function whole(context: PortalHouse): Promise<void> {
  const deadline = Date.now() + 10_000;
  while ((await noted(context)).some(({ completed }) => !completed)) {
    assert.ok(Date.now() < deadline, 'a download never became whole');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('a file comes whole, as something to save under its name that does nothing by itself', async (context) => {
  const { answer, bytes } = await take(context);
  assert.is(answer.status, 200);
  assert.equal(bytes, contents.chart);
  const { headers } = answer;
  assert.is(
    headers.get('content-disposition'),
    `attachment; filename="acme chart (1.2.0).tgz"; filename*=UTF-8''acme%20chart%20%281.2.0%29.tgz`,
  );
  assert.is(headers.get('content-type'), 'application/octet-stream');
  assert.is(headers.get('content-length'), String(size));
  assert.is(headers.get('content-security-policy'), "sandbox; default-src 'none'");
  assert.is(headers.get('x-content-type-options'), 'nosniff');
  assert.is(headers.get('etag'), `"${context.chart.sha256}"`);
  assert.is(headers.get('accept-ranges'), 'bytes');
  assert.ok(headers.get('last-modified'));
  await whole(context);
  const [download] = await noted(context);
  assert.is(download?.name, 'acme chart (1.2.0).tgz');
  assert.is(download?.versionLabel, '1.2.0');
});

test('what broke off and was gone on with is one download, complete with its last byte', async (context) => {
  assert.is((await take(context, '0-4')).answer.status, 206);
  assert.equal(
    (await noted(context)).map(({ completed }) => completed),
    [false],
  );
  const rest = await take(context, '5-');
  assert.is(rest.answer.headers.get('content-range'), `bytes 5-${size - 1}/${size}`);
  assert.equal(rest.bytes, contents.chart.slice(5));
  await whole(context);
  assert.is((await noted(context)).length, 1);
});

test('parts side by side are one download, in whatever order they come', async (context) => {
  const parts = ['12-', '0-3', '8-11', '4-7'];
  await Promise.all(parts.map((range) => take(context, range)));
  await whole(context);
  assert.is((await noted(context)).length, 1);
});

test('the part with the end may have gone out before the one with the beginning comes', async (context) => {
  await take(context, '8-');
  await whole(context);
  await take(context, '0-7');
  assert.equal(
    (await noted(context)).map(({ completed }) => completed),
    [true],
  );
});

test('asking for a file again, once it went out whole, is another download', async (context) => {
  await take(context);
  await whole(context);
  await take(context);
  await whole(context);
  assert.is((await noted(context)).length, 2);
});

test('what was begun an hour ago and begins again is another download', async (context) => {
  await take(context, '0-4');
  await context.house.fresh.db.execute(
    sql`update portal_downloads set at = at - interval '1 hour'`,
  );
  await take(context, '5-9');
  assert.is((await noted(context)).length, 1, 'it is gone on with');
  await take(context, '0-4');
  assert.is((await noted(context)).length, 2);
});

test('what sends no content is no download', async (context) => {
  const head = await take(context, undefined, 'HEAD');
  assert.is(head.answer.status, 200);
  assert.is(head.answer.headers.get('content-length'), String(size));
  assert.is(head.bytes.length, 0);
  assert.is((await take(context, `${size}-`)).answer.status, 416);
  const { ask, portal, cookie, chart } = context;
  const known = { cookie, 'if-none-match': `"${chart.sha256}"` };
  assert.is((await ask(addressOf(portal, chart), { headers: known })).status, 304);
  assert.equal(await noted(context), []);
});

test('a range of a file that is another by now gives the whole one', async ({
  ask,
  portal,
  cookie,
  chart,
}) => {
  const headers = { cookie, range: 'bytes=5-', 'if-range': '"another"' };
  const answer = await ask(addressOf(portal, chart), { headers });
  assert.is(answer.status, 200);
  assert.equal(await answer.bytes(), contents.chart);
});

test('the license is a download too, and the same document as the clients get', async (context) => {
  const { ask, portal, cookie } = context;
  const answer = await ask(`${portal}/license`, { headers: { cookie } });
  assert.is(answer.status, 200);
  assert.match(
    answer.headers.get('content-disposition')!,
    'attachment; filename="geeglo-license.yaml"',
  );
  const basic = Buffer.from(`${licenseIds.geeglo}:${licenseIds.geeglo}`).toString('base64');
  const client = await ask('/license', { headers: { authorization: `Basic ${basic}` } });
  assert.is(await answer.text(), await client.text());
  const head = await ask(`${portal}/license`, { method: 'HEAD', headers: { cookie } });
  assert.is(head.headers.get('content-length'), answer.headers.get('content-length'));
  assert.equal(
    (await noted(context)).map(({ name, completed }) => [name, completed]),
    [['geeglo-license.yaml', true]],
  );
});

test('the vendor sees them: the last version, and the newest first', async (context) => {
  const { ask, portal, cookie, vendor } = context;
  await take(context);
  await whole(context);
  await ask(`${portal}/license`, { headers: { cookie } });
  const answer = await ask('/api/customers/geeglo', { headers: vendor });
  const { portal: shown } = (await answer.json()) as { portal: PortalSummary };
  assert.is(shown.lastVersion?.versionLabel, '1.2.0');
  assert.equal(
    shown.downloads.map(({ kind, versionLabel }) => [kind, versionLabel]),
    [
      ['license', null],
      ['file', '1.2.0'],
    ],
  );
});

test('who downloads without end is asked to wait', async (context) => {
  const { ask, portal, cookie, clock } = context;
  let status = 200;
  let asked = 0;
  for (; status === 200 && asked < 300; asked += 1)
    status = (await ask(`${portal}/license`, { headers: { cookie } })).status;
  assert.is(status, 429);
  assert.ok(asked > 150);
  clock.now += 60_000;
  assert.is((await ask(`${portal}/license`, { headers: { cookie } })).status, 200);
});

test.run();
