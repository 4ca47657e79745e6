import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import { hearingSpans } from '#db/schema.ts';
import { findGraveInBothThemes } from './axe.ts';
import { seedEvents, seedInstance } from '../reports/seed.ts';
import { type Stage, openStage, until } from './stage.ts';

const hour = 3_600_000;
const day = 24 * hour;
const now = Date.now();
const ago = (time: number) => new Date(now - time);
const test = suite<{ stage: Stage }>('the uptime of an instance');
test.before(async (context) => {
  context.stage = await openStage({
    // Nobody listened for most of the day before yesterday.
    prepare: async (db) => {
      await db.insert(hearingSpans).values([
        { fromAt: ago(30 * day), toAt: ago(2.5 * day) },
        { fromAt: ago(2 * day), toAt: ago(0) },
      ]);
      // When it turned from the one to the other nobody knows: it was ready before, and degraded after.
      const unheard = await seedInstance(db, {
        ...{ instanceId: 'unheard', facts: { status: 'degraded' }, attention: 'degraded' },
        ...{ firstSeenAt: ago(4 * day), statusSince: ago(2 * day), lastEventAt: ago(2 * day) },
      });
      await seedEvents(db, unheard, [
        { at: now - 4 * day, before: null, after: 'ready' },
        { at: now - 2 * day, before: 'ready', after: 'degraded', unheardSince: now - 2.6 * day },
      ]);
    },
  });
  const said = (time: number, more: object) => ({
    ...{ instanceId: 'with-a-past', source: 'airgap', reportedAt: ago(time).toISOString() },
    ...more,
  });
  await context.stage.report(
    said(9 * day, { status: 'ready' }),
    said(8 * day, { status: 'unavailable' }),
    said(7.9 * day, { status: 'ready' }),
    said(5 * day, {
      ...{ status: 'degraded', sdkVersion: '1.12.0' },
      metrics: { users: 1, seats: 5, plan: 'team' },
    }),
    said(4.9 * day, { status: 'ready' }),
  );
  await context.stage.report({ instanceId: 'with-a-past', status: 'ready' });
});
test.after(({ stage }) => stage.close());

const graph = (page: Page) => page.getByRole('slider', { name: /^Uptime of/ });
const markers = (page: Page) => page.getByRole('group', { name: 'Changes' }).getByRole('button');
const series = (page: Page, name: string) =>
  page.getByRole('slider', { name: `${name} over time` });
const lines = (page: Page) => page.locator('a.event');
async function open(stage: Stage, query = '', instance = 'with-a-past') {
  const page = await stage.open(`/customers/geeglo/instances/${instance}${query}`);
  await graph(page).waitFor();
  await lines(page).first().waitFor();
  return page;
}

test('each range has its bars, and the address names it', async ({ stage }) => {
  const page = await open(stage);
  for (const [range, words, least, most] of [
    ['2d', '2 days', 48, 48],
    ['45d', '45 days', 45, 45],
    ['1y', '1 year', 53, 53],
    ['all', 'All', 59, 60],
    // Thirds of days: today has one, two or three so far.
    ['2w', '2 weeks', 40, 42],
  ] as const) {
    await page.getByRole('group', { name: 'Range', exact: true }).getByText(words).click();
    await page.getByRole('slider', { name: new RegExp(`^Uptime of ${words}:`) }).waitFor();
    await page.waitForURL(new RegExp(`range=${range}`));
    const bars = Number(await graph(page).getAttribute('aria-valuemax')) + 1;
    assert.ok(bars >= least && bars <= most, `${range} has ${bars} bars`);
  }
  await page.reload();
  await page.getByRole('slider', { name: /^Uptime of 2 weeks/ }).waitFor();
  assert.deepEqual(await findGraveInBothThemes(page), []);
  await page.context().close();
});

test('the last bar grows, and Rollcall’s own silence is named where it was', async ({ stage }) => {
  const page = await open(stage, '?range=2d');
  const up = page.locator('svg[role="slider"] path.bar-up').first();
  const before = await up.getAttribute('d');
  await until(async () => (await up.getAttribute('d')) !== before);
  await page.getByText('2 weeks').first().click();
  await page.getByRole('slider', { name: /^Uptime of 2 weeks/ }).waitFor();
  await page.locator('rect.outage').first().waitFor({ state: 'attached' });
  await page.getByText('Rollcall was not listening').last().waitFor();
  await graph(page).focus();
  const heard: string[] = [];
  for (let step = 0; step < 14; step += 1) {
    await page.keyboard.press('ArrowLeft');
    heard.push((await graph(page).getAttribute('aria-valuetext')) ?? '');
  }
  assert.ok(heard.some((text) => text.includes('Rollcall was not listening')));
  assert.equal(new Set(heard).size, heard.length, 'every bar is reached, and says its own span');
  await page.keyboard.press('End');
  await page.getByRole('tooltip').filter({ hasText: 'now' }).waitFor();
  await page.context().close();
});

test('a marker leads to its event, more than two to their span, and an event lights its bar', async ({
  stage,
}) => {
  const page = await open(stage);
  const single = page.getByRole('button', { name: /^1 change,.*App status Unavailable → Ready/ });
  const one = (await single.count()) > 0 ? single : markers(page).first();
  await one.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/event=\d+/);
  await page.locator('a.event:focus[aria-current="true"]').waitFor();
  await page.locator('.markers .lit').waitFor();

  const group = page.getByRole('button', { name: /^([3-9]|\d\d) changes,.*and \d+ more/ });
  const bucket = await group.first().getAttribute('data-bucket');
  await group.first().click();
  await page.waitForURL(/after=.*before=/);
  await page.locator('rect.selection').waitFor();
  const count = Number((await group.first().getAttribute('aria-label'))?.match(/^\d+/)?.[0]);
  await page.getByText('Nothing older fits.').waitFor();
  assert.equal(await lines(page).count(), count);
  await lines(page).nth(1).hover();
  assert.equal(await page.locator('.markers .lit').getAttribute('data-bucket'), bucket);
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await page.locator('rect.selection').waitFor({ state: 'detached' });
  await page.context().close();
});

test('a span is drawn by pointer and by keys, and narrows the activity', async ({ stage }) => {
  const page = await open(stage);
  const box = (await graph(page).boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.5, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + 40, { steps: 4 });
  await page.locator('rect.selection').waitFor();
  await page.mouse.up();
  await page.waitForURL(/after=.*before=/);
  const drawn = new URL(page.url()).searchParams;
  const length = Date.parse(drawn.get('before')!) - Date.parse(drawn.get('after')!);
  assert.ok(length > 3 * day && length < 6 * day, `${length / day} days`);

  await graph(page).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('before') !== drawn.get('before'));
  const keyed = new URL(page.url()).searchParams;
  assert.equal(Date.parse(keyed.get('before')!) - Date.parse(keyed.get('after')!), day);
  await page.context().close();
});

test('the ratio explains itself: what was counted, what not, and the formula', async ({
  stage,
}) => {
  const page = await open(stage);
  await page.getByRole('button', { name: /How it was computed/ }).press('Enter');
  const drawer = page.getByRole('dialog');
  await drawer.getByText('(up + degraded) ÷ (up + degraded + down)').waitFor();
  await drawer.getByText(/ ÷ .* = \d+(\.\d+)? %/).waitFor();
  await drawer.getByText('no data: before the first status').waitFor();
  await drawer
    .getByText(/^no data: (?!before)/)
    .first()
    .waitFor();
  await drawer.getByText('Unavailable').waitFor();
  assert.deepEqual(await findGraveInBothThemes(page), []);
  await page.keyboard.press('Escape');
  await page.locator('button:focus', { hasText: 'How it was computed' }).waitFor();
  await page.context().close();
});

test('what Rollcall did not hear itself is named where it is counted, and in the graph', async ({
  stage,
}) => {
  const page = await open(stage, '', 'unheard');
  await page.getByRole('button', { name: /How it was computed/ }).click();
  const lines = page.getByRole('dialog').getByRole('row');
  const deaf = lines.filter({ hasText: 'no data: Rollcall was not listening' });
  await deaf.getByText('12 h').waitFor();
  assert.equal(await deaf.count(), 1);
  await page.keyboard.press('Escape');
  await page.locator('rect.outage').first().hover();
  const told = page.getByRole('tooltip').filter({ hasText: 'Rollcall was not listening' });
  await told.filter({ hasText: 'No data' }).waitFor();
  await page.context().close();
});

test('Tab alone reaches all that can be asked or changed, in reading order, and shows where it is', async ({
  stage,
}) => {
  const page = await open(stage);
  const waited = [
    /^Archive/,
    /%.*What was counted/,
    /how the instance’s time to install/i,
    /how the license’s time to install/i,
    /^Edit the name/,
    /^Copy the instance id/,
    /^Add a tag/,
    /^2 weeks/,
    /%.*How it was computed/,
    /^\d+ changes?, /,
    /^Uptime of 2 weeks/,
    /^2 weeks/,
    /^Plan over time/,
    /^Seats over time/,
    /^Search the activity/,
    /^Category/,
    /^Time span/,
    /\d\d:\d\d:\d\d$/,
    /^Copy link to this activity/,
  ];
  await page.getByRole('heading', { level: 1 }).waitFor();
  await series(page, 'Seats').waitFor();
  await page.evaluate(
    `document.querySelector('h1').tabIndex = -1; document.querySelector('h1').focus()`,
  );
  const reached: string[] = [];
  for (let step = 0; waited.length > 0 && step < 40; step += 1) {
    await page.keyboard.press('Tab');
    const { name, ring } = await page.evaluate<{ name: string; ring: boolean }>(`(() => {
      const one = document.activeElement;
      const label = one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent;
      const said = label ?? [...one.childNodes].map((part) =>
        part.getAttribute?.('aria-label') ?? part.querySelector?.('[aria-label]')?.getAttribute('aria-label') ?? part.textContent).join(' ');
      const rings = [one, one.closest('label'), one.parentElement].filter(Boolean);
      const ring = rings.some((part) => getComputedStyle(part).outlineStyle === 'solid');
      return { name: said.replaceAll(/\\s+/g, ' ').trim(), ring };
    })()`);
    reached.push(name);
    assert.ok(ring, `${name} shows that it has the focus`);
    if (waited[0]!.test(name)) waited.shift();
  }
  assert.deepEqual(waited, [], reached.join(' | '));
  await page.context().close();
});

test('insights tell the times to install, and how each was computed', async ({ stage }) => {
  const page = await open(stage);
  const insights = page.getByRole('region', { name: 'Insights' });
  await insights.getByRole('button', { name: /^\d+(\.\d+)? %/ }).click();
  await page.getByRole('dialog').getByText('Uptime since it was first seen').waitFor();
  await page
    .getByRole('dialog')
    .getByText(/ ÷ .* %/)
    .waitFor();
  await page.keyboard.press('Escape');
  await insights.getByRole('button', { name: /instance’s time to install/ }).click();
  const sums = page.getByRole('dialog');
  await sums.getByText('First seen').waitFor();
  await sums.getByText('License created').waitFor();
  assert.equal(await sums.getByText(/= [−\d]/).count(), 2, 'both come to something');
  await page.context().close();
});

test.run();
