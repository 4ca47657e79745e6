import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '../bench/figures.ts';
import type { Stage } from '../bench/stage.ts';
import { type Tasks, longTask } from './tasks.ts';
import type { Television } from './television.ts';
import { countWrongTiles } from './wrong-tiles.ts';

/** Check-ins. */
export const perSecond = 200;

/** What a minute was like. */
export interface Minute {
  tasks: Tasks;
  /** Megabytes at its end. */
  heap: number;
  /** The most elements that there were. */
  elements: number;
}

/** All that is held against what was promised, when nothing is reported any more. */
export async function judge(
  screen: Television,
  stage: Stage,
  minutes: Minute[],
  answered: { count: number; seconds: number },
  instances: number,
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
function slopeOf(heaps: number[]): number {
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
