// npm run soak -- --minutes N: a wall screen as a slow television has it, before a fleet that never stands still:
// 1,000 instances, 200 check-ins a second, the connection cut every minute. Exits with 1 where it does not hold.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { launchChromium } from '../../tests/support/chromium.ts';
import { startRelay } from '../../tests/support/relay.ts';
import { type Figure, formatTable, isMet } from '../bench/figures.ts';
import { type Stage, setStage } from '../bench/stage.ts';
import { customers, instances, startReports } from './reports.ts';
import { type Television, openTelevision } from './television.ts';
import { countWrongTiles } from './wrong-tiles.ts';

const perSecond = 200;
/** Milliseconds between two cuts of the connection. */
const cutEvery = 60_000;
/** Milliseconds after which the page has read its fonts and compiled what it runs. */
const settling = 20_000;

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

async function soak(
  stage: Stage,
  minutes: number,
  tell: (line: string) => void,
): Promise<Figure[]> {
  const { hostname, port } = new URL(stage.url);
  const relay = await startRelay({ host: hostname, port: Number(port) });
  const browser = await launchChromium();
  try {
    const screen = await openTelevision(browser, stage, `http://127.0.0.1:${relay.port}`);
    await sleep(settling);
    const reports = startReports(stage.url, perSecond);
    await screen.begin();
    const heaps = [await screen.heap()];
    for (let minute = 1; minute <= minutes; minute += 1) {
      await sleep(cutEvery);
      relay.cut();
      relay.mend();
      heaps.push(await screen.heap());
      const { nodes } = await screen.counts();
      tell(`minute ${minute}: heap ${heaps.at(-1)!.toFixed(1)} MB, ${nodes} nodes`);
    }
    await reports.stop();
    return await judge(screen, stage, heaps, reports.answered());
  } finally {
    await browser.close();
    await relay.close();
  }
}

async function judge(
  screen: Television,
  stage: Stage,
  heaps: number[],
  answered: { count: number; seconds: number },
): Promise<Figure[]> {
  // What is on its way arrives, and what was missed is read again.
  await sleep(12_000);
  const { longest, long } = await screen.longTasks();
  const { nodes, nodesAtFirst, tiles } = await screen.counts();
  return [
    {
      name: 'check-ins taken',
      value: answered.count / answered.seconds,
      unit: '/s',
      target: { least: perSecond * 0.95 },
    },
    { name: 'tiles', value: tiles, unit: '', target: { least: instances } },
    {
      name: 'tiles unlike the database',
      value: await countWrongTiles(screen, stage),
      unit: '',
      target: { most: 0 },
    },
    { name: 'heap slope', value: slopeOf(heaps), unit: 'MB/min', target: { most: noiseOf(heaps) } },
    {
      name: 'nodes more than at first',
      value: nodes - nodesAtFirst,
      unit: '',
      target: { most: 60 },
    },
    {
      name: 'tasks over 50 ms, at a quarter of the speed',
      value: long,
      unit: '',
      target: { most: 0 },
    },
    { name: 'longest task', value: longest, unit: 'ms' },
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
