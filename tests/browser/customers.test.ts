import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { eq, sql } from 'drizzle-orm';
import { suite } from 'uvu';
import { openDatabase } from '#db/client.ts';
import { customers } from '#db/schema.ts';
import { announceCustomers } from '#server/store/announce.ts';
import { type Stage, customerRowOf as rowOf, openStage } from './stage.ts';

const test = suite<{ stage: Stage }>('customers in the browser');
test.before(async (context) => {
  context.stage = await openStage();
});
test.after(({ stage }) => stage.close());

const names = (page: Page) => page.locator('.customer-row a.name').allInnerTexts();
const live = (page: Page) => page.getByText('Live', { exact: true }).waitFor();
const untilFocused = (page: Page, name: string) =>
  page.locator('a.name:focus', { hasText: name }).waitFor();

test('a row turns while it is looked at: status, counts, last check-in', async ({ stage }) => {
  const page = await stage.open('/customers');
  const row = rowOf(page, 'Geeglo');
  await row.getByText('No instance').waitFor();
  await live(page);
  await page.evaluate(`document.body.setAttribute('data-mark', '')`);
  await stage.report({ instanceId: 'turning', status: 'ready', versionLabel: '1.2.0' });
  await row.getByText('Ready', { exact: true }).waitFor({ timeout: 4_000 });
  await row.locator('.active', { hasText: '1' }).waitFor();
  await row.locator('time').waitFor();
  await stage.report({ instanceId: 'turning', status: 'unavailable' });
  await row.getByText('Unavailable').waitFor({ timeout: 4_000 });
  assert.equal(await page.locator('body[data-mark]').count(), 1, 'without a reload');
  await page.context().close();
});

test('an edit elsewhere shows at once, in the list and on the customer’s and the instance’s page', async ({
  stage,
}) => {
  const pages = [
    await stage.open('/customers'),
    await stage.open('/customers/geeglo'),
    await stage.open('/customers/geeglo/instances/turning'),
    await stage.open('/'),
  ];
  await Promise.all(pages.map(live));
  const other = await openDatabase({ databaseUrl: stage.databaseUrl, dataDir: '' }, { max: 1 });
  await other.db.transaction(async (tx) => {
    const revision = sql`revision + 1`;
    await tx
      .update(customers)
      .set({ name: 'Geeglo & Daughters', revision })
      .where(eq(customers.id, 'geeglo'));
    await announceCustomers(tx, ['geeglo']);
  });
  await other.close();
  for (const page of pages)
    await page.getByText('Geeglo & Daughters').first().waitFor({ timeout: 5_000 });
  await Promise.all(pages.map((page) => page.context().close()));
});

test('filters, search and order stand in the address, and come back from it', async ({ stage }) => {
  const page = await stage.open('/customers');
  await rowOf(page, 'Lapsed').waitFor();
  assert.deepEqual((await names(page)).slice(1), ['Lapsed & Sons', 'Roamway']);
  await page.getByRole('combobox', { name: 'Expiry' }).selectOption('expired');
  await page.waitForURL(/expiring=expired/);
  await page.getByText('1 matches').waitFor();
  assert.deepEqual(await names(page), ['Lapsed & Sons']);
  await rowOf(page, 'Lapsed').getByText('Expired 28 Jul 2026').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByRole('button', { name: 'With problems' }).click();
  await page.waitForURL(/problems=true/);
  await rowOf(page, 'Lapsed').waitFor({ state: 'detached' });
  await page.goto(`${stage.server.url}/customers?archived=true&search=GONE`);
  await rowOf(page, 'Gone Inc.').getByText('Archived').waitFor();
  assert.equal(
    await page.getByRole('button', { name: 'Archived too' }).getAttribute('aria-pressed'),
    'true',
  );
  await page.getByRole('textbox', { name: 'Search customers' }).fill('nobody at all');
  await page.getByText('No customer fits').waitFor();
  const head = page.getByRole('columnheader', { name: 'Check-in' });
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await head.getByRole('button').click();
  await page.waitForURL(/sort=lastCheckIn/);
  await head.getByRole('button').click();
  await page.waitForURL(/direction=desc/);
  assert.equal(await head.getAttribute('aria-sort'), 'descending');
  await page.context().close();
});

test('the list is walked, searched and opened without a pointer, and the way back leads to it', async ({
  stage,
}) => {
  const page = await stage.open('/customers');
  await rowOf(page, 'Roamway').waitFor();
  await page.keyboard.press('j');
  await untilFocused(page, 'Geeglo');
  await page.keyboard.press('End');
  await untilFocused(page, 'Roamway');
  await page.keyboard.press('k');
  await untilFocused(page, 'Lapsed');
  await page.keyboard.press('/');
  await page.keyboard.type('roam');
  await page.getByText('1 matches').waitFor();
  await page.keyboard.press('Escape');
  await rowOf(page, 'Geeglo').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await untilFocused(page, 'Geeglo');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/customers\/geeglo$/);
  const crumbs = page.getByRole('navigation', { name: 'Breadcrumb' });
  await crumbs.getByRole('link', { name: 'Customers' }).press('Enter');
  await page.waitForURL(/\/customers$/);
  await rowOf(page, 'Roamway').waitFor();
  await page.context().close();
});

test('the order is frozen while the pointer is in the table', async ({ stage }) => {
  await stage.report({ instanceId: 'turning', status: 'ready' });
  const page = await stage.open('/customers?sort=lastCheckIn&direction=desc');
  await rowOf(page, 'Geeglo').getByText('Ready', { exact: true }).waitFor();
  await live(page);
  await page.goto(`${stage.server.url}/customers?sort=worst&direction=desc`);
  await rowOf(page, 'Geeglo').waitFor();
  await live(page);
  await rowOf(page, 'Geeglo').hover();
  await page.waitForTimeout(1_200);
  const other = await openDatabase({ databaseUrl: stage.databaseUrl, dataDir: '' }, { max: 1 });
  await other.db.transaction(async (tx) => {
    const revision = sql`revision + 1`;
    await tx
      .update(customers)
      .set({ archivedAt: new Date(), revision })
      .where(eq(customers.id, 'roamway'));
    await announceCustomers(tx, ['roamway']);
  });
  const button = page.getByRole('button', { name: '1 change in order – show' });
  await button.waitFor({ timeout: 5_000 });
  assert.equal(await rowOf(page, 'Roamway').count(), 1);
  await button.click();
  await rowOf(page, 'Roamway').waitFor({ state: 'detached' });
  await other.db.update(customers).set({ archivedAt: null }).where(eq(customers.id, 'roamway'));
  await other.close();
  await page.context().close();
});

test('of hundreds of customers only those on screen are here, and the last is one key away', async ({
  stage,
}) => {
  const other = await openDatabase({ databaseUrl: stage.databaseUrl, dataDir: '' }, { max: 1 });
  await other.db.execute(sql`
    insert into customers (id, app_slug, channel_id, name)
    select 'many-' || n, 'acme', 'acme-stable', 'Many ' || lpad(n::text, 3, '0') || repeat(' of a long name', 12)
    from generate_series(1, 240) n`);
  await other.db.execute(sql`
    insert into licenses (customer_id, license_id, type, created_at, features, entitlements)
    select id, 'license of ' || id, 'paid', now(), '{}', '{}' from customers where id like 'many-%'`);
  await other.db.transaction((tx) => announceCustomers(tx, ['many-1']));
  await other.close();
  const page = await stage.open('/customers?search=many');
  await page.getByText('240 match').waitFor();
  assert.ok((await page.locator('.customer-row').count()) < 60);
  await page.keyboard.press('j');
  await untilFocused(page, 'Many 001');
  await page.keyboard.press('End');
  await untilFocused(page, 'Many 240');
  const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
  assert.ok(Number(overflow) <= 0, 'long names are cut');
  await page.context().close();
});

test('the header leads from page to page, says where one is, and fits a small screen', async ({
  stage,
}) => {
  const page = await stage.open('/', { viewport: { width: 390, height: 844 } });
  const pages = page.getByRole('navigation', { name: 'Pages' });
  await pages.getByRole('link', { name: 'Fleet' }).waitFor();
  assert.equal(await pages.locator('[aria-current="page"]').innerText(), 'Fleet');
  await pages.getByRole('link', { name: 'Customers' }).press('Enter');
  await page.waitForURL(/\/customers$/);
  await rowOf(page, 'Geeglo').waitFor();
  assert.equal(await pages.locator('[aria-current="page"]').innerText(), 'Customers');
  await page.goto(`${stage.server.url}/customers/geeglo`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  assert.equal(await pages.locator('[aria-current="true"]').innerText(), 'Customers');
  const width = await page.evaluate('document.documentElement.scrollWidth');
  assert.ok(Number(width) <= 390, `${width} px wide`);
  await page.context().close();
});

test.run();
