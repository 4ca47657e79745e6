// npm run soak -- --minutes N: a wall screen as a slow television has it, before a fleet that never stands still:
// 1,000 instances (or --instances N), 200 check-ins a second, the connection cut every minute. Exits with 1 where it does
// not hold.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { launchChromium } from '../../tests/support/chromium.ts';
import { type Relay, startRelay } from '../../tests/support/relay.ts';
import { type Figure, formatTable, isMet } from '../bench/figures.ts';
import { type Stage, setStage } from '../bench/stage.ts';
import { type Minute, judge, perSecond } from './judge.ts';
import { customers, startReports } from './reports.ts';
import { longTask } from './tasks.ts';
import { type Television, openTelevision } from './television.ts';

/** Milliseconds between two cuts of the connection, each in the middle of what is measured together. */
const cutEvery = 60_000;
/** Milliseconds after which the page has read its fonts and compiled what it runs. */
const settling = 20_000;
/** Milliseconds between two countings of the page's elements. */
const countEvery = 2_000;

async function main(): Promise<void> {
  const { minutes, instances } = readArguments();
  const begun = performance.now();
  const tell = (line: string) =>
    console.log(`${((performance.now() - begun) / 1000).toFixed(1).padStart(7)} s  ${line}`);
  tell(`setting up ${instances} instances …`);
  const stage = await setStage(tell, { customers, instances });
  try {
    const figures = await soak(stage, minutes, instances, tell);
    console.log(formatTable(figures));
    if (!figures.every((figure) => isMet(figure) !== false)) process.exitCode = 1;
  } finally {
    await stage.stop();
  }
}

async function soak(
  stage: Stage,
  length: number,
  instances: number,
  tell: (line: string) => void,
): Promise<Figure[]> {
  const { hostname, port } = new URL(stage.url);
  const relay = await startRelay({ host: hostname, port: Number(port) });
  const browser = await launchChromium();
  try {
    const screen = await openTelevision(browser, stage, `http://127.0.0.1:${relay.port}`);
    const reports = startReports(stage.url, perSecond, instances);
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
    return await judge(screen, stage, minutes, reports.answered(), instances);
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

function readArguments(): { minutes: number; instances: number } {
  const number = (value: string) => ({ type: 'string' as const, default: value });
  const { values } = parseArgs({ options: { minutes: number('10'), instances: number('1000') } });
  const [minutes, instances] = [Number(values.minutes), Number(values.instances)];
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > 100_000)
    throw new Error('--minutes is a whole number of at least 1.');
  if (!Number.isInteger(instances / customers) || instances < customers || instances > 10_000)
    throw new Error(`--instances is a multiple of ${customers}, at most 10,000.`);
  return { minutes, instances };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
