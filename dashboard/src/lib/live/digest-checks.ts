import type { Digest } from '#contract/socket.ts';
import { isBehind } from './digest.ts';
import type { Timing } from './watch-options.ts';
import type { Wire } from './wire.ts';

export interface DigestCheckDeps {
  wire: Pick<Wire, 'digest'>;
  timing: Pick<Timing, 'digestEvery' | 'digestDoubt'>;
  /** The room to ask for; null: there is nothing to compare just now. */
  room: () => string | null;
  /** Whether messages keep the page current. */
  isCurrent: () => boolean;
  mine: () => Digest;
  /** The server has what the page has not. */
  missed: () => void;
}

/** Asks the server now and then what it has: messages that were never sent leave no gap. */
export class DigestChecks {
  readonly #deps: DigestCheckDeps;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;

  constructor(deps: DigestCheckDeps) {
    this.#deps = deps;
  }

  start(): void {
    const delay = this.#deps.timing.digestEvery * (0.75 + Math.random() / 2);
    this.#timer = setTimeout(() => {
      void this.#check().finally(() => {
        if (!this.#isStopped) this.start();
      });
    }, delay);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #check(): Promise<void> {
    const { timing, mine, missed } = this.#deps;
    const before = await this.#ask();
    if (before === null || !isBehind(mine(), before)) return;
    // Messages may be on their way. Sums and moments only rise, so after a while the page has at least what the server
    // had then; only the count may have fallen since.
    await new Promise((resolve) => setTimeout(resolve, timing.digestDoubt));
    const now = await this.#ask();
    if (now !== null && isBehind(mine(), { ...before, count: now.count })) missed();
  }

  /** Null: there is nothing to compare just now. */
  async #ask(): Promise<Digest | null> {
    const { wire, isCurrent } = this.#deps;
    const room = this.#isStopped || !isCurrent() ? null : this.#deps.room();
    if (room === null) return null;
    const answer = await wire.digest(room).catch(() => null);
    return answer === null || 'error' in answer || !isCurrent() ? null : answer;
  }
}
