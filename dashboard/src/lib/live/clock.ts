/** Beats of the last minute. */
const remembered = 12;
/** Beyond this, in milliseconds, it is not the network that was slow: a clock was set. */
const jump = 2_000;
const agreement = 500;

/**
 * Estimates how far the server's clock is ahead of this machine's, from messages that say when they were sent.
 * A message arrives some time after it was sent, so each shows the offset less its own journey; the largest of the last
 * minute had the shortest journey and is nearest the truth. Pure but for the samples it keeps.
 */
export class ServerClock {
  #samples: number[] = [];

  /** Takes a message that the server sent at `sentAt` (its clock) and that arrived at `arrivedAt` (ours); milliseconds. */
  hear(sentAt: number, arrivedAt: number): void {
    const sample = sentAt - arrivedAt;
    const before = this.#samples.at(-1);
    const tooHigh = this.#samples.length > 0 && sample > this.offset + jump;
    // One low sample is a message that waited long, as in a page that slept; two that agree are a clock that was set.
    const bothLow =
      before !== undefined &&
      sample < this.offset - jump &&
      before < this.offset - jump &&
      Math.abs(sample - before) < agreement;
    if (tooHigh || bothLow) this.#samples = [];
    this.#samples = [...this.#samples, sample].slice(-remembered);
  }

  /** Milliseconds to add to this machine's clock; 0 until the server was heard. */
  get offset(): number {
    return this.#samples.length === 0 ? 0 : Math.max(...this.#samples);
  }

  /** The server's present, given ours. */
  at(localNow: number): number {
    return localNow + this.offset;
  }
}
