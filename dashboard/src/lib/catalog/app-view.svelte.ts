import type { AppDetails, ReleaseDetails } from '#contract/catalog.ts';
import { catalogApi } from './catalog-api.ts';
import { Watched } from './watched.svelte.ts';

interface Shown {
  app: AppDetails;
  releases: ReleaseDetails[];
  /** There are older ones. */
  more: boolean;
}

/** Milliseconds until it is looked again how far the events of a promotion are written. */
const lookAgainAfter = 1_500;

/** An app with its newest releases, kept current. */
export class AppView {
  readonly slug: string;
  readonly #shown: Watched<Shown>;
  #pages = 1;
  /** Older releases are on their way. */
  loadingMore = $state(false);

  constructor(slug: string) {
    this.slug = slug;
    this.#shown = new Watched((signal) => this.#read(signal));
  }

  get app(): AppDetails | null {
    return this.#shown.value?.app ?? null;
  }
  get releases(): ReleaseDetails[] {
    return this.#shown.value?.releases ?? [];
  }
  get more(): boolean {
    return this.#shown.value?.more ?? false;
  }
  get error() {
    return this.#shown.error;
  }

  refresh(): void {
    this.#shown.refresh();
  }

  showMore(): void {
    this.#pages += 1;
    this.loadingMore = true;
    this.refresh();
  }

  /** To be called once, while the component is made. */
  keep(): void {
    this.#shown.keep();
    $effect(() => {
      const isSpreading = this.app?.channels.some(({ spreading }) => spreading !== null);
      if (!isSpreading) return;
      const timer = setInterval(() => this.refresh(), lookAgainAfter);
      return () => clearInterval(timer);
    });
  }

  async #read(signal: AbortSignal): Promise<Shown> {
    const pages = this.#pages;
    const [app, first] = await Promise.all([
      catalogApi.app(this.slug, signal),
      catalogApi.releases(this.slug, null, signal),
    ]);
    const releases = [...first.releases];
    let { next } = first;
    for (let page = 1; page < pages && next !== null; page += 1) {
      const older = await catalogApi.releases(this.slug, next, signal);
      releases.push(...older.releases);
      ({ next } = older);
    }
    if (pages === this.#pages) this.loadingMore = false;
    return { app, releases, more: next !== null };
  }
}
