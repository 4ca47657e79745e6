/** Milliseconds over which the speed of an upload is taken. */
const span = 5_000;

/** How fast something moves, by the last few seconds. Pure but for the samples it keeps. */
export class Speed {
  #samples: { at: number; sent: number }[] = [];

  hear(at: number, sent: number): void {
    this.#samples = [...this.#samples.filter((sample) => sample.at > at - span), { at, sent }];
  }

  forget(): void {
    this.#samples = [];
  }

  /** Bytes a second; null: not known yet. */
  get perSecond(): number | null {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.at - first.at < 500) return null;
    return ((last.sent - first.sent) / (last.at - first.at)) * 1000;
  }
}
