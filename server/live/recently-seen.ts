import type { Instant } from '#contract/instance.ts';

/** How long a check-in is remembered at least: longer than a list takes from its fetch to its watch. */
const generation = 10_000;

/**
 * Plain check-ins of the last ten to twenty seconds. A list can name the rows it shows only after it has fetched
 * them; a plain check-in in between raises no revision, so the revisions it names cannot show that it was missed.
 */
export class RecentlySeen<Id = number> {
  #young = new Map<Id, Instant>();
  #old = new Map<Id, Instant>();
  #turnedAt = performance.now();

  note(id: Id, at: Instant): void {
    if (performance.now() - this.#turnedAt > generation) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#turnedAt = performance.now();
    }
    const before = this.#young.get(id);
    if (before === undefined || before < at) this.#young.set(id, at);
  }

  get(id: Id): Instant | null {
    return this.#young.get(id) ?? this.#old.get(id) ?? null;
  }
}
