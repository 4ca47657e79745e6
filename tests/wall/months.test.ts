import { strict as assert } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import type { Screen, ScreenList } from '#contract/screens.ts';
import { until } from '../browser/stage.ts';
import { runOlderBuild } from './older-build.ts';
import { audible, lockable } from './edge.ts';
import { type WallStage, openWallStage, tileOf, tiles } from './stage.ts';

// What a wall does by itself over the months in which nobody touches it.
const test = suite<{ stage: WallStage }>('months of a wall');
test.before(async (context) => {
  context.stage = await openWallStage();
  await context.stage.report(
    { instanceId: 'north', status: 'ready' },
    { instanceId: 'south', status: 'ready' },
  );
});
test.after(async ({ stage }) => {
  process.kill(stage.server.pid, 'SIGCONT');
  await stage.close();
});

const soon = { timeout: 10_000 };
const fresh = (page: Page) => page.locator('.wall[data-level="fresh"]');
const become = (stage: WallStage, status: string) => stage.report({ instanceId: 'south', status });

/** Shows the address with something of the browser's replaced from the first script on. */
async function watchWith(stage: WallStage, path: string, script: string): Promise<Page> {
  const page = await stage.watch(path);
  await page.addInitScript(script);
  await page.reload();
  await fresh(page).waitFor(soon);
  return page;
}

/** From an hour ago until in an hour. */
const nightNow = () => {
  const clock = (at: number) => new Date(at).toISOString().slice(11, 16);
  return { from: clock(Date.now() - 3_600_000), to: clock(Date.now() + 3_600_000) };
};

test('a chime sounds once for each new problem, not before somebody let sound through, and not in the quiet hours', async ({
  stage,
}) => {
  const { screen, path } = await stage.create({ options: { sound: true, tz: 'UTC' } });
  const page = await watchWith(stage, path, audible);
  const tones = async () => Number(await page.evaluate('window.tones'));
  const hint = page.getByText('Sound is blocked: press OK');
  const turn = async (status: string, words: string) => {
    await become(stage, status);
    await tileOf(page, `south: ${words}`).waitFor(soon);
    await sleep(400);
  };
  await hint.waitFor(soon);
  await turn('unavailable', 'Unavailable');
  assert.equal(await tones(), 0, 'the browser lets nothing through, and the wall says so');

  await page.keyboard.press('Enter');
  await hint.waitFor({ state: 'detached', ...soon });
  await turn('degraded', 'Degraded');
  assert.equal(await tones(), 0, 'a change of a problem is no new one');
  await turn('ready', 'Ready');
  await turn('unavailable', 'Unavailable');
  assert.equal(await tones(), 2, 'one chime is two tones');
  await page.evaluate(`window.dispatchEvent(new Event('online'))`);
  await sleep(1_500);
  assert.equal(await tones(), 2, 'what is read again is not new');
  await turn('ready', 'Ready');
  assert.equal(await page.locator('.wall-dim').count(), 0);

  await edit(stage, screen, { sound: true, tz: 'UTC', night: nightNow() });
  const dim = page.locator('.wall-dim');
  await dim.waitFor(soon);
  const looks = await page.evaluate(`(() => {
    const dim = document.querySelector('.wall-dim');
    const { width, height } = dim.getBoundingClientRect();
    const over = document.elementsFromPoint(960, 540)[0] !== dim;
    return { width, height, colour: getComputedStyle(dim).backgroundColor, over };
  })()`);
  const whole = { width: 1920, height: 1080, colour: 'rgba(0, 0, 0, 0.55)', over: true };
  assert.deepEqual(looks, whole, 'all of it is darker, and nothing is out of reach');
  await turn('unavailable', 'Unavailable');
  assert.equal(await tones(), 2, 'a problem of the night makes no sound');
  await turn('ready', 'Ready');

  await edit(stage, screen, { sound: true, tz: 'UTC', night: null });
  await dim.waitFor({ state: 'detached', ...soon });
  await page.context().close();
});

test('the display is kept on, and asked for again whenever the page is shown', async ({
  stage,
}) => {
  const { path } = await stage.create();
  const page = await watchWith(stage, path, lockable);
  const locks = () => page.evaluate('({ asked: window.locks.asked, held: window.locks.held })');
  await until(async () => JSON.stringify(await locks()) === '{"asked":1,"held":1}');
  await page.evaluate('window.show(false)');
  assert.deepEqual(await locks(), { asked: 1, held: 0 });
  await page.evaluate('window.show(true)');
  await until(async () => JSON.stringify(await locks()) === '{"asked":2,"held":1}');
  await page.context().close();
});

test('a display that the device lets go, though the page is shown, is asked for again, and again if it is refused', async ({
  stage,
}) => {
  const { path } = await stage.create();
  const page = await stage.watch(path);
  await page.clock.install();
  await page.addInitScript(lockable);
  await page.reload();
  await fresh(page).waitFor(soon);
  const holds = (asked: number, held: number) =>
    until(async () => {
      const locks = await page.evaluate('[window.locks.asked, window.locks.held]');
      return JSON.stringify(locks) === `[${asked},${held}]`;
    });
  await holds(1, 1);
  await page.clock.fastForward(60_000);
  await page.evaluate('window.locks.lose()');
  await holds(2, 1);

  await page.evaluate('window.locks.lose()');
  await sleep(500);
  await holds(2, 0);
  await page.evaluate('window.locks.refused = true');
  await page.clock.fastForward(10_000);
  await holds(3, 0);
  await page.evaluate('window.locks.refused = false');
  await page.clock.fastForward(10_000);
  await holds(4, 1);
  await page.context().close();
});

test('a new build is loaded by itself, once, and not while a problem is new', async ({ stage }) => {
  const { screen, path } = await stage.create();
  const page = await stage.watch(path);
  const rollOut = await runOlderBuild(page);
  await page.clock.install();
  await page.reload();
  await fresh(page).waitFor(soon);
  const runs = async () => (await read(stage, screen)).connections.map(({ build }) => build);
  await until(async () => (await runs()).includes('older'));

  let loads = 0;
  page.on('load', () => (loads += 1));
  await become(stage, 'unavailable');
  await tileOf(page, 'south: Unavailable').waitFor(soon);
  rollOut();
  await sleep(6_500);
  assert.equal(loads, 0, 'a beat has told of the new build, but somebody may be looking');

  await page.clock.fastForward(61_000);
  await until(() => Promise.resolve(loads === 1));
  await tileOf(page, 'south: Unavailable').waitFor(soon);
  const { build } = await list(stage);
  await until(async () => (await runs()).includes(build));
  await sleep(2_500);
  assert.equal(loads, 1);
  await become(stage, 'ready');
  await page.context().close();
});

test('against burn-in the picture stands elsewhere each minute, by one to four pixels, and nothing is cut', async ({
  stage,
}) => {
  const { path } = await stage.create();
  const page = await stage.watch(path);
  await page.clock.install();
  await page.reload();
  await tiles(page).first().waitFor(soon);
  await fresh(page).waitFor(soon);
  // Without beats the server's time goes on as this machine's does.
  process.kill(stage.server.pid, 'SIGSTOP');
  const places: { x: number; y: number; scroll: boolean }[] = [];
  for (let at = 0; at < 7; at += 1) {
    places.push(await page.evaluate(placed));
    await page.clock.fastForward(60_000);
    await sleep(100);
  }
  process.kill(stage.server.pid, 'SIGCONT');
  places.forEach(({ x, y, scroll }, at) => {
    for (const by of [x, y]) assert.ok(Math.abs(by) >= 1 && Math.abs(by) <= 4, `${x}, ${y}`);
    assert.equal(scroll, false);
    const before = places[at - 1];
    assert.ok(before === undefined || before.x !== x || before.y !== y, `minute ${at} moves it`);
  });
  await page.context().close();
});

const placed = `(() => {
  const { x, y } = document.querySelector('.wall').getBoundingClientRect();
  const { scrollWidth, scrollHeight } = document.documentElement;
  return { x, y, scroll: scrollWidth > innerWidth || scrollHeight > innerHeight };
})()`;

async function list({ server, owner }: WallStage): Promise<ScreenList> {
  const answer = await fetch(`${server.url}/api/screens`, { headers: { ...owner } });
  assert.ok(answer.ok);
  return (await answer.json()) as ScreenList;
}

async function read(stage: WallStage, { id }: Screen): Promise<Screen> {
  const found = (await list(stage)).screens.find((one) => one.id === id);
  assert.ok(found);
  return found;
}

async function edit(stage: WallStage, screen: Screen, options: object): Promise<void> {
  const { revision } = await read(stage, screen);
  const answer = await fetch(`${stage.server.url}/api/screens/${screen.id}`, {
    method: 'PATCH',
    headers: { ...stage.owner, 'content-type': 'application/json' },
    body: JSON.stringify({ revision, options }),
  });
  assert.ok(answer.ok, await answer.text());
}

test.run();
