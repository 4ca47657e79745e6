import type { Browser } from 'playwright-core';
import { launchChromium } from '../../tests/support/chromium.ts';
import { type Figure, median, quantile } from './figures.ts';
import { inPage } from './in-page.ts';
import { browserCookies } from '../../tests/support/session.ts';
import type { Stage } from './stage.ts';

/** What people ask for: pages near and far, every order, filters, a search. */
const queries = [
  '',
  'page=1',
  'page=50',
  'page=99',
  'sort=name',
  'sort=name&direction=desc&page=30',
  'sort=customer&page=99',
  'sort=version',
  'sort=version&direction=desc&page=60',
  'sort=distribution&page=10',
  'sort=lastCheckIn',
  'sort=lastCheckIn&direction=desc&page=5',
  'sort=firstSeen&page=70',
  'attention=unavailable,degraded',
  'attention=ready&page=20',
  'customer=customer-7',
  'version=1.3.0&sort=name',
  'distribution=eks,gke&page=3',
  'search=production',
  'search=customer%204',
];
const turns = 5;
const loads = 7;

/** The fleet page over 10,000 instances with fourteen days of history: the API's answer, and the browser's first rows. */
export async function measureFleetPage(stage: Stage): Promise<Figure[]> {
  for (const query of queries) await readPage(stage, query);
  const took: number[] = [];
  let slowest = { query: '', took: 0 };
  for (let turn = 0; turn < turns; turn += 1) {
    for (const query of queries) {
      const one = await readPage(stage, query);
      if (one > slowest.took) slowest = { query, took: one };
      took.push(one);
    }
  }
  const visible = await measureFirstRows(stage);
  return [
    { name: 'GET /api/fleet p50', value: quantile(took, 0.5), unit: 'ms' },
    {
      name: 'GET /api/fleet p95',
      value: quantile(took, 0.95),
      unit: 'ms',
      target: { most: 50 },
      note: `slowest: ?${slowest.query}`,
    },
    {
      name: 'first rows visible in Chromium',
      value: median(visible),
      unit: 'ms',
      target: { most: 1000 },
      note: `nothing cached; at most ${Math.round(Math.max(...visible))} ms`,
    },
  ];
}

async function readPage({ url, cookie }: Stage, query: string): Promise<number> {
  const start = performance.now();
  const answer = await fetch(`${url}/api/fleet?${query}`, { headers: { cookie } });
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`/api/fleet?${query} was answered ${answer.status}.`);
  return performance.now() - start;
}

async function measureFirstRows(stage: Stage): Promise<number[]> {
  const browser = await launchChromium();
  try {
    const took: number[] = [];
    for (let n = 0; n <= loads; n += 1) took.push(await loadOnce(browser, stage));
    // The first load also starts the browser itself.
    return took.slice(1);
  } finally {
    await browser.close();
  }
}

/** Milliseconds from the navigation's start to the frame that shows the first rows, in a browser that has nothing yet. */
async function loadOnce(browser: Browser, stage: Stage): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addCookies(browserCookies(stage, stage.url));
  const page = await context.newPage();
  await page.addInitScript({ content: inPage });
  await page.goto(stage.url, { waitUntil: 'commit' });
  const at = await page.evaluate<number>('bench.firstRows');
  await context.close();
  return at;
}
