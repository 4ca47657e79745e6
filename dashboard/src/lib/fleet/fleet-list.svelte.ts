import type { BarAxis } from '#contract/instance.ts';
import type { FleetCounts, FleetPage, FleetQuery } from '#contract/reports.ts';
import { type ApiError, api, toApiError } from '../api.ts';
import type { Known } from '../live/digest.ts';
import type { News, WatchState } from '../live/watcher.ts';
import { everything, pageSize, writeQuery } from './query.ts';
import { type Order, countMoved, isSameOrder, placePage } from './order.ts';
import { Fetches } from './fetches.ts';
import { RowBook } from './row-book.ts';
import type { RowState } from './row-state.svelte.ts';

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
  /** The row that keys last stood on. */
  active = $state(0);
  /** True while pointer or focus is in the table. */
  frozen = $state(false);
  /** How many rows of the pages here would stand elsewhere. */
  readonly moved = $derived(this.held === null ? 0 : countMoved(this.order, this.held));

  /** Called when other rows are here than the server was told. */
  onshown: () => void = () => {};

  readonly #book = new RowBook();
  readonly #fetches = new Fetches();
  #pages = { first: 0, last: 0 };
  #told: number[] = [];

  at(index: number): RowState | undefined {
    return this.#book.get(this.order.ids[index]);
  }

  /** Begins another list; the one that is here stays as it is, so that going back finds it where it was. */
  ask(query: FleetQuery) {
    this.frozen = false;
    if (!this.loading && writeQuery(query).toString() === writeQuery(this.query).toString()) return;
    this.#fetches.abort();
    this.query = query;
    this.loading = true;
    this.active = 0;
    this.held = null;
    this.#pages = { first: 0, last: 0 };
  }

  /** Ids and revisions of every row here, which the server is told. */
  shown(): [id: number, revision: number][] {
    const here = this.loading ? [] : this.order.ids;
    this.#told = here.filter((id) => id !== undefined);
    return [...this.#book.known(this.#told)].map(({ id, revision }) => [id, revision]);
  }

  /** What the server was told is here. */
  known(): Iterable<Known> {
    return this.#book.known(this.#told);
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
      this.#book.keep([]);
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
        this.#book.get(instance.id)?.update(instance, message.asOf);
      }
    } else if (event === 'instances:seen') {
      for (const [id, at] of message.seen) this.#book.get(id)?.see(at);
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
    const signal = this.#fetches.begin(number);
    if (signal === null) return;
    try {
      const page = await api.fleetPage(this.query, number, signal);
      if (signal.aborted) return;
      this.order = this.#take(this.order, page, false);
      if (this.held !== null) this.held = this.#take(this.held, page, false);
      this.#forget();
      this.onshown();
    } catch (error) {
      if (!signal.aborted) this.error = toApiError(error);
    } finally {
      this.#fetches.end(number, signal);
    }
  }

  #take(order: Order, page: FleetPage, isNews: boolean): Order {
    this.axis = page.axis;
    this.counts = page.counts;
    this.#book.take(page, isNews);
    return placePage(order, page, this.#pages);
  }

  /** Drops the rows that stand nowhere any more. */
  #forget() {
    this.#book.keep([...this.order.ids, ...(this.held?.ids ?? [])]);
  }
}
