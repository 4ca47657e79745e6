import type { Browser } from 'playwright-core';
import type { EditedScreen } from '#contract/screens.ts';
import { visitorOf } from '../../tests/support/session.ts';
import type { Stage } from '../bench/stage.ts';

/** How many times slower than this machine a television is. */
const slower = 4;

/** A page with a wall screen, and what is measured of it. */
export interface Television {
  /** From now on long tasks count. */
  begin(): Promise<void>;
  /** Megabytes in use after everything that can be freed was. */
  heap(): Promise<number>;
  longTasks(): Promise<{ longest: number; long: number }>;
  counts(): Promise<{ nodes: number; nodesAtFirst: number; tiles: number }>;
  /** Keys of the tiles, and what they show. */
  shown(): Promise<[key: string, state: string][]>;
}

/** @param address of the server as the page sees it */
export async function openTelevision(
  browser: Browser,
  stage: Stage,
  address: string,
): Promise<Television> {
  const { cookie } = await visitorOf(stage.db, 'owner', { url: stage.url });
  const answer = await fetch(`${stage.url}/api/screens`, {
    method: 'POST',
    headers: { cookie, origin: stage.url, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Soak' }),
  });
  if (!answer.ok) throw new Error(`No screen could be made: ${await answer.text()}`);
  const made = (await answer.json()) as EditedScreen;
  const path = (made.address ?? '').slice(new URL(made.address ?? '').origin.length);

  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  await page.addInitScript(`
    window.soak = { tasks: [], counting: false };
    new PerformanceObserver((list) => {
      if (soak.counting) for (const { duration } of list.getEntries()) soak.tasks.push(duration);
    }).observe({ type: 'longtask', buffered: false });
  `);
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.goto(address + path);
  await page.locator('.wall[data-level="fresh"] .wall-tile').first().waitFor({ timeout: 60_000 });
  const nodesNow = () => page.evaluate<number>(`document.getElementsByTagName('*').length`);
  const nodesAtFirst = await nodesNow();

  return {
    begin: () => page.evaluate('void (soak.counting = true)'),
    async heap() {
      // Freeing is no task of the page's own.
      await page.evaluate('void (soak.counting = false)');
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      await page.evaluate('void (soak.counting = true)');
      return usedSize / 1024 / 1024;
    },
    async longTasks() {
      const tasks = await page.evaluate<number[]>('soak.tasks');
      const long = tasks.filter((duration) => duration > 50);
      return { longest: Math.max(0, ...tasks), long: long.length };
    },
    async counts() {
      const tiles = await page.locator('.wall-tile').count();
      return { nodes: await nodesNow(), nodesAtFirst, tiles };
    },
    shown: () =>
      page.evaluate(
        `[...document.querySelectorAll('.wall-tile')].map((tile) => [tile.dataset.key, tile.dataset.state])`,
      ),
  };
}
