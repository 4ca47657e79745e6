import type { Timing } from './watch-options.ts';

type Pace = Pick<Timing, 'spacing' | 'firstRetry' | 'longestRetry'>;

/** One reading at a time: when it is wanted, and again, after longer and longer rests, while it is not whole. */
export class Readings {
  readonly #read: () => Promise<boolean>;
  readonly #pace: Pace;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #at = Infinity;
  #isRunning = false;
  #wantedAgain: number | null = null;
  #failures = 0;
  #last = { at: -Infinity, took: 0 };
  #isStopped = false;

  /** @param read tells whether all could be read; never rejects */
  constructor(read: () => Promise<boolean>, pace: Pace) {
    this.#read = read;
    this.#pace = pace;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** @param delay milliseconds */
  want(delay: number): void {
    if (this.#isStopped) return;
    const at = performance.now() + delay;
    if (this.#isRunning) {
      this.#wantedAgain = Math.min(this.#wantedAgain ?? Infinity, at);
      return;
    }
    if (at >= this.#at) return;
    clearTimeout(this.#timer);
    this.#at = at;
    this.#timer = setTimeout(() => void this.#run(), delay);
  }

  /** Viewers that all heard the same must not all ask in the same moment. */
  wantSpaced(): void {
    const { spacing } = this.#pace;
    const rest = Math.max(spacing, 2 * this.#last.took);
    const due = this.#last.at + rest - performance.now();
    this.want(Math.max(0, due) + (Math.random() * spacing) / 4);
  }

  /** What made the last ones fail may be over. */
  forgetFailures(): void {
    this.#failures = 0;
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    this.#at = Infinity;
    const startedAt = performance.now();
    const isWhole = await this.#read();
    this.#failures = isWhole ? 0 : this.#failures + 1;
    let next = isWhole ? Infinity : this.#retryDelay();
    this.#isRunning = false;
    const now = performance.now();
    this.#last = { at: now, took: now - startedAt };
    if (this.#wantedAgain !== null) next = Math.min(next, Math.max(0, this.#wantedAgain - now));
    this.#wantedAgain = null;
    if (next < Infinity) this.want(next);
  }

  #retryDelay(): number {
    const { firstRetry, longestRetry } = this.#pace;
    return Math.min(longestRetry, firstRetry * 2 ** (this.#failures - 1)) * (0.5 + Math.random());
  }
}
