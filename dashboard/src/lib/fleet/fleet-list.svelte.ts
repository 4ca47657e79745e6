import type { BarAxis, InstanceSummary, Instant } from '#contract/instance.ts';
import type { FleetCounts, FleetPage, FleetQuery } from '#contract/reports.ts';
import { ApiError, api } from '../api.ts';
import { everything, pageSize } from './query.ts';
import { RowState } from './row-state.svelte.ts';

/** Pages kept around the viewport; a watch takes at most 1,000 rows. */
const kept = 7;

interface Order {
  ids: (number | undefined)[];
  matching: number;
}

/** The fleet as one long list of which only the pages around the viewport are here. */
export class FleetList {
  query = $state.raw<FleetQuery>(everything);
  axis = $state.raw<BarAxis | null>(null);
  counts = $state.raw<FleetCounts | null>(null);
  error = $state.raw<ApiError | null>(null);
  /** The query has changed and its first page is not here yet. */
  loading = $state(true);
  order = $state.raw<Order>({ ids: [], matching: 0 });
  /** A newer order, held back while somebody points into the table. */
  held = $state.raw<Order | null>(null);
  /** True while pointer or focus is in the table. */
  frozen = $state(false);

  #rows = new Map<number, RowState>();
  #first = 0;
  #last = 0;
  #fetching = new Map<number, AbortController>();

  /** How many rows of the pages here would stand elsewhere. */
  readonly moved = $derived.by(() => {
    if (this.held === null) return 0;
    const { ids } = this.held;
    let count = 0;
    const length = Math.max(ids.length, this.order.ids.length);
    for (let index = 0; index < length; index += 1) {
      if (ids[index] !== this.order.ids[index]) count += 1;
    }
    return count;
  });

  at(index: number): RowState | undefined {
    const id = this.order.ids[index];
    return id === undefined ? undefined : this.#rows.get(id);
  }

  byId(id: number): RowState | undefined {
    return this.#rows.get(id);
  }

  /** Ids and revisions of every row here. */
  shown(): [id: number, revision: number][] {
    const shown: [number, number][] = [];
    for (const id of this.order.ids) {
      const row = id === undefined ? undefined : this.#rows.get(id);
      if (row !== undefined) shown.push([row.row.id, row.row.revision]);
    }
    return shown;
  }

  /** Asks for another list; the rows of the old one stay until the first page is here. */
  async ask(query: FleetQuery) {
    for (const fetching of this.#fetching.values()) fetching.abort();
    this.#fetching.clear();
    this.query = query;
    this.loading = true;
    this.held = null;
    this.#first = 0;
    this.#last = 0;
    const page = await this.#fetch(0);
    if (page === null) return;
    this.loading = false;
    this.#rows = new Map();
    this.order = this.#place({ ids: [], matching: 0 }, page);
  }

  /** Tells which rows are on screen; missing pages are fetched, far ones forgotten. */
  want(first: number, last: number) {
    this.#first = Math.floor(Math.max(0, first - 20) / pageSize);
    const end = Math.max(0, Math.min(this.order.matching - 1, last + 20));
    this.#last = Math.floor(end / pageSize);
    if (this.loading) return;
    for (let page = this.#first; page <= this.#last; page += 1) {
      if (this.order.ids[page * pageSize] === undefined) void this.#load(page);
    }
  }

  /** Fetches the pages on screen again: order, membership and rows. */
  async refresh() {
    const wanted: number[] = [];
    for (let page = this.#first; page <= this.#last; page += 1) wanted.push(page);
    const pages = await Promise.all(wanted.map((page) => this.#fetch(page)));
    let order: Order = { ids: [], matching: 0 };
    for (const page of pages) {
      if (page === null) return;
      order = this.#place(order, page);
    }
    this.#arrange(order);
  }

  /** Shows the order that was held back. */
  show() {
    if (this.held !== null) this.order = this.held;
    this.held = null;
  }

  change(instances: InstanceSummary[], asOf: Instant) {
    for (const instance of instances) this.#rows.get(instance.id)?.update(instance, asOf);
  }

  see(seen: [id: number, lastCheckInAt: Instant][]) {
    for (const [id, at] of seen) this.#rows.get(id)?.see(at);
  }

  #arrange(order: Order) {
    const same =
      order.matching === this.order.matching &&
      order.ids.every((id, index) => id === this.order.ids[index]);
    if (same) this.held = null;
    else if (this.frozen) this.held = order;
    else {
      this.order = order;
      this.held = null;
    }
  }

  async #load(number: number) {
    if (this.#fetching.has(number)) return;
    const page = await this.#fetch(number);
    if (page !== null) this.order = this.#place(this.order, page);
  }

  async #fetch(number: number): Promise<FleetPage | null> {
    this.#fetching.get(number)?.abort();
    const controller = new AbortController();
    this.#fetching.set(number, controller);
    try {
      const page = await api.fleetPage(this.query, number, controller.signal);
      if (controller.signal.aborted) return null;
      this.error = null;
      this.axis = page.axis;
      this.counts = page.counts;
      return page;
    } catch (error) {
      if (controller.signal.aborted) return null;
      this.error = error instanceof ApiError ? error : new ApiError(0, 'unknown', String(error));
      return null;
    } finally {
      if (this.#fetching.get(number) === controller) this.#fetching.delete(number);
    }
  }

  /** The order with a page in its place; pages far from the viewport are dropped. */
  #place(order: Order, page: FleetPage): Order {
    const arriving = new Set(page.rows.map((row) => row.id));
    // A row that moved between two fetches must not stand twice.
    const ids = order.ids
      .slice(0, page.matching)
      .map((id) => (id !== undefined && arriving.has(id) ? undefined : id));
    page.rows.forEach((row, index) => {
      ids[page.page * pageSize + index] = row.id;
      const known = this.#rows.get(row.id);
      if (known === undefined) this.#rows.set(row.id, new RowState(row, page.asOf));
      else known.replace(row, page.asOf);
    });
    const middle = (this.#first + this.#last) / 2;
    for (let start = 0; start < ids.length; start += pageSize) {
      if (Math.abs(start / pageSize - middle) <= kept / 2) continue;
      for (let index = start; index < start + pageSize && index < ids.length; index += 1) {
        const id = ids[index];
        if (id !== undefined) this.#rows.delete(id);
        ids[index] = undefined;
      }
    }
    return { ids, matching: page.matching };
  }
}
