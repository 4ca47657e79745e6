import { untrack } from 'svelte';

/** Milliseconds after news in which bars move each second. */
const lively = 20_000;

/** The present by the server's clock, as one ticker for the whole page. */
class Now {
  /** Milliseconds, moves once a second: for ages. */
  second = $state(Date.now());
  /** Milliseconds, moves every fifteen seconds: for bars, which would otherwise all be drawn every second. */
  slow = $state(Date.now());
  #read = () => Date.now();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Starts the ticker; `read` gives the server's time. */
  start(read: () => number = Date.now) {
    this.#read = read;
    // Whoever starts it from an effect must not run again with each tick.
    untrack(() => this.tick());
    this.#timer = setInterval(() => this.tick(), 1000);
    return () => clearInterval(this.#timer);
  }

  /**
   * Until when bars are drawn that speak of the moment `asOf`: each second at first, when a few seconds of down time
   * must show, then with the slow tick.
   */
  forBars(asOf: number): number {
    const since = this.slow - asOf;
    return Math.max(this.slow, asOf, since > lively ? 0 : Math.min(this.second, asOf + lively));
  }

  tick() {
    this.second = this.#read();
    if (Math.abs(this.second - this.slow) >= 15_000) this.slow = this.second;
  }
}

export const now = new Now();
