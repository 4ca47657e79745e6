import type { FleetPage } from '#contract/reports.ts';
import type { Known } from '../live/digest.ts';
import { RowState } from './row-state.svelte.ts';

/** The rows that are here, by id. Each row tells its own readers when it changes; the book itself tells nobody. */
export class RowBook {
  readonly #rows = new Map<number, RowState>();

  get(id: number | undefined): RowState | undefined {
    return id === undefined ? undefined : this.#rows.get(id);
  }

  /** Takes the rows of a page; `isNews`: one that was not here before flashes. */
  take({ rows, asOf }: Pick<FleetPage, 'rows' | 'asOf'>, isNews: boolean) {
    for (const row of rows) {
      const known = this.#rows.get(row.id);
      if (known !== undefined) known.update(row, asOf);
      else this.#rows.set(row.id, new RowState(row, asOf, isNews ? 1 : 0));
    }
  }

  /** Keeps only the rows of these ids. */
  keep(ids: Iterable<number | undefined>) {
    const kept = new Set(ids);
    for (const id of this.#rows.keys()) if (!kept.has(id)) this.#rows.delete(id);
  }

  /** Those of the ids that are here. */
  *known(ids: number[]): Iterable<Known & { id: number }> {
    for (const id of ids) {
      const state = this.#rows.get(id);
      if (state !== undefined) yield state.row;
    }
  }
}
