/** This machine's two clocks, in milliseconds: one may be set, the other may stand still while the machine sleeps. */
export interface Reading {
  date: number;
  steady: number;
}

const began = Date.now() - performance.now();
/** This machine's time by a clock that nobody can set: what it is ahead or behind, the server tells. */
export const steadyNow = (): number => began + performance.now();
export const readClocks = (): Reading => ({ date: Date.now(), steady: steadyNow() });

/** Milliseconds: a timer of one second that comes later than this slept meanwhile. */
export const slept = 5_000;
/** Milliseconds by which the date runs ahead of the steady clock when it was set, or the steady one stood still. */
const leapt = 2_000;

/**
 * Notices from two clocks that nothing ran for a while. Pure but for what it keeps.
 * A date that leaps while the steady clock does not is a clock that was set or a machine that slept; which of both, only
 * the server's time tells.
 */
export class Slumber {
  #before: Reading;
  /** Milliseconds by which the date has leapt since the server last told the time. */
  leap = 0;
  /** When it did, by the steady clock. */
  leaptAt = -Infinity;

  constructor(now: Reading) {
    this.#before = now;
  }

  /**
   * Whether the machine may have slept since the last look.
   * @param patience milliseconds of the steady clock that may lie between two looks of a page that is awake
   */
  look(now: Reading, patience: number): boolean {
    const passed = now.steady - this.#before.steady;
    const ahead = now.date - this.#before.date - passed;
    this.#before = now;
    if (ahead > leapt) {
      this.leap += ahead;
      this.leaptAt = now.steady;
    }
    return ahead > leapt || passed > patience;
  }

  /** So much of it was sleep, by the server's time. */
  explain(passed: number): void {
    this.leap = this.leap - passed > leapt ? this.leap - passed : 0;
  }

  /** The server has told the time since: what the date did does not matter any more. */
  settle(): void {
    this.leap = 0;
  }
}
