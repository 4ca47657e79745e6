// npm run soak -- --minutes N: a wall screen as a slow television has it, before a fleet that never stands still:
// 1,000 instances, 200 check-ins a second, the connection cut every minute. Exits with 1 where it does not hold.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { launchChromium } from '../../tests/support/chromium.ts';
import { type Relay, startRelay } from '../../tests/support/relay.ts';
import { type Figure, formatTable, isMet } from '../bench/figures.ts';
import { type Stage, setStage } from '../bench/stage.ts';
import { customers, instances, startReports } from './reports.ts';
import { type Tasks, longTask } from './tasks.ts';
import { type Television, openTelevision } from './television.ts';
import { countWrongTiles } from './wrong-tiles.ts';

const perSecond = 200;
/** Milliseconds between two cuts of the connection, each in the middle of what is measured together. */
const cutEvery = 60_000;
/** Milliseconds after which the page has read its fonts and compiled what it runs. */
const settling = 20_000;
/** Milliseconds between two countings of the page's elements. */
const countEvery = 2_000;

/** What a minute was like. */
interface Minute {
  tasks: Tasks;
  /** Megabytes at its end. */
  heap: number;
  /** The most elements that there were. */
  elements: number;
}

async function main(): Promise<void> {
  const minutes = readMinutes();
  const begun = performance.now();
  const tell = (line: string) =>
    console.log(`${((performance.now() - begun) / 1000).toFixed(1).padStart(7)} s  ${line}`);
  tell(`setting up ${instances} instances …`);
  const stage = await setStage(tell, { customers, instances });
  try {
    const figures = await soak(stage, minutes, tell);
    console.log(formatTable(figures));
    if (!figures.every((figure) => isMet(figure) !== false)) process.exitCode = 1;
  } finally {
    await stage.stop();
  }
}

async function soak(stage: Stage, length: number, tell: (line: string) => void): Promise<Figure[]> {
  const { hostname, port } = new URL(stage.url);
  const relay = await startRelay({ host: hostname, port: Number(port) });
  const browser = await launchChromium();
  try {
    const screen = await openTelevision(browser, stage, `http://127.0.0.1:${relay.port}`);
    const reports = startReports(stage.url, perSecond);
    await sleep(settling);
    const minutes: Minute[] = [];
    for (let n = 1; n <= length; n += 1) {
      const minute = await watchMinute(screen, relay);
      minutes.push(minute);
      const { longest, longByClock, longestByClock, busy } = minute.tasks;
      tell(
        `minute ${n}: heap ${minute.heap.toFixed(1)} MB, ${minute.elements} elements, longest task ` +
          `${longest.toFixed(0)} ms, ${longByClock} over ${longTask} ms by the clock ` +
          `(${longestByClock.toFixed(0)} ms), busy ${((100 * busy) / 60).toFixed(1)} %`,
      );
    }
    await reports.stop();
    return await judge(screen, stage, minutes, reports.answered());
  } finally {
    await browser.close();
    await relay.close();
  }
}

/** A minute, with the connection cut in its middle: what is read again belongs to it. */
async function watchMinute(screen: Television, relay: Relay): Promise<Minute> {
  const end = await screen.trace();
  let elements = 0;
  const watch = async () => {
    for (let past = 0; past < cutEvery / 2; past += countEvery) {
      await sleep(countEvery);
      elements = Math.max(elements, await screen.elements());
    }
  };
  await watch();
  relay.cut();
  relay.mend();
  await watch();
  const tasks = await end();
  return { tasks, heap: await screen.heap(), elements };
}

async function judge(
  screen: Television,
  stage: Stage,
  minutes: Minute[],
  answered: { count: number; seconds: number },
): Promise<Figure[]> {
  // What is on its way arrives, and what was missed is read again.
  await sleep(12_000);
  const heaps = minutes.map(({ heap }) => heap);
  const elements = minutes.map((minute) => minute.elements);
  const most = (value: (tasks: Tasks) => number) =>
    Math.max(...minutes.map(({ tasks }) => value(tasks)));
  const all = (value: (tasks: Tasks) => number) =>
    minutes.reduce((sum, { tasks }) => sum + value(tasks), 0);
  return [
    {
      name: 'check-ins taken',
      value: answered.count / answered.seconds,
      unit: '/s',
      target: { least: perSecond * 0.95 },
    },
    { name: 'tiles', value: (await screen.shown()).length, unit: '', target: { least: instances } },
    {
      name: 'tiles unlike the database',
      value: await countWrongTiles(screen, stage),
      unit: '',
      target: { most: 0 },
    },
    { name: 'heap slope', value: slopeOf(heaps), unit: 'MB/min', target: { most: noiseOf(heaps) } },
    {
      name: 'elements, later more than in minute 1',
      value: Math.max(...elements) - elements[0]!,
      unit: '',
      target: { most: 60 },
    },
    // A quarter of the speed is made by keeping the thread busy, so its own time has the factor in it.
    {
      name: `tasks over ${longTask} ms of own time, at a quarter of the speed`,
      value: all((tasks) => tasks.long),
      unit: '',
      target: { most: 0 },
    },
    { name: 'longest task, own time', value: most((tasks) => tasks.longest), unit: 'ms' },
    {
      name: `tasks over ${longTask} ms by the clock`,
      value: all((tasks) => tasks.longByClock),
      unit: '',
    },
    { name: 'longest task by the clock', value: most((tasks) => tasks.longestByClock), unit: 'ms' },
  ];
}

/** Least squares, per minute, over the second half: the first fills what is kept. */
export function slopeOf(heaps: number[]): number {
  const values = heaps.slice(Math.floor(heaps.length / 2));
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const above = values.reduce((sum, value, x) => sum + (x - middle) * (value - mean), 0);
  const below = values.reduce((sum, _, x) => sum + (x - middle) ** 2, 0);
  return below === 0 ? 0 : above / below;
}

/** A slope that a heap of such ups and downs may have by chance: half of its range over its length, at least 0.05. */
function noiseOf(heaps: number[]): number {
  const values = heaps.slice(Math.floor(heaps.length / 2));
  const range = Math.max(...values) - Math.min(...values);
  return Math.max(0.05, (0.5 * range) / Math.max(1, values.length - 1));
}

function readMinutes(): number {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
  const minutes = Number(values.minutes);
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= 100_000) return minutes;
  throw new Error('--minutes is a whole number of at least 1.');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
