import type { Browser, Page } from 'playwright-core';

/** Milliseconds above which a task is long. */
export const longTask = 50;

/** The tasks of a page's main thread, all of them: scripts, messages, and laying out and painting frames. */
export interface Tasks {
  /** Those over `longTask` by the thread's own time, in which a machine busy with others does not count. */
  long: number;
  /** Milliseconds of the thread's own time. */
  longest: number;
  /** The same by the clock: as long as the task was kept from the processor, it counts. */
  longByClock: number;
  longestByClock: number;
  /** Seconds of its own time in all. */
  busy: number;
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  dur?: number;
  tdur?: number;
  args?: { name?: string };
}

/** Measures tasks until it is called. `performance`'s own long tasks leave out layout and painting, which this takes in. */
export async function traceTasks(browser: Browser, page: Page): Promise<() => Promise<Tasks>> {
  await browser.startTracing(page, { categories: ['toplevel'] });
  return async () => {
    const trace = (await browser.stopTracing()).toString('utf8');
    return sumTasks(JSON.parse(trace) as { traceEvents: TraceEvent[] });
  };
}

/** Of the page with the most to do: there is one with a wall, and the browser's own empty ones. Pure. */
function sumTasks({ traceEvents }: { traceEvents: TraceEvent[] }): Tasks {
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid}:${tid}`;
  const mains = new Map(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map((event) => [threadOf(event), [] as TraceEvent[]]),
  );
  for (const event of traceEvents)
    if (event.ph === 'X' && event.name === 'ThreadControllerImpl::RunTask')
      mains.get(threadOf(event))?.push(event);
  const [tasks = []] = [...mains.values()].sort((a, b) => b.length - a.length);
  if (tasks.length === 0) throw new Error('The trace names no task of the page.');
  const own = tasks.map(({ tdur = 0 }) => tdur / 1000);
  const clock = tasks.map(({ dur = 0 }) => dur / 1000);
  const most = (lengths: number[]) => lengths.reduce((a, b) => Math.max(a, b), 0);
  const long = (lengths: number[]) => lengths.filter((length) => length > longTask).length;
  return {
    long: long(own),
    longest: most(own),
    longByClock: long(clock),
    longestByClock: most(clock),
    busy: own.reduce((sum, length) => sum + length, 0) / 1000,
  };
}
