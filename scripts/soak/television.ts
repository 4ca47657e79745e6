import type { Browser } from 'playwright-core';
import type { EditedScreen } from '#contract/screens.ts';
import { visitorOf } from '../../tests/support/session.ts';
import type { Stage } from '../bench/stage.ts';
import { type Tasks, traceTasks } from './tasks.ts';

/** How many times slower than this machine a television is. */
const slower = 4;

/** A page with a wall screen, and what is measured of it. */
export interface Television {
  /** Begins to measure its tasks; call what comes back at the end. */
  trace(): Promise<() => Promise<Tasks>>;
  /** Megabytes in use after everything that can be freed was. */
  heap(): Promise<number>;
  /** Elements on the page. */
  elements(): Promise<number>;
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
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.goto(address + path);
  await page.locator('.wall[data-level="fresh"] .wall-tile').first().waitFor({ timeout: 60_000 });

  return {
    trace: () => traceTasks(browser, page),
    async heap() {
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      return usedSize / 1024 / 1024;
    },
    elements: () => page.evaluate<number>(`document.getElementsByTagName('*').length`),
    shown: () =>
      page.evaluate(
        `[...document.querySelectorAll('.wall-tile')].map((tile) => [tile.dataset.key, tile.dataset.state])`,
      ),
  };
}
