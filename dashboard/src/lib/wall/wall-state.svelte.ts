import { untrack } from 'svelte';
import type { BarAxis } from '#contract/instance.ts';
import type { WallOptions, WallSnapshot } from '#contract/wall.ts';
import type { Freshness } from '../live/freshness.ts';
import type { News } from '../live/watch-options.ts';
import { WallBook, type WallRow } from './book.ts';
import { type WallItem, listGroups, listItems } from './items.ts';
import { allLateSince, countCustomers, countWall } from './judge.ts';
import { NewProblems } from './new-problems.ts';
import { plainOptions } from './query-options.ts';

/** What a wall shows, as of the last tick: the book kept by messages, and everything that is drawn from it. */
export class WallState {
  /** Null: nothing was ever read. */
  head = $state.raw<Pick<WallSnapshot, 'asOf' | 'screen' | 'zone' | 'axis' | 'redaction'> | null>(
    null,
  );
  items = $state.raw<WallItem[]>([]);
  /** Customers that they belong to. */
  customers = $state.raw(0);
  counts = $state.raw(countWall([], 0));
  transitions = $state.raw<WallBook['transitions']>([]);
  /** Newest check-in of those in scope, in milliseconds. */
  lastCheckInAt = $state.raw<number | null>(null);
  /** All of those that should speak are late, and were last heard then. */
  silentSince = $state.raw<number | null>(null);
  /** The server's present: moves once a second. */
  now = $state.raw(Date.now());
  /** The same, every fifteen seconds: for bars, which need not all be drawn each second. */
  slow = $state.raw(Date.now());
  freshness = $state.raw<Freshness>({ level: 'connecting', since: null, reason: null });
  /** Called with problems that were none before. */
  onproblems: (problems: WallItem[]) => void = () => {};

  readonly #book = new WallBook();
  readonly #told = new NewProblems();
  readonly #options: (screen: WallOptions) => WallOptions;
  #dirty = true;
  /** The next moment at which somebody turns late by silence alone. */
  #nextLateAt = Infinity;

  /** @param options what this page makes of the screen's options */
  constructor(options: (screen: WallOptions) => WallOptions = (screen) => screen) {
    this.#options = options;
  }

  get options(): WallOptions {
    return this.#options(this.head?.screen?.options ?? plainOptions);
  }

  get axis(): BarAxis | null {
    return this.head?.axis ?? null;
  }

  /** In place of what was shown, at once. */
  apply(snapshot: WallSnapshot): void {
    this.#book.apply(snapshot);
    const { asOf, screen, zone, axis, redaction } = snapshot;
    this.head = { asOf, screen, zone, axis, redaction };
    this.#draw();
  }

  hear(news: News): void {
    switch (news.event) {
      case 'screen:changed':
        if (this.#book.change(news.message)) this.#dirty = true;
        break;
      case 'screen:seen':
        if (!this.#book.see(news.message.seen, this.now)) return;
        // Who was late by silence is not any more; the rest looks as before.
        this.#dirty = true;
        break;
      case 'screen:left':
        this.#book.leave(news.message.ids);
        this.#dirty = true;
        break;
      case 'screen:ticked':
        this.#book.tick(news.message.transitions);
        this.transitions = this.#book.transitions;
        return;
      default:
        return;
    }
    this.#drawSoon();
  }

  /** Its things by customer, as of the last drawing. Only walls without room for single instances ask. */
  readonly groups = $derived.by(() => {
    void this.items;
    return listGroups(
      this.#book,
      untrack(() => this.now),
    );
  });

  known() {
    return this.#book.known();
  }

  /** Once a second, with the server's present. */
  tick(now: number): void {
    this.now = now;
    if (Math.abs(now - this.slow) >= 15_000) this.slow = now;
    if (this.head === null) return;
    if (this.#dirty || now >= this.#nextLateAt) this.#draw();
    else this.#look();
  }

  #soon: ReturnType<typeof setTimeout> | undefined;
  /** Messages come ten times a second at most; what they change together is drawn once. */
  #drawSoon(): void {
    if (this.#soon !== undefined) return;
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      if (this.#dirty) this.#draw();
    }, 250);
  }

  /** Everything that depends on states. */
  #draw(): void {
    this.#dirty = false;
    const rows = this.#book.rows;
    const { mode } = this.options;
    this.items = keep(this.items, listItems(this.#book, mode, this.now));
    this.customers = countCustomers(rows.values());
    this.counts = countWall(rows.values(), this.now);
    this.transitions = this.#book.transitions;
    this.#look();
    const fresh = this.#told.take(this.items);
    if (fresh.length > 0) this.onproblems(fresh);
  }

  /** What check-ins alone move. */
  #look(): void {
    let newest = 0;
    let nextLateAt = Infinity;
    for (const { lastCheckInAt, lateAt } of this.#book.rows.values()) {
      if (lastCheckInAt > newest) newest = lastCheckInAt;
      if (lateAt !== null && lateAt > this.now && lateAt < nextLateAt) nextLateAt = lateAt;
    }
    this.lastCheckInAt = newest === 0 ? null : newest;
    this.#nextLateAt = nextLateAt;
    this.silentSince = allLateSince(this.#book.rows.values(), this.now);
  }
}

/** Bars that are not drawn look the same whenever they were summed. */
function hasSameDays(a: WallRow | null, b: WallRow | null): boolean {
  if (a === null || b === null || (a.closedDays === null && b.closedDays === null)) return true;
  return a.closedDays === b.closedDays && a.asOf === b.asOf;
}

/** The new list, with the old thing wherever nothing of it is another: what is the same is not drawn again. */
function keep(before: readonly WallItem[], after: WallItem[]): WallItem[] {
  const known = new Map(before.map((item) => [item.key, item]));
  return after.map((item) => {
    const old = known.get(item.key);
    return old !== undefined && isSame(old, item) ? old : item;
  });
}

function isSame(a: WallItem, b: WallItem): boolean {
  return (
    a.title === b.title &&
    a.detail === b.detail &&
    a.attention === b.attention &&
    a.word === b.word &&
    a.since === b.since &&
    a.row?.revision === b.row?.revision &&
    hasSameDays(a.row, b.row) &&
    a.parts.length === b.parts.length &&
    a.parts.every(({ attention, count }, at) => {
      const other = b.parts[at];
      return other?.attention === attention && other.count === count;
    })
  );
}
