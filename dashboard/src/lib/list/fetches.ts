/** Requests for single pages, or of single kinds, that are under way, so that none is asked for twice. */
export class Fetches<Key = number> {
  readonly #running = new Map<Key, AbortController>();

  /** The signal for a page's request, or null while one is under way. */
  begin(page: Key): AbortSignal | null {
    if (this.#running.has(page)) return null;
    const controller = new AbortController();
    this.#running.set(page, controller);
    return controller.signal;
  }

  end(page: Key, signal: AbortSignal) {
    if (this.#running.get(page)?.signal === signal) this.#running.delete(page);
  }

  abort() {
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
  }
}
