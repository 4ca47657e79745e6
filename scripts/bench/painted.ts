import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { launchChromium } from '../../tests/support/chromium.ts';
import { toBytes } from '../../tests/support/clients.ts';
import { startBackground } from './background.ts';
import { type Figure, quantile } from './figures.ts';
import { checkIn, numberOf } from './fleet.ts';
import { inPage } from './in-page.ts';
import { openSender, type Sender } from './sender.ts';
import { browserCookies } from '../../tests/support/session.ts';
import type { Stage } from './stage.ts';

const probes = 60;
const pause = 200;
/** The rows at the top of this list stay there, whatever their status. */
const path = '/?sort=firstSeen';
const words = { unavailable: 'Unavailable', missing: 'Missing' };

/** From the sending of a report to the frame in which Chromium shows the row's new status. */
export async function measurePainted(stage: Stage): Promise<Figure[]> {
  const browser = await launchChromium();
  const sender = openSender(stage.url, 4);
  const figures: Figure[] = [];
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.addCookies(browserCookies(stage, stage.url));
    const page = await context.newPage();
    await page.addInitScript({ content: inPage });
    await page.goto(stage.url + path);
    await page.evaluate('bench.firstRows');
    await sleep(2000);
    const ids = await page.evaluate<string[]>('bench.shown()');
    const probe = openProbe(page, sender, stage.host, ids);
    await probe(2 * ids.length);
    for (const perSecond of [10, 200]) {
      const background = startBackground(stage, perSecond, ids);
      const took = await probe(probes);
      await background.stop();
      const name = `POST → painted, ${perSecond}/s beside it`;
      figures.push(
        { name: `${name}, p50`, value: quantile(took, 0.5), unit: 'ms' },
        { name: `${name}, p99`, value: quantile(took, 0.99), unit: 'ms', target: { most: 150 } },
      );
    }
  } finally {
    sender.close();
    await browser.close();
  }
  return figures;
}

/** Reports now of this row, now of that, each time another status than before. Answers milliseconds. */
function openProbe(page: Page, sender: Sender, host: string, ids: string[]) {
  let n = 0;
  const probeOnce = async (): Promise<number> => {
    const instanceId = ids[n % ids.length]!;
    const status = Math.floor(n / ids.length) % 2 === 0 ? 'unavailable' : 'missing';
    n += 1;
    const painted = page.evaluate<number>(`bench.painted('${instanceId}', '${words[status]}')`);
    const late = sleep(10_000, null, { ref: false });
    await sleep(20);
    const bytes = toBytes(checkIn(numberOf(instanceId), status), host);
    const start = performance.timeOrigin + performance.now();
    const [at, answer] = await Promise.all([Promise.race([painted, late]), sender.send(bytes)]);
    if (answer.status !== 200) throw new Error(`The report was answered ${answer.status}.`);
    if (at === null) throw new Error(`Instance ${instanceId} did not turn ${status} within 10 s.`);
    return at - start;
  };
  return async (count: number): Promise<number[]> => {
    const took: number[] = [];
    while (took.length < count) {
      took.push(await probeOnce());
      await sleep(pause * (0.75 + Math.random() / 2));
    }
    return took;
  };
}
