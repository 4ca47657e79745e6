import type { BarAxis } from '#contract/instance.ts';
import type { FleetCounts, FleetPage, FleetQuery } from '#contract/reports.ts';
import { type ApiError, api, toApiError } from '../api.ts';
import type { Known } from '../live/digest.ts';
import type { News, WatchState } from '../live/watcher.ts';
import { everything, pageSize } from './query.ts';
import { type Order, countMoved, isSameOrder, placePage } from './order.ts';
import { RowState } from './row-state.svelte.ts';

const noOrder: Order = { ids: [], matching: 0 };

/** The fleet as one long list of which only the pages around the viewport are here. */
export class FleetList {
  query = $state.raw<FleetQuery>(everything);
  axis = $state.raw<BarAxis | null>(null);
  counts = $state.raw<FleetCounts | null>(null);
  error = $state.raw<ApiError | null>(null);
  /** The query has changed and its first page is not here yet; the rows of the one before stay. */
  loading = $state(true);
  order = $state.raw<Order>(noOrder);
  /** A newer order, held back while somebody points into the table. */
  held = $state.raw<Order | null>(null);
  /** True while pointer or focus is in the table. */
  frozen = $state(false);
  /** How many rows of the pages here would stand elsewhere. */
  readonly moved = $derived(this.held === null ? 0 : countMoved(this.order, this.held));

  /** Called when other rows are here than the server was told. */
  onshown: () => void = () => {};

  #rows = new Map<number, RowState>();
  #pages = { first: 0, last: 0 };
  #fetching = new Map<number, AbortController>();
  #told: number[] = [];

  at(index: number): RowState | undefined {
    const id = this.order.ids[index];
    return id === undefined ? undefined : this.#rows.get(id);
  }

  /** Begins another list. */
  ask(query: FleetQuery) {
    for (const fetching of this.#fetching.values()) fetching.abort();
    this.#fetching.clear();
    this.query = query;
    this.loading = true;
    this.held = null;
    this.#pages = { first: 0, last: 0 };
  }

  /** Ids and revisions of every row here, which the server is told. */
  shown(): [id: number, revision: number][] {
    const ids = this.order.ids.filter((id) => id !== undefined && this.#rows.has(id)) as number[];
    this.#told = this.loading ? [] : ids;
    return this.#told.map((id) => [id, this.#rows.get(id)?.row.revision ?? 0]);
  }

  /** What the server was told is here. */
  *known(): Iterable<Known> {
    for (const id of this.#told) {
      const state = this.#rows.get(id);
      if (state !== undefined) yield state.row;
    }
  }

  /** Reads the pages around the viewport. */
  fetch(signal: AbortSignal): Promise<FleetPage[]> {
    const { first, last } = this.#pages;
    const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    return Promise.all(numbers.map((number) => api.fleetPage(this.query, number, signal)));
  }

  /** Takes what `fetch` read: order, membership and rows. */
  apply(pages: FleetPage[]) {
    const isFirst = this.loading;
    if (isFirst) {
      this.#rows = new Map();
      this.order = noOrder;
      this.loading = false;
    }
    let order = noOrder;
    for (const page of pages) order = this.#take(order, page, !isFirst);
    if (isFirst || !this.frozen) {
      this.order = order;
      this.held = null;
    } else {
      this.held = isSameOrder(order, this.order) ? null : order;
    }
    this.#forget();
  }

  /** Shows the order that was held back. */
  show() {
    if (this.held !== null) this.order = this.held;
    this.held = null;
    this.onshown();
  }

  hear({ event, message }: News) {
    if (event === 'instances:changed') {
      for (const instance of message.instances) {
        this.#rows.get(instance.id)?.update(instance, message.asOf);
      }
    } else if (event === 'instances:seen') {
      for (const [id, at] of message.seen) this.#rows.get(id)?.see(at);
    } else if (event === 'fleet:counted') {
      this.counts = message.counts;
    }
  }

  heed({ error }: WatchState) {
    this.error = error === null ? null : toApiError(error);
  }

  /** Tells which rows are on screen; missing pages are fetched. */
  want(first: number, last: number) {
    const end = Math.max(0, Math.min(this.order.matching - 1, last + 20));
    this.#pages = {
      first: Math.floor(Math.max(0, Math.min(first - 20, end)) / pageSize),
      last: Math.floor(end / pageSize),
    };
    if (this.loading) return;
    for (let page = this.#pages.first; page <= this.#pages.last; page += 1) {
      if (this.order.ids[page * pageSize] === undefined) void this.#load(page);
    }
  }

  async #load(number: number) {
    if (this.#fetching.has(number)) return;
    const controller = new AbortController();
    this.#fetching.set(number, controller);
    try {
      const page = await api.fleetPage(this.query, number, controller.signal);
      if (controller.signal.aborted) return;
      this.order = this.#take(this.order, page, false);
      if (this.held !== null) this.held = this.#take(this.held, page, false);
      this.#forget();
      this.onshown();
    } catch (error) {
      if (!controller.signal.aborted) this.error = toApiError(error);
    } finally {
      if (this.#fetching.get(number) === controller) this.#fetching.delete(number);
    }
  }

  #take(order: Order, page: FleetPage, isNews: boolean): Order {
    this.axis = page.axis;
    this.counts = page.counts;
    for (const row of page.rows) {
      const known = this.#rows.get(row.id);
      if (known === undefined) {
        this.#rows.set(row.id, new RowState(row, page.asOf, isNews ? 1 : 0));
      } else known.update(row, page.asOf);
    }
    return placePage(order, page, this.#pages);
  }

  /** Drops the rows that stand nowhere any more. */
  #forget() {
    const here = new Set([...this.order.ids, ...(this.held?.ids ?? [])]);
    for (const id of this.#rows.keys()) if (!here.has(id)) this.#rows.delete(id);
  }
}
