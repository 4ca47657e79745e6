import type { InstanceEventView } from '#contract/instance.ts';
import { type ApiError, toApiError } from '../api.ts';
import { Fetches } from '../list/fetches.ts';
import { type ActivityFilter, allActivity, isSameFilter, judgeArrival } from './activity-filter.ts';
import {
  type Answer,
  type Ask,
  type EventPages,
  type Grown,
  addNewest,
  appendPage,
  beginPages,
  countEvents,
  findPlace,
  isTouching,
  joinIds,
  letGo,
  locate,
  noIds,
  noPages,
  prependPage,
  restorePage,
  takeNewest,
} from './event-pages.ts';

export type ReadActivity = (
  filter: ActivityFilter,
  ask: Ask,
  signal: AbortSignal,
) => Promise<Answer>;

/** Pages that stay here on either side of those on screen; the others are read again when they are scrolled to. */
const keptAround = 2;
/** So many arrivals may lengthen the newest page before the list begins anew. */
const longest = 400;

/** An instance's activity, newest first: as long as its history, with only what is around the viewport here. */
export class Activity {
  filter: ActivityFilter;
  list = $state.raw<EventPages>(noPages);
  /** `failed`: what came last could not be read. */
  phase = $state<'loading' | 'shown' | 'failed'>('loading');
  error = $state.raw<ApiError | null>(null);
  /** Events that arrived while the page was open; they slide in. */
  fresh = $state.raw(noIds);
  /** Arrivals that wait while somebody reads further down, or has the focus in the list. */
  held = $state.raw<readonly InstanceEventView[]>([]);
  /** The address names an event that there is not, or not any more. */
  missed = $state(false);
  readonly length = $derived(countEvents(this.list));
  /** The newest events are in the list, so that arrivals join it. */
  readonly atNewest = $derived(this.list.newer === null);

  /** Counts readings that ended well: what was wanted while one was under way was refused, and has to be wanted again. */
  settled = $state(0);

  /** Told how many rows came in above those on screen; ends once the viewport has followed them. */
  onprepended: (added: number) => Promise<void> = async () => {};
  #frozen = false;
  /** Between what waits and what is shown there is a hole. */
  #torn = false;
  #around: number | null = null;
  readonly #fetches = new Fetches<string>();
  readonly #read: ReadActivity;

  constructor(
    read: ReadActivity,
    filter: ActivityFilter = allActivity,
    around: number | null = null,
  ) {
    this.#read = read;
    this.filter = $state.raw(filter);
    this.#around = around;
  }

  at(index: number): InstanceEventView | undefined {
    const place = locate(this.list, index);
    return place?.page.events?.[place.row];
  }

  placeOf = (id: number): number | null => findPlace(this.list, id);

  /** Shows another part of the activity, from the newest on, or around an event. */
  async ask(filter: ActivityFilter, around: number | null = null) {
    if (isSameFilter(filter, this.filter) && around === null && this.phase !== 'failed') return;
    this.stop();
    this.filter = filter;
    this.#around = around;
    this.held = [];
    this.phase = 'loading';
    await this.#run('begin', async (signal) => this.apply(await this.fetch(signal)));
  }

  /** Forgets the list and reads the newest. */
  async startAnew() {
    this.stop();
    this.#around = null;
    this.held = [];
    await this.#run('begin', async (signal) => this.#begin(null, await this.#get(null, signal)));
  }

  stop() {
    this.#fetches.abort();
  }

  /** Reads what the list begins with, and later what is new; null: nothing of it would be shown. */
  async fetch(
    signal: AbortSignal,
  ): Promise<{ filter: ActivityFilter; ask: Ask; answer: Answer } | null> {
    const { filter } = this;
    if (this.phase === 'shown' && !this.atNewest) return null;
    const around = this.phase === 'shown' ? null : this.#around;
    const ask: Ask = around === null ? null : { around };
    try {
      return { filter, ask, answer: await this.#read(filter, ask, signal) };
    } catch (error) {
      // The link outlived its event: its history was rewritten, or it belongs to another instance.
      if (ask === null || toApiError(error).status !== 404) throw error;
      this.missed = true;
      this.#around = null;
      return { filter, ask: null, answer: await this.#read(filter, null, signal) };
    }
  }

  apply(told: Awaited<ReturnType<Activity['fetch']>>) {
    if (told === null || !isSameFilter(told.filter, this.filter)) return;
    const { ask, answer } = told;
    if (this.phase !== 'shown') return this.#begin(ask, answer);
    if (ask !== null || !this.atNewest) return;
    const isWhole = this.length === 0 && answer.next === null;
    if (isWhole || isTouching(this.list, answer.events)) this.#take(answer.events);
    // More happened meanwhile than one page holds: the list begins anew, without a hole.
    else if (!this.#frozen) this.#begin(null, answer);
    else {
      this.#torn = true;
      this.held = answer.events;
    }
  }

  /** Takes what is told live. */
  hear(events: readonly InstanceEventView[]) {
    if (this.phase !== 'shown' || !this.atNewest) return;
    const mine = events.filter((event) => judgeArrival(this.filter, event) === true);
    const arrived = addNewest(this.list, mine);
    if (this.#frozen) this.#hold(mine.filter(({ id }) => arrived.added.includes(id)));
    else this.#keep(arrived);
  }

  /** While it is frozen nothing moves: arrivals wait. */
  freeze(on: boolean) {
    this.#frozen = on;
    if (!on && this.held.length > 0) this.show();
  }

  /** Shows the arrivals that wait. */
  show() {
    const waiting = this.held;
    this.held = [];
    const isTooLong = (this.list.pages[0]?.length ?? 0) + waiting.length > longest;
    if (isTooLong || this.#torn) void this.startAnew();
    else this.#keep(addNewest(this.list, waiting));
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
    await this.#run('older', async (signal) => {
      const answer = await this.#get({ cursor: next }, signal);
      this.list = appendPage(this.list, { cursor: next }, answer);
    });
  }

  async #loadNewer() {
    const { newer } = this.list;
    if (newer === null) return;
    await this.#run('newer', async (signal) => {
      const answer = await this.#get({ cursor: newer }, signal);
      const { list, added } = prependPage(this.list, { cursor: newer }, answer);
      this.list = list;
      // Until then the rows on screen have the places of others: asked now, one would read on and on.
      await this.onprepended(added);
    });
  }

  async #restore(number: number, ask: Ask) {
    await this.#run(`page ${number}`, async (signal) => {
      const answer = await this.#get(ask, signal);
      this.list = restorePage(this.list, number, answer);
    });
  }

  #get = (ask: Ask, signal: AbortSignal) => this.#read(this.filter, ask, signal);

  #begin(ask: Ask, answer: Answer) {
    this.list = beginPages(ask, answer);
    this.#torn = false;
    this.phase = 'shown';
    this.error = null;
  }

  #take(read: InstanceEventView[]) {
    const taken = takeNewest(this.list, read);
    if (this.#frozen) this.#hold(read.filter(({ id }) => taken.added.includes(id)));
    else this.#keep(taken);
  }

  #hold(events: readonly InstanceEventView[]) {
    const more = events.filter(({ id }) => !this.held.some((told) => told.id === id));
    if (more.length > 0) this.held = [...more, ...this.held].slice(0, longest);
  }

  #keep({ list, added }: Grown) {
    this.list = list;
    if (added.length === 0) return;
    this.fresh = joinIds(added, this.fresh, longest);
    if ((list.pages[0]?.length ?? 0) > longest) void this.startAnew();
  }

  /** One request of a kind at a time. */
  async #run(kind: string, work: (signal: AbortSignal) => Promise<void>) {
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
