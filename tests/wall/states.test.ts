import { strict as assert } from 'node:assert';
import { suite } from 'uvu';
import { type WallStage, openWallStage, tileOf, tiles, verdict } from './stage.ts';

const test = suite<{ stage: WallStage }>('the states of a wall');
test.before(async (context) => {
  context.stage = await openWallStage();
});
test.after(async ({ stage }) => {
  process.kill(stage.server.pid, 'SIGCONT');
  await stage.close();
});

const soon = { timeout: 10_000 };

test('nothing has ever checked in, then all is clear, then there is a problem: each looks different', async ({
  stage,
}) => {
  const { path } = await stage.create();
  const page = await stage.watch(path);
  await page.getByText('Nothing has ever checked in').waitFor(soon);
  await verdict(page).getByText('No instances').waitFor(soon);
  assert.equal(await page.locator('.is-clear').count(), 0, 'nothing is green');

  await stage.report(
    { instanceId: 'north', status: 'ready' },
    { instanceId: 'south', status: 'ready' },
  );
  await tileOf(page, 'south: Ready').waitFor(soon);
  await verdict(page).getByText('All clear').waitFor(soon);
  assert.equal(await page.getByText('100 %').count(), 1);
  assert.equal(await page.getByText('Nothing has ever checked in').count(), 0);

  await stage.report({ instanceId: 'south', status: 'unavailable' });
  await tileOf(page, 'south: Unavailable').waitFor(soon);
  await verdict(page).getByText('1 problem').waitFor(soon);
  assert.equal(await page.locator('.is-clear').count(), 0);
  assert.match((await tiles(page).first().getAttribute('aria-label')) ?? '', /south: Unavailable/);
  const news = page.locator('.wall-news-item').first();
  await news.getByText('Unavailable').waitFor(soon);
  assert.match(await news.innerText(), /Geeglo · south[^]*Ready[^]*→[^]*Unavailable[^]*\d+ s/);
  await page.context().close();
});

test('the scope and the redaction of the screen hold on the wall', async ({ stage }) => {
  await stage.report({ instanceId: 'north', status: 'ready', tags: { ring: 'one' } });
  const { path } = await stage.create({
    redaction: 'none',
    scope: { tags: ['ring=one'] },
    options: { theme: 'light' },
  });
  const page = await stage.watch(path);
  await tiles(page).first().waitFor(soon);
  assert.equal(await tiles(page).count(), 1);
  const said = await page.content();
  assert.ok(!said.includes('Geeglo') && !said.includes('north'), 'no name is on the page');
  assert.match(await page.locator('.wall-title').innerText(), /^Customer \d+$/);
  assert.equal(await page.locator('.wall-light').count(), 1);
  await page.context().close();
});

test('old data never stands as current: amber, then stripes from edge to edge, then well by itself', async ({
  stage,
}) => {
  const { path } = await stage.create();
  const page = await stage.watch(path);
  await page.clock.install();
  await page.reload();
  await tileOf(page, 'north').waitFor(soon);
  await page.locator('.wall[data-level="fresh"]').waitFor(soon);
  const banner = page.getByRole('alert').filter({ hasText: 'DATA STALE since' });

  process.kill(stage.server.pid, 'SIGSTOP');
  await page.clock.fastForward(16_000);
  await page.getByText(/^Not confirmed for 1\d s/).waitFor(soon);
  assert.equal(await banner.count(), 0);

  await page.clock.fastForward(15_000);
  await banner.waitFor(soon);
  assert.match(await banner.innerText(), /DATA STALE since \d\d:\d\d/);
  assert.match(await verdict(page).innerText(), /Not current/);
  const looks = await page.evaluate(`({
    filter: getComputedStyle(document.querySelector('.wall-board')).filter,
    width: document.querySelector('.wall-banner').getBoundingClientRect().width,
    ready: getComputedStyle(document.querySelector('.wall-tile[data-state="ready"]')).color,
  })`);
  assert.deepEqual(looks, { filter: 'grayscale(1)', width: 1920, ready: 'rgb(180, 189, 202)' });

  process.kill(stage.server.pid, 'SIGCONT');
  await page.locator('.wall[data-level="fresh"]').waitFor({ timeout: 25_000 });
  assert.equal(await banner.count(), 0);
  await stage.report({ instanceId: 'north', status: 'degraded' });
  await tileOf(page, 'north: Degraded').waitFor(soon);
  await stage.report({ instanceId: 'north', status: 'ready' });
  await tileOf(page, 'north: Ready').waitFor(soon);
  await page.context().close();
});

test('a screen whose cookie is gone exchanges its token again, and misses nothing', async ({
  stage,
}) => {
  const { path } = await stage.create();
  const page = await stage.watch(path);
  await tileOf(page, 'north').waitFor(soon);
  await page.context().clearCookies({ name: /^rollcall_screen/ });
  await page.context().setOffline(true);
  await stage.report({ instanceId: 'north', status: 'missing' });
  await page.context().setOffline(false);
  await page.evaluate(`window.dispatchEvent(new Event('online'))`);
  await tileOf(page, 'north: Missing').waitFor({ timeout: 20_000 });
  const cookies = await page.context().cookies(`${stage.server.url}/api/wall`);
  assert.ok(cookies.some(({ name, httpOnly }) => name.startsWith('rollcall_screen') && httpOnly));
  assert.ok(page.url().endsWith(path), 'the token stays in the address');
  await page.context().close();
});

test('a screen says its name, loads itself anew and ends when it is told to', async ({ stage }) => {
  const { screen, path } = await stage.create({ name: 'By the lift' });
  const page = await stage.watch(path);
  await page.locator('.wall[data-level="fresh"]').waitFor(soon);
  await stage.tell(screen, 'identify');
  await page.locator('.identify').getByText('By the lift').waitFor(soon);

  const loaded = page.waitForEvent('load', soon);
  await stage.tell(screen, 'reload');
  await loaded;
  await page.locator('.wall[data-level="fresh"]').waitFor(soon);

  await stage.tell(screen, 'revoke');
  await page.getByText('This screen was revoked').waitFor(soon);
  assert.equal(await tiles(page).count(), 0);
  assert.equal(await page.locator('.is-clear, .is-ready').count(), 0);
  await page.reload();
  await page.getByText('This screen was revoked').waitFor(soon);
  await page.context().close();
});

test('an address without a token, or with one that nobody made, says so', async ({ stage }) => {
  const page = await stage.watch('/wall');
  await page.getByText('This address has no token').waitFor(soon);
  await page.goto(`${stage.server.url}/wall?x#nobody-made-this`);
  await page.getByText('No screen is known by this address').waitFor(soon);
  await page.context().close();
});

test('a remote control walks over the tiles, and the address may carry options', async ({
  stage,
}) => {
  const { path } = await stage.create();
  const page = await stage.watch(path.replace('#', '?theme=light&tz=Asia/Tokyo#'));
  await tileOf(page, 'north').waitFor(soon);
  assert.equal(await page.locator('.wall-light').count(), 1);
  assert.match(await page.locator('.wall-clock').innerText(), /GMT\+9|JST/);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const focused = page.locator('.wall-focus');
  assert.equal(await focused.count(), 1);
  const words = (await focused.getAttribute('aria-label')) ?? '';
  assert.ok((await page.locator('.wall-notice').innerText()).includes(words.split(',')[0] ?? '?'));
  await page.keyboard.press('Escape');
  assert.equal(await focused.count(), 0);
  await page.context().close();
});

test('the operations view opens on a key from any page, and is left the same way', async ({
  stage,
}) => {
  const page = await stage.open('/customers');
  const search = page.locator('main input').first();
  await search.press('w');
  assert.equal(await search.inputValue(), 'w', 'a letter that is typed is a letter');
  await page.goto(`${stage.server.url}/customers`);
  await page.locator('main input').first().waitFor();
  await page.keyboard.press('w');
  await tileOf(page, 'north').waitFor(soon);
  assert.equal(new URL(page.url()).pathname, '/operations');
  const room = await page.evaluate(`({
    scroll: document.documentElement.scrollHeight > innerHeight,
    full: document.fullscreenElement !== null,
  })`);
  assert.deepEqual(room, { scroll: false, full: true });
  await stage.report({ instanceId: 'north', status: 'degraded' });
  await tileOf(page, 'north: Degraded').waitFor(soon);
  await stage.report({ instanceId: 'north', status: 'ready' });
  await tileOf(page, 'north: Ready').waitFor(soon);
  await page.keyboard.press('w');
  await page.waitForURL('**/customers', soon);

  await page.goto(`${stage.server.url}/operations?tags=ring%3Done`);
  await tileOf(page, 'north').waitFor(soon);
  assert.equal(await tiles(page).count(), 1);
  await page.context().close();
});

test.run();
