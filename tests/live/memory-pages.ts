import type { InstanceSummary, Instant } from '#contract/instance.ts';
import { fleetQuery } from '#contract/reports.ts';
import type { Scope } from '#contract/socket.ts';
import { type Rows, rowsOf } from '#lib/live/merge.ts';
import { type Lack, type Watch, type WatchState, defaultTiming } from '#lib/live/watch-options.ts';
import { watchScope } from '#lib/live/watcher.ts';
import { createWire } from '#lib/live/wire.ts';
import type { Viewer } from './hub.ts';
import type { MemoryReports } from './memory-reports.ts';
import { mergeNews } from './pages.ts';

/** A page of one customer's instances or of a list, as the dashboard builds it, over a real connection. */
export interface Page {
  rows: Rows;
  fetches: number;
  states: WatchState['phase'][];
  watch: Watch;
  /** What the next reading does first. */
  before: () => Promise<void>;
  /** What the next snapshots lack. */
  lack: Lack | undefined;
}

const timing = { ...defaultTiming, spacing: 50, firstRetry: 30, shownSettle: 10 };

/** Watches as `pages.ts` does, and reads what is in memory instead of the API. */
export function openPage(
  socket: Viewer,
  memory: MemoryReports,
  kind: 'list' | 'customer',
  patch: Partial<typeof timing> = {},
): Page {
  const page: Page = {
    rows: new Map(),
    fetches: 0,
    states: [],
    before: async () => {},
  } as unknown as Page;
  page.watch = watchScope<{ asOf: Instant; rows: InstanceSummary[] }>(
    createWire(socket),
    {
      scope: (): Scope => {
        if (kind === 'customer') return { kind: 'customer', customerId: 'geeglo' };
        const shown = [...page.rows.values()].map(({ id, revision }): [number, number] => [
          id,
          revision,
        ]);
        return { kind: 'list', query: fleetQuery.parse({}), shown };
      },
      async fetch() {
        page.fetches += 1;
        const rows = [...memory.instances.values()].filter(({ archived }) => !archived);
        const asOf = new Date().toISOString();
        await page.before();
        return { asOf, rows };
      },
      apply({ asOf, rows }) {
        page.rows = rowsOf({ asOf, rows: rows.map((row) => ({ ...row, closedDays: [] })) });
        return page.lack;
      },
      hear: (news) => void (page.rows = mergeNews(page.rows, news, kind === 'customer')),
      known: () => page.rows.values(),
      onState: ({ phase }) => page.states.push(phase),
    },
    { ...timing, ...patch },
  );
  return page;
}

const state = (rows: Iterable<InstanceSummary>) =>
  [...rows]
    .map(({ id, revision, lastCheckInAt, status }) => ({ id, revision, lastCheckInAt, status }))
    .sort((a, b) => a.id - b.id);

/** Whether the page shows what the server has. */
export const equals = (page: Page, memory: MemoryReports) =>
  JSON.stringify(state(page.rows.values())) === JSON.stringify(state(memory.instances.values()));
