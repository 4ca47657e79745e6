import type { Digest, Watching } from '#contract/socket.ts';
import { RoomCount } from './gap.ts';
import { steadyNow } from './slumber.ts';
import type { Heard, WatchOptions } from './watch-options.ts';
import type { Wire } from './wire.ts';

export interface MembershipDeps {
  wire: Wire;
  options: Pick<WatchOptions<unknown>, 'scope' | 'onTime'>;
  /** Aborted when the page needs the room no more. */
  signal: AbortSignal;
  /** Told what is said in the room, each message once. */
  hear: (heard: Heard) => void;
  /** Something was said that never came. */
  missed: () => void;
}

/** The page in the room of what it watches: entered anew after each connect, with every message counted. */
export class Membership {
  readonly #deps: MembershipDeps;
  /** The room must be entered (again) before the next reading. */
  mustEnter = true;
  /** What the server knew when the page began to watch, where the page itself knows no revisions. */
  begun: Digest | null = null;
  /** Raised whenever the connection begins or ends. */
  connection = 0;
  #count: RoomCount | null = null;
  /** Messages that came before the answer that names their room; null: no answer is awaited. */
  #early: Heard[] | null = null;

  constructor(deps: MembershipDeps) {
    this.#deps = deps;
  }

  /** Null: it is in none. */
  get room(): string | null {
    return this.#count?.room ?? null;
  }

  /** The connection began or ended, and with it what this page was in. */
  lose(): void {
    this.connection += 1;
    this.mustEnter = true;
    this.#count = null;
    this.#early = null;
  }

  receive(heard: Heard): void {
    if (this.#count === null) {
      this.#early?.push(heard);
      return;
    }
    const verdict = this.#count.take(heard.message);
    if (verdict === 'foreign' || verdict === 'duplicate') return;
    if (verdict === 'missing') this.#deps.missed();
    this.#deps.hear(heard);
  }

  /** Compares what came with the last numbers that a beat names. */
  compare(origin: string, rooms: Record<string, number>): void {
    const count = this.#count;
    if (count && !count.isUpTo(origin, rooms[count.room])) this.#deps.missed();
  }

  /** Enters the room; from its answer on, every message is counted. Rejects if that fails. */
  async enter(): Promise<void> {
    this.mustEnter = false;
    this.#count = null;
    this.#early = [];
    const { connection } = this;
    const watching = await this.#ask();
    if (connection !== this.connection || this.#deps.signal.aborted) {
      throw new Error('the connection was lost');
    }
    this.#count = new RoomCount(watching);
    this.begun = watching.digest ?? null;
    const early = this.#early;
    this.#early = null;
    for (const heard of early ?? []) this.receive(heard);
  }

  /** Tells a list's room which rows are shown now; what they have missed comes as messages. */
  async tellShown(): Promise<void> {
    if (this.#count === null || !this.#deps.wire.connected()) return;
    const { connection } = this;
    try {
      const { origin, seq } = await this.#ask();
      if (connection !== this.connection) return;
      if (!this.#count?.isUpTo(origin, seq)) this.#deps.missed();
    } catch {
      this.#deps.missed();
    }
  }

  leave(): void {
    if (this.#count) this.#deps.wire.unwatch(this.#count.room, this);
  }

  async #ask(): Promise<Watching> {
    const { wire, options, signal } = this.#deps;
    const askedAt = steadyNow();
    const answer = await wire.watch(options.scope(), this);
    if ('error' in answer) throw new Error(answer.error.message);
    if (answer.at !== undefined) options.onTime?.(answer.at, askedAt);
    if (signal.aborted) wire.unwatch(answer.room, this);
    return answer;
  }
}
