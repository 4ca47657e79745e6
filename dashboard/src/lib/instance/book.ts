interface Stoppable {
  stop(): void;
}

/** What was opened, by name, so that it is read once. */
export class Book<T extends Stoppable> {
  readonly #kept = new Map<string, T>();

  find(name: string): T | undefined {
    return this.#kept.get(name);
  }

  get(name: string, open: () => T): T {
    const known = this.#kept.get(name) ?? open();
    this.#kept.set(name, known);
    return known;
  }

  stop() {
    for (const one of this.#kept.values()) one.stop();
  }
}
