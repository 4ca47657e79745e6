import { untrack } from 'svelte';
import { type ApiError, toApiError } from '../api.ts';
import { live } from '../live/live.svelte.ts';

/** Milliseconds: counts of instances move without an edit of the catalog. */
const readAgainAfter = 30_000;

/** Something of the catalog, or the list of screens, that is kept current while the page shows it. */
export class Watched<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<ApiError | null>(null);
  readonly #read: (signal: AbortSignal) => Promise<T>;
  readonly #kind: 'catalog' | 'screens';
  #refresh = () => {};

  constructor(read: (signal: AbortSignal) => Promise<T>, kind: 'catalog' | 'screens' = 'catalog') {
    this.#read = read;
    this.#kind = kind;
  }

  /** Reads it again, soon. */
  refresh(): void {
    this.#refresh();
  }

  /** To be called once, while the component is made. */
  keep(): void {
    $effect(() =>
      untrack(() => {
        const watch = live.watch({
          scope: () => ({ kind: this.#kind }),
          fetch: (signal) => this.#read(signal),
          apply: (value) => void (this.value = value),
          hear: () => {},
          onState: ({ error }) => (this.error = error === null ? null : toApiError(error)),
        });
        this.#refresh = () => watch.refresh();
        const timer = setInterval(() => {
          if (document.visibilityState === 'visible') watch.refresh();
        }, readAgainAfter);
        return () => {
          clearInterval(timer);
          watch.stop();
        };
      }),
    );
  }
}
