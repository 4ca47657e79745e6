import { eq, sql } from 'drizzle-orm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { appLogos, apps, licenses, releases } from '#db/schema.ts';
import { licenseIds } from '../support/fleet.ts';
import { addressOf, contents, type PortalHouse, sharePortal } from './house.ts';
import { addFile, logIn, portalOf, setPassword } from './visit.ts';

const test = suite<PortalHouse>('what a customer finds in the portal');
sharePortal(test);

const page = async ({ ask, portal, cookie }: PortalHouse, query = ''): Promise<string> =>
  (await ask(portal + query, { headers: { cookie } })).text();

test('the customer, the app, the license, and the channel’s releases with their files and sums', async (context) => {
  const text = await page(context);
  for (const part of [
    'Acme Search',
    'Downloads for Geeglo',
    'Never expires',
    'geeglo-license.yaml',
    '1.2.0',
    '1.1.0',
    '1.0.0',
    '3 Oct 2026',
    context.bundle.sha256,
    context.chart.sha256,
    'acme chart (1.2.0).tgz',
    'Air gap bundle',
    addressOf(context.portal, context.bundle),
  ])
    assert.ok(text.includes(part), part);
  assert.ok(text.indexOf('>1.2.0<') < text.indexOf('>1.0.0<'), 'newest first');
  assert.not.ok(text.includes('2.0.0-beta.1'), 'another channel’s release');
  assert.not.ok(
    text.includes(licenseIds.geeglo),
    'the license id stands in the license file alone',
  );
});

test('notes are shown as written, and nothing in them acts', async (context) => {
  const { db } = context.house.fresh;
  const notes = '**Faster** search.\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))';
  await db.update(releases).set({ releaseNotes: notes }).where(eq(releases.versionLabel, '1.2.0'));
  const text = await page(context);
  assert.match(text, '<strong>Faster</strong> search.');
  assert.not.match(text, '<script>alert');
  assert.not.match(text, /href="javascript/i);
});

test('names that hold markup are text', async (context) => {
  const { house, ask, vendor } = context;
  const name = '"><img src=x onerror=alert(1)>.txt';
  const added = await addFile(ask, vendor, { name, content: contents.chart });
  await house.fresh.db.update(apps).set({ name: '<b>Acme' }).where(eq(apps.slug, 'acme'));
  const text = await page(context);
  assert.not.match(text, '<img');
  assert.not.match(text, '<b>Acme');
  await house.fresh.db.update(apps).set({ name: 'Acme Search' }).where(eq(apps.slug, 'acme'));
  await ask(`/api/files/${added.id}`, { method: 'DELETE', headers: vendor });
});

test('a demoted release is not offered any more', async (context) => {
  const { db } = context.house.fresh;
  const demote = (at: Date | null) =>
    db.update(releases).set({ demotedAt: at }).where(eq(releases.versionLabel, '1.1.0'));
  await demote(new Date());
  assert.not.ok((await page(context)).includes('1.1.0'));
  await demote(null);
  assert.ok((await page(context)).includes('1.1.0'));
});

test('an air gap bundle is neither shown nor given without that feature', async (context) => {
  const { house, ask, portal, cookie, bundle, chart } = context;
  const { db } = house.fresh;
  const grant = (features: ('airgap' | 'gitops')[]) =>
    db.update(licenses).set({ features }).where(eq(licenses.customerId, 'geeglo'));
  await grant(['gitops']);
  const text = await page(context);
  assert.not.ok(text.includes(bundle.name));
  assert.ok(text.includes(chart.name));
  const headers = { cookie };
  assert.is((await ask(addressOf(portal, bundle), { headers })).status, 404);
  assert.is((await ask(addressOf(portal, chart), { headers })).status, 200);
  await grant(['airgap']);
  assert.is((await ask(addressOf(portal, bundle), { headers })).status, 200);
});

test('an expired license says so, and is still handed out with what it says', async (context) => {
  const { house, ask, vendor } = context;
  const portal = await portalOf(house.fresh.db, 'lapsed');
  await setPassword(ask, vendor, 'lapsed');
  const cookie = await logIn(ask, portal);
  const text = await page({ ...context, portal, cookie });
  assert.match(text, 'Expired on 28 Jul 2026');
  assert.match(text, 'This license has expired');
  const license = await ask(`${portal}/license`, { headers: { cookie } });
  assert.match(await license.text(), '2026-07-28T08:00:00Z');
});

test('an archived customer’s portal is not there, and neither is what it held', async (context) => {
  const { house, ask, vendor } = context;
  const { db } = house.fresh;
  const portal = await portalOf(db, 'lapsed');
  const cookie = await logIn(ask, portal);
  await db.execute(sql`update customers set archived_at = now() where id = 'lapsed'`);
  const nowhere = await (await ask('/portal/0123456789abcdef0123456789abcdef')).text();
  const headers = { cookie };
  for (const path of ['', '/license', `/files/${context.chart.id}/x`, '/logo/x']) {
    const answer = await ask(portal + path, { headers });
    assert.is(answer.status, 404, path);
    assert.is(await answer.text(), nowhere, path);
  }
  const login = await ask(`${portal}/login`, { method: 'POST', body: 'password=x' });
  assert.is(login.status, 404);
  assert.is(await login.text(), nowhere);
  await setPassword(ask, vendor, 'lapsed');
  assert.is((await ask(portal, { headers })).status, 404, 'a new password changes nothing');
  await db.execute(sql`update customers set archived_at = null where id = 'lapsed'`);
});

test('the pages have a policy of their own, are kept nowhere and indexed by nobody', async ({
  ask,
  portal,
  cookie,
}) => {
  for (const path of [portal, '/portal/nowhere']) {
    const { headers } = await ask(path, { headers: { cookie } });
    assert.is(
      headers.get('content-security-policy'),
      "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    assert.is(headers.get('cache-control'), 'no-store');
    assert.is(headers.get('x-content-type-options'), 'nosniff');
    assert.is(headers.get('referrer-policy'), 'same-origin');
    assert.match(headers.get('x-robots-tag')!, 'noindex');
  }
});

test('style, script and colours are found where the page says, and kept for good', async (context) => {
  const text = await page(context);
  const assets = [...text.matchAll(/(?:href|src)="(\/portal\/assets\/[^"]+)"/g)].map(
    ([, at]) => at!,
  );
  assert.is(assets.length, 3);
  for (const at of assets) {
    const answer = await context.ask(at);
    assert.is(answer.status, 200, at);
    assert.match(answer.headers.get('cache-control')!, 'immutable');
    assert.match(answer.headers.get('content-type')!, at.endsWith('.js') ? 'javascript' : 'css');
  }
  for (const at of ['nothing.css', '..%2fportal.css', 'zzzzzz.css', 'constructor'])
    assert.is((await context.ask(`/portal/assets/${at}`)).status, 404, at);
});

test('the app’s own colour and logo stand on its pages, and before the login too', async (context) => {
  const { ask, portal, house } = context;
  const { db } = house.fresh;
  const content = Buffer.from('a picture');
  await db.insert(appLogos).values({ appSlug: 'acme', digest: 'd1', content });
  await db.update(apps).set({ accentColor: '#FFEE00' }).where(eq(apps.slug, 'acme'));
  const text = await (await ask(portal)).text();
  assert.match(text, `${portal}/logo/d1`);
  const theme = await (await ask('/portal/assets/ffee00.css')).text();
  assert.match(text, '/portal/assets/ffee00.css');
  assert.match(theme, '--accent-fill: #ffee00');
  assert.match(theme, '--on-accent: #000000');
  const logo = await ask(`${portal}/logo/d1`);
  assert.is(logo.headers.get('content-type'), 'image/png');
  assert.match(logo.headers.get('cache-control')!, 'immutable');
  assert.equal(await logo.bytes(), new Uint8Array(content));
  assert.is((await ask(`${portal}/logo/d2`)).status, 404);
});

test('install instructions with the customer’s own license id, once the vendor has said where charts lie', async (context) => {
  assert.not.match(await page(context), 'helm registry login');
  const { db } = context.house.fresh;
  const registry = { helmRegistry: 'registry.acme.example/charts' };
  await db.update(apps).set(registry).where(eq(apps.slug, 'acme'));
  const text = await page(context);
  assert.match(text, 'helm registry login');
  assert.match(text, 'registry.acme.example');
  assert.ok(text.includes(licenseIds.geeglo));
  assert.not.ok(text.includes('Apps →'), 'nothing that is meant for the vendor');
});

test('a channel with many releases is read in pages', async (context) => {
  const { db } = context.house.fresh;
  const many = Array.from({ length: 45 }, (_, n) => ({
    channelId: 'acme-stable',
    channelSequence: 10 + n,
    releaseSequence: 100 + n,
    versionLabel: `3.${n}.0`,
    promotedAt: new Date('2026-10-05T09:00:00Z'),
  }));
  await db.insert(releases).values(many);
  const seen: string[] = [];
  for (let query = ''; ;) {
    const text = await page(context, query);
    seen.push(
      ...[...text.matchAll(/card release"[^]*?<h3>([^<]+)<\/h3>/g)].map(([, label]) => label!),
    );
    const next = /\?before=\d+/.exec(text);
    if (!next) break;
    query = next[0];
  }
  assert.is(seen.length, 48);
  assert.is(seen[0], '3.44.0');
  assert.is(seen.at(-1), '1.0.0');
  assert.is(new Set(seen).size, 48);
});

test('nothing below /portal is the dashboard', async ({ ask }) => {
  for (const path of [
    '/portal',
    '/portal/',
    '/portal/x/y/z',
    '/portal/index.html',
    '/portal/%00',
  ]) {
    const answer = await ask(path);
    assert.is(answer.status, 404, path);
    assert.not.match(await answer.text(), '_app/');
  }
});

test.run();
