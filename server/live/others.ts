import type { Published } from './cluster.ts';

/** A process that has not been heard for this long (it probes every five seconds) is gone. */
export const silentFor = 12_000;

/** Keeps the count of each other process. */
export class Others {
  readonly #last = new Map<string, { n: number; at: number }>();
  readonly #lost: () => void;

  constructor(lost: () => void) {
    this.#lost = lost;
  }

  heard(message: Published): void {
    const last = this.#last.get(message.origin)?.n ?? 0;
    if (message.kind === 'goodbye') this.#last.delete(message.origin);
    else this.#last.set(message.origin, { n: message.n, at: performance.now() });
    const expected = message.kind === 'change' ? last + 1 : last;
    if (message.n !== expected) this.#lost();
  }

  /** A process that ended without a goodbye may have committed what it no longer told. */
  forgetSilent(now = performance.now()): void {
    for (const [origin, { at }] of this.#last) {
      if (now - at <= silentFor) continue;
      this.#last.delete(origin);
      this.#lost();
    }
  }
}
