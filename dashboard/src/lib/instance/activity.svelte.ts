import type { InstanceEventView } from '#contract/instance.ts';
import { toApiError } from '../api.ts';
import { type ActivityFilter, allActivity, isSameFilter, judgeArrival } from './activity-filter.ts';
import {
  type Answer,
  type Ask,
  type Grown,
  addNewest,
  isTouching,
  joinIds,
  noIds,
  takeNewest,
} from './event-pages.ts';
import { PagedEvents, type ReadActivity } from './paged-events.svelte.ts';

/** So many arrivals may lengthen the newest page before the list begins anew. */
const longest = 400;

/** An instance's activity: what happens joins it live, or waits while somebody reads on. */
export class Activity extends PagedEvents {
  /** Events that arrived while the page was open; they slide in. */
  fresh = $state.raw(noIds);
  /** Arrivals that wait while somebody reads further down, or has the focus in the list. */
  held = $state.raw<readonly InstanceEventView[]>([]);
  /** The address names an event that there is not, or not any more. */
  missed = $state(false);
  #frozen = false;
  /** Between what waits and what is shown there is a hole. */
  #torn = false;
  #around: number | null = null;

  constructor(
    read: ReadActivity,
    filter: ActivityFilter = allActivity,
    around: number | null = null,
  ) {
    super(read, filter);
    this.#around = around;
  }

  /** Shows another part of the activity, from the newest on, or around an event. */
  async ask(filter: ActivityFilter, around: number | null = null) {
    if (isSameFilter(filter, this.filter) && around === null && this.phase !== 'failed') return;
    this.stop();
    this.filter = filter;
    this.#around = around;
    this.held = [];
    this.phase = 'loading';
    await this.run('begin', async (signal) => this.apply(await this.fetch(signal)));
  }

  /** Forgets the list and reads the newest. */
  async startAnew() {
    this.stop();
    this.#around = null;
    this.held = [];
    await this.run('begin', async (signal) => this.begin(null, await this.readPage(null, signal)));
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
      return { filter, ask, answer: await this.read(filter, ask, signal) };
    } catch (error) {
      // The link outlived its event: its history was rewritten, or it belongs to another instance.
      if (ask === null || toApiError(error).status !== 404) throw error;
      this.missed = true;
      this.#around = null;
      return { filter, ask: null, answer: await this.read(filter, null, signal) };
    }
  }

  apply(told: Awaited<ReturnType<Activity['fetch']>>) {
    if (told === null || !isSameFilter(told.filter, this.filter)) return;
    const { ask, answer } = told;
    if (this.phase !== 'shown') return this.begin(ask, answer);
    if (ask !== null || !this.atNewest) return;
    const isWhole = this.length === 0 && answer.next === null;
    if (isWhole || isTouching(this.list, answer.events)) this.#take(answer.events);
    // More happened meanwhile than one page holds: the list begins anew, without a hole.
    else if (!this.#frozen) this.begin(null, answer);
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

  protected override begin(ask: Ask, answer: Answer) {
    super.begin(ask, answer);
    this.#torn = false;
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
}
