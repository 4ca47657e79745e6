import type { WallItem } from './items.ts';

/** Problems that are remembered as told, at most: more than any wall shows. */
const most = 5_000;

/**
 * Tells new problems from old ones: each sounds once, and again only after it was over. What is there when the wall
 * begins is not new.
 */
export class NewProblems {
  #known: Set<string> | null = null;

  /** Those of `items` that were none before. */
  take(items: readonly WallItem[]): WallItem[] {
    const now = items.filter((item) => item.isProblem);
    const known = this.#known;
    this.#known = new Set(now.slice(0, most).map(({ key }) => key));
    return known === null ? [] : now.filter(({ key }) => !known.has(key));
  }
}
