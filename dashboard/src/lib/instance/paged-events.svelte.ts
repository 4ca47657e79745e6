import type { InstanceEventView } from '#contract/instance.ts';
import { type ApiError, toApiError } from '../api.ts';
import { Fetches } from '../list/fetches.ts';
import type { ActivityFilter } from './activity-filter.ts';
import {
  type Answer,
  type Ask,
  type EventPages,
  appendPage,
  beginPages,
  countEvents,
  findPlace,
  letGo,
  locate,
  noPages,
  prependPage,
  restorePage,
} from './event-pages.ts';

export type ReadActivity = (
  filter: ActivityFilter,
  ask: Ask,
  signal: AbortSignal,
) => Promise<Answer>;

/** Pages that stay here on either side of those on screen; the others are read again when they are scrolled to. */
const keptAround = 2;

/** The part of an instance's events that a filter lets through, newest first, with only what is around the viewport here. */
export abstract class PagedEvents {
  filter: ActivityFilter;
  list = $state.raw<EventPages>(noPages);
  /** `failed`: what came last could not be read. */
  phase = $state<'loading' | 'shown' | 'failed'>('loading');
  error = $state.raw<ApiError | null>(null);
  readonly length = $derived(countEvents(this.list));
  /** The newest events are in the list, so that arrivals join it. */
  readonly atNewest = $derived(this.list.newer === null);

  /** Counts readings that ended well: what was wanted while one was under way was refused, and has to be wanted again. */
  settled = $state(0);

  /** Told how many rows came in above those on screen; ends once the viewport has followed them. */
  onprepended: (added: number) => Promise<void> = async () => {};
  protected readonly read: ReadActivity;
  readonly #fetches = new Fetches<string>();

  constructor(read: ReadActivity, filter: ActivityFilter) {
    this.read = read;
    this.filter = $state.raw(filter);
  }

  at(index: number): InstanceEventView | undefined {
    const place = locate(this.list, index);
    return place?.page.events?.[place.row];
  }

  placeOf = (id: number): number | null => findPlace(this.list, id);

  stop() {
    this.#fetches.abort();
  }

  /** Tells which rows are on screen: pages around them are read, and others let go. */
  want(first: number, last: number) {
    if (this.phase !== 'shown') return;
    const [from, to] = [locate(this.list, Math.max(0, first)), locate(this.list, last)];
    const lastPage = this.list.pages.length - 1;
    const firstNumber = from?.number ?? 0;
    const lastNumber = to?.number ?? lastPage;
    for (let number = firstNumber; number <= lastNumber; number += 1) {
      const page = this.list.pages[number];
      if (page !== undefined && page.events === null) void this.#restore(number, page.ask);
    }
    if (last >= this.length - 40) void this.loadOlder();
    if (first < 40) void this.#loadNewer();
    this.list = letGo(this.list, firstNumber, lastNumber, keptAround);
  }

  async loadOlder() {
    const { next } = this.list;
    if (next === null) return;
    await this.run('older', async (signal) => {
      const answer = await this.readPage({ cursor: next }, signal);
      this.list = appendPage(this.list, { cursor: next }, answer);
    });
  }

  async #loadNewer() {
    const { newer } = this.list;
    if (newer === null) return;
    await this.run('newer', async (signal) => {
      const answer = await this.readPage({ cursor: newer }, signal);
      const { list, added } = prependPage(this.list, { cursor: newer }, answer);
      this.list = list;
      // Until then the rows on screen have the places of others: asked now, one would read on and on.
      await this.onprepended(added);
    });
  }

  async #restore(number: number, ask: Ask) {
    await this.run(`page ${number}`, async (signal) => {
      const answer = await this.readPage(ask, signal);
      this.list = restorePage(this.list, number, answer);
    });
  }

  protected readPage(ask: Ask, signal: AbortSignal): Promise<Answer> {
    return this.read(this.filter, ask, signal);
  }

  /** Another list takes the place of the one that is here. */
  protected begin(ask: Ask, answer: Answer) {
    this.list = beginPages(ask, answer);
    this.phase = 'shown';
    this.error = null;
  }

  /** One request of a kind at a time. */
  protected async run(kind: string, work: (signal: AbortSignal) => Promise<void>) {
    const signal = this.#fetches.begin(kind);
    if (signal === null) return;
    let isRead = false;
    try {
      await work(signal);
      this.error = null;
      isRead = true;
    } catch (error) {
      if (signal.aborted) return;
      this.error = toApiError(error);
      if (kind === 'begin') this.phase = 'failed';
    } finally {
      this.#fetches.end(kind, signal);
      if (isRead) this.settled += 1;
    }
  }
}
