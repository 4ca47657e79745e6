import type { Instant } from '#contract/instance.ts';
import type { Known } from '../live/digest.ts';

/** A row on screen, which tells its own readers when it changes. */
export interface KeptRow<Id, Row> {
  readonly row: Known & { id: Id };
  /** Raised by each change that arrived while on screen, so that the row can flash. */
  readonly flash: number;
  /** Takes a newer state; what is older changes nothing. */
  update(row: Row, asOf: Instant): void;
}

/** The rows that are here, by id. Each row tells its own readers when it changes; the book itself tells nobody. */
export class RowBook<Id, Row extends { id: Id }, Kept extends KeptRow<Id, Row>> {
  readonly #rows = new Map<Id, Kept>();
  readonly #keep: (row: Row, asOf: Instant, flash: number) => Kept;

  constructor(keep: (row: Row, asOf: Instant, flash: number) => Kept) {
    this.#keep = keep;
  }

  get(id: Id | undefined): Kept | undefined {
    return id === undefined ? undefined : this.#rows.get(id);
  }

  /** Takes the rows of a page; `isNews`: one that was not here before flashes. */
  take({ rows, asOf }: { rows: Row[]; asOf: Instant }, isNews: boolean) {
    for (const row of rows) {
      const known = this.#rows.get(row.id);
      if (known !== undefined) known.update(row, asOf);
      else this.#rows.set(row.id, this.#keep(row, asOf, isNews ? 1 : 0));
    }
  }

  /** Keeps only the rows of these ids. */
  keep(ids: Iterable<Id | undefined>) {
    const kept = new Set(ids);
    for (const id of this.#rows.keys()) if (!kept.has(id)) this.#rows.delete(id);
  }

  /** Those of the ids that are here. */
  *known(ids: Id[]): Iterable<Known & { id: Id }> {
    for (const id of ids) {
      const kept = this.#rows.get(id);
      if (kept !== undefined) yield kept.row;
    }
  }
}
