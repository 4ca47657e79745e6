import { uptimeRanges } from '#contract/activity.ts';
import { type Figure, quantile } from './figures.ts';
import { instanceIdOf } from './fleet.ts';
import { layLongLife, lifeEvents } from './long-life.ts';
import { setStage, type Stage } from './stage.ts';

const turns = 30;
const most = 80;
const depth = 50;
/** How a person narrows the activity: to much, to little, to nothing, and to what only a look at every event can tell. */
const filters = [
  'types=presence',
  'types=infrastructure',
  'types=app+status,upstream+update',
  'text=unavailable',
  'text=metric_7',
  'text=region-99002',
  'text=nothing+says+this',
  'types=custom+metrics&text=no+such+metric',
];

/** The page of one instance with 100,000 events in 400 days, among a thousand others with fourteen days of history. */
export async function measureInstance(tell: (line: string) => void): Promise<Figure[]> {
  const stage = await setStage(tell, { customers: 10, instances: 1000 });
  try {
    await layLongLife(stage.db, instanceIdOf(0), Date.now());
    return await measurePage(stage);
  } finally {
    await stage.stop();
  }
}

async function measurePage(stage: Stage): Promise<Figure[]> {
  const page = `/api/customers/customer-0/instances/${instanceIdOf(0)}`;
  const scroll = await scrollDown(stage, `${page}/events`);
  const oldest = scroll.events.at(-1)!;
  const span = (days: number) => `from=${before(days)}&to=${before(0)}`;
  const figures: Figure[] = [
    await measure(stage, 'report', [page]),
    ...(await inTurn(uptimeRanges, (range) =>
      measure(stage, `uptime, ${range}`, [`${page}/uptime?range=${range}`]),
    )),
    await measure(stage, 'intervals of 14 days', [`${page}/uptime/intervals?${span(14)}`]),
    await measure(stage, 'intervals of 400 days', [`${page}/uptime/intervals?${span(400)}`]),
    await measure(stage, 'newest activity', [`${page}/events`]),
    await measure(stage, 'activity around an event', [`${page}/events?around=${oldest.id}`]),
    ...(await inTurn(filters, (filter) =>
      measure(stage, `activity, ${filter}`, [`${page}/events?${filter}`]),
    )),
    await measure(stage, 'custom metrics', [`${page}/metrics`]),
    ...(await inTurn(['2w', 'all'], (range) =>
      measure(stage, `a metric’s history, ${range}`, [`${page}/metrics/metric_7?range=${range}`]),
    )),
    // What the page asks for as it opens.
    await measure(stage, 'page data, all at once', [page, `${page}/uptime`, `${page}/events`]),
  ];
  figures.push({
    name: `instance: next page of activity p95, ${depth} in a row`,
    value: quantile(scroll.took, 0.95),
    unit: 'ms',
    target: { most },
  });
  figures[0]!.note = `${lifeEvents.toLocaleString('en')} events in 400 days`;
  return figures;
}

const before = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

async function inTurn<T>(things: readonly T[], measure: (thing: T) => Promise<Figure>) {
  const figures: Figure[] = [];
  for (const thing of things) figures.push(await measure(thing));
  return figures;
}

async function measure(stage: Stage, what: string, paths: string[]): Promise<Figure> {
  const took: number[] = [];
  for (let turn = -2; turn < turns; turn += 1) {
    const start = performance.now();
    await Promise.all(paths.map((path) => read(stage, path)));
    // The first ones only warm up.
    if (turn >= 0) took.push(performance.now() - start);
  }
  const note = `p50 ${quantile(took, 0.5).toFixed(0)} ms`;
  return {
    name: `instance: ${what} p95`,
    value: quantile(took, 0.95),
    unit: 'ms',
    target: { most },
    note,
  };
}

interface Page {
  events: { id: number }[];
  next: string | null;
}

/** Page after page, as a person who scrolls does. */
async function scrollDown(stage: Stage, path: string): Promise<Page & { took: number[] }> {
  const took: number[] = [];
  let page = (await read(stage, path)) as Page;
  for (let n = 0; n < depth && page.next !== null; n += 1) {
    const start = performance.now();
    page = (await read(stage, `${path}?cursor=${encodeURIComponent(page.next)}`)) as Page;
    took.push(performance.now() - start);
  }
  return { ...page, took };
}

async function read({ url, cookie }: Stage, path: string): Promise<unknown> {
  const answer = await fetch(url + path, { headers: { cookie } });
  const body: unknown = await answer.json();
  if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status}.`);
  return body;
}
