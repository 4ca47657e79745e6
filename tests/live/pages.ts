import type { InstanceRow, Instant } from '#contract/instance.ts';
import { type FleetQuery, fleetQuery } from '#contract/reports.ts';
import type { Scope } from '#contract/socket.ts';
import { type Rows, mergeChanged, mergeSeen, removeLeft, rowsOf } from '#lib/live/merge.ts';
import { type News, type Watch, defaultTiming } from '#lib/live/watch-options.ts';
import { watchScope } from '#lib/live/watcher.ts';
import { createWire } from '#lib/live/wire.ts';
import type { Viewer } from './hub.ts';

/** A page as the dashboard builds it (watch, read, merge), over a real connection and the real API, without a screen. */
export interface Page {
  rows: Rows;
  /** How often it read the API. */
  reads: number;
  watch: Watch;
}

export const customerScope: Scope = { kind: 'customer', customerId: 'geeglo' };

/** The fleet page's first hundred rows, or one customer's page. */
export function openPage(socket: Viewer, url: string, of: 'fleet' | 'customer'): Page {
  const path = of === 'fleet' ? '/api/fleet' : '/api/customers/geeglo';
  const query: FleetQuery = fleetQuery.parse({});
  const page = { rows: new Map(), reads: 0 } as unknown as Page;
  page.watch = watchScope<{ asOf: Instant; rows: InstanceRow[] }>(
    createWire(socket),
    {
      scope: () => {
        if (of === 'customer') return customerScope;
        const shown = [...page.rows.values()].map(({ id, revision }): [number, number] => [
          id,
          revision,
        ]);
        return { kind: 'list', query, shown };
      },
      fetch: async (signal) => {
        page.reads += 1;
        return readJson(url + path, signal);
      },
      apply: (report) => void (page.rows = rowsOf(report)),
      hear: (news) => void (page.rows = mergeNews(page.rows, news, of === 'customer')),
      known: () => page.rows.values(),
    },
    { ...defaultTiming, spacing: 200, firstRetry: 100 },
  );
  return page;
}

/** Whose session the API is read with. */
export const visitor = { cookie: '' };

export async function readJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(url, { signal, headers: { cookie: visitor.cookie } });
  if (!response.ok) throw new Error(`${response.status} from ${url}`);
  return (await response.json()) as T;
}

export function mergeNews(rows: Rows, { event, message }: News, inserting: boolean): Rows {
  if (event === 'instances:changed') return mergeChanged(rows, message, inserting);
  if (event === 'instances:seen') return mergeSeen(rows, message.seen);
  if (event === 'instances:left') return removeLeft(rows, message.ids);
  return rows;
}

/** What must be equal wherever it is shown. `today` grows by itself and is compared elsewhere. */
export const essence = (rows: Iterable<InstanceRow>): string =>
  JSON.stringify(
    [...rows]
      .map(({ id, revision, status, attention, lastCheckInAt, lateAt, versionLabel }) => [
        id,
        revision,
        status,
        attention,
        lastCheckInAt,
        lateAt,
        versionLabel,
      ])
      .sort(([a], [b]) => Number(a) - Number(b)),
  );
