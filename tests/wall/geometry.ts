import { strict as assert } from 'node:assert';
import type { Page } from 'playwright-core';
import { keyText } from '#lib/wall/steps.ts';
import { type WallStage, tiles } from './stage.ts';

/** How many instances each screen of the proof has: instance `n` has a tag for each fleet that it belongs to. */
export const fleets = [1, 12, 60, 300, 2000];
export const sizes = [
  [1280, 720],
  [1920, 1080],
  [3840, 2160],
  [1080, 1920],
  [2160, 3840],
] as const;

const statuses = ['degraded', 'unavailable', 'missing', 'updating'] as const;
/** One in twenty is in trouble, one in forty is updating. */
const statusOf = (n: number) =>
  n % 20 === 7 ? statuses[n % 3] : n % 40 === 11 ? statuses[3] : ('ready' as const);

/** Instances with names long and short, up to the largest of the fleets. */
export async function reportFleets(stage: WallStage, counts: readonly number[]): Promise<void> {
  const most = Math.max(...counts);
  const all = Array.from({ length: most }, (_, n) => ({
    instanceId: `${n}-of-many`,
    status: statusOf(n),
    tags: {
      name: n % 3 === 0 ? `production-eu-central-${n} with a long name` : `n${n}`,
      ...Object.fromEntries(counts.filter((count) => n < count).map((count) => [`f${count}`, 'y'])),
    },
  }));
  for (let from = 0; from < most; from += 500) await stage.report(...all.slice(from, from + 500));
}

interface Measured {
  scroll: boolean;
  outside: string[];
  overlapping: string[];
  clipped: string[];
  keyTexts: { what: string; size: number }[];
  tiles: number;
  step: string;
}

/** Runs in the page. Boxes are those that the browser laid out, the shift against burn-in included. */
const measure = `(() => {
  const boxes = [...document.querySelectorAll('.wall-tile, .wall-more')].map((node) => ({
    node, box: node.getBoundingClientRect(), key: node.dataset.key ?? 'more' }));
  const frame = ['.wall-header', '.wall-banner', '.wall-ticker']
    .flatMap((name) => [...document.querySelectorAll(name)])
    .map((node) => ({ node, box: node.getBoundingClientRect(), key: node.className }));
  const isOut = ({ box, key }) => !key.includes('banner') &&
    (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight);
  const all = [...boxes, ...frame].sort((a, b) => a.box.top - b.box.top);
  const overlapping = [];
  for (let i = 0; i < all.length; i++)
    for (let j = i + 1; j < all.length && all[j].box.top < all[i].box.bottom - 0.01; j++)
      if (all[j].box.left < all[i].box.right - 0.01 && all[i].box.left < all[j].box.right - 0.01)
        overlapping.push(all[i].key + ' and ' + all[j].key);
  const clipped = [];
  const within = (node, holder) => {
    const inner = node.getBoundingClientRect(), outer = holder.getBoundingClientRect();
    return inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1 &&
      inner.left >= outer.left - 1 && inner.right <= outer.right + 1;
  };
  for (const { node, key } of boxes) {
    const parts = node.querySelectorAll('.wall-line, .wall-word, .wall-age, .wall-title, .wall-bars, svg');
    for (const part of parts) if (!within(part, node)) clipped.push(key + ' ' + part.getAttribute('class'));
    if (node.matches('.wall-dot') && getComputedStyle(node).backgroundImage === 'none')
      clipped.push(key + ' has no shape');
    const word = node.querySelector('.wall-word');
    if (word && word.scrollWidth > word.clientWidth + 1) clipped.push(key + ' its word');
  }
  for (const name of ['.wall-big', '.wall-share', '.wall-count', '.wall-pulse'])
    for (const node of document.querySelectorAll(name))
      if (!within(node, document.querySelector('.wall-header'))) clipped.push(name);
  const counts = [...document.querySelectorAll('.wall-count')].map((node) => node.getBoundingClientRect());
  const list = document.querySelector('.wall-counts').getBoundingClientRect();
  if (counts.some((box) => box.left < list.left - 1 || box.right > list.right + 1)) clipped.push('counts');
  const keyTexts = ['.wall-big', '.wall-number', '.wall-problem .wall-title', '.wall-problem .wall-word',
    '.wall-share strong']
    .flatMap((what) => [...document.querySelectorAll(what)].map((node) => ({
      what, size: parseFloat(getComputedStyle(node).fontSize) })));
  const wall = document.querySelector('.wall');
  return {
    scroll: document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth,
    outside: [...boxes, ...frame].filter(isOut).map(({ key }) => key),
    overlapping, clipped, keyTexts,
    tiles: boxes.filter(({ node }) => node.classList.contains('wall-tile')).length,
    step: wall.dataset.step,
  };
})()`;

/** Everything is on the page, nothing overlaps, nothing is cut, and key text is as large as promised. */
export async function assertGeometry(page: Page, count: number): Promise<string> {
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  // Its own policy lets nothing be evaluated there, so it is looked at again and again from here.
  await page
    .locator('.wall-tile')
    .nth(count - 1)
    .waitFor({ state: 'attached', timeout: 15_000 });
  await page.evaluate(
    `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`,
  );
  const found = (await page.evaluate(measure)) as Measured;
  const where = `${count} on ${width}×${height}`;
  assert.equal(found.tiles, count, where);
  assert.deepEqual(
    [found.scroll, found.outside, found.overlapping.slice(0, 3), found.clipped.slice(0, 3)],
    [false, [], [], []],
    where,
  );
  const scale = Math.min(Math.max(width, height) / 1920, Math.min(width, height) / 1080);
  const small = found.keyTexts.filter(({ size }) => size < keyText * scale - 0.01);
  assert.deepEqual(small, [], where);
  return `${where}: ${found.step}`;
}

/** Shows each fleet at each size, one after the other in one page. */
export async function proveFleets(
  stage: WallStage,
  counts: readonly number[],
  shown: readonly (readonly [number, number])[],
): Promise<string[]> {
  await reportFleets(stage, counts);
  const steps: string[] = [];
  for (const count of counts) {
    const { path } = await stage.create({ name: `f${count}`, scope: { tags: [`f${count}`] } });
    const page = await stage.watch(path);
    await tiles(page).first().waitFor({ timeout: 15_000 });
    for (const [width, height] of shown) {
      await page.setViewportSize({ width, height });
      steps.push(await assertGeometry(page, count));
    }
    await page.context().close();
  }
  return steps;
}
