import type { Instant } from '#contract/instance.ts';
import { type ApiError, toApiError } from '../api.ts';
import type { Known } from '../live/digest.ts';
import type { WatchState } from '../live/watch-options.ts';
import { Fetches } from './fetches.ts';
import { type Order, countMoved, isSameOrder, pageSize, placePage } from './order.ts';
import { type KeptRow, RowBook } from './row-book.ts';

export interface ListPage<Row> {
  asOf: Instant;
  page: number;
  /** Length of the whole list. */
  matching: number;
  rows: Row[];
}

/** What a long list is of: how its pages are read and its rows are kept. */
export interface ListSource<Query, Row, Page extends ListPage<Row>, Kept> {
  read: (query: Query, page: number, signal: AbortSignal) => Promise<Page>;
  keep: (row: Row, asOf: Instant, flash: number) => Kept;
  /** The query as the address writes it: two that are written alike are one. */
  write: (query: Query) => URLSearchParams;
}

/** One long list of which only the pages around the viewport are here. */
export abstract class LongList<
  Id,
  Query,
  Row extends { id: Id },
  Page extends ListPage<Row>,
  Kept extends KeptRow<Id, Row>,
> {
  query: Query;
  error = $state.raw<ApiError | null>(null);
  /** The query has changed and its first page is not here yet; the rows of the one before stay. */
  loading = $state(true);
  order = $state.raw<Order<Id>>({ ids: [], matching: 0 });
  /** A newer order, held back while somebody points into the table. */
  held = $state.raw<Order<Id> | null>(null);
  /** The row that keys last stood on. */
  active = $state(0);
  /** True while pointer or focus is in the table. */
  frozen = $state(false);
  /** How many rows of the pages here would stand elsewhere. */
  readonly moved = $derived(this.held === null ? 0 : countMoved(this.order, this.held));

  /** Called when other rows are here than the server was told. */
  onshown: () => void = () => {};

  protected readonly book: RowBook<Id, Row, Kept>;
  readonly #source: ListSource<Query, Row, Page, Kept>;
  readonly #fetches = new Fetches();
  #pages = { first: 0, last: 0 };
  #told: Id[] = [];

  constructor(query: Query, source: ListSource<Query, Row, Page, Kept>) {
    this.query = $state.raw(query);
    this.#source = source;
    this.book = new RowBook(source.keep);
  }

  /** Takes what a page says beside its rows. */
  protected abstract note(page: Page): void;

  at(index: number): Kept | undefined {
    return this.book.get(this.order.ids[index]);
  }

  /** Begins another list; the one that is here stays as it is, so that going back finds it where it was. */
  ask(query: Query) {
    this.frozen = false;
    const { write } = this.#source;
    if (!this.loading && write(query).toString() === write(this.query).toString()) return;
    this.#fetches.abort();
    this.query = query;
    this.loading = true;
    this.active = 0;
    this.held = null;
    this.#pages = { first: 0, last: 0 };
  }

  /** Ids and revisions of every row here, which the server is told. */
  shown(): [id: Id, revision: number][] {
    const here = this.loading ? [] : this.order.ids;
    this.#told = here.filter((id) => id !== undefined);
    return [...this.book.known(this.#told)].map(({ id, revision }) => [id, revision]);
  }

  /** What the server was told is here. */
  known(): Iterable<Known> {
    return this.book.known(this.#told);
  }

  /** Reads the pages around the viewport. */
  fetch(signal: AbortSignal): Promise<Page[]> {
    const { first, last } = this.#pages;
    const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    return Promise.all(numbers.map((number) => this.#source.read(this.query, number, signal)));
  }

  /** Takes what `fetch` read: order, membership and rows. */
  apply(pages: Page[]) {
    const isFirst = this.loading;
    if (isFirst) {
      this.book.keep([]);
      this.order = { ids: [], matching: 0 };
      this.loading = false;
    }
    let order: Order<Id> = { ids: [], matching: 0 };
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
      const page = await this.#source.read(this.query, number, signal);
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

  #take(order: Order<Id>, page: Page, isNews: boolean): Order<Id> {
    this.note(page);
    this.book.take(page, isNews);
    return placePage(order, page, this.#pages);
  }

  /** Drops the rows that stand nowhere any more. */
  #forget() {
    this.book.keep([...this.order.ids, ...(this.held?.ids ?? [])]);
  }
}
