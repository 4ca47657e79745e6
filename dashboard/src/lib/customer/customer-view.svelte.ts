import { SvelteMap } from 'svelte/reactivity';
import type { CustomerReport } from '#contract/reports.ts';
import { attentionOrder } from '#contract/status.ts';
import { type ApiError, toApiError } from '../api.ts';
import { findGone } from '../list/order.ts';
import { RowState } from '../fleet/row-state.svelte.ts';
import type { Known } from '../live/digest.ts';
import type { News, WatchState } from '../live/watch-options.ts';

export type GroupName = 'active' | 'airGap' | 'inactive' | 'archived';

/** Where an instance stands on its customer's page: each in one place, as the server counts them. */
function groupOf({ row }: RowState): GroupName {
  if (row.archived) return 'archived';
  if (row.airGap) return 'airGap';
  return row.presence === 'inactive' ? 'inactive' : 'active';
}

/** A customer and its instances, kept current. */
export class CustomerView {
  report = $state.raw<CustomerReport | null>(null);
  error = $state.raw<ApiError | null>(null);
  readonly rows = new SvelteMap<number, RowState>();

  /** In attention order. */
  readonly groups = $derived.by(() => {
    const groups: Record<GroupName, RowState[]> = {
      active: [],
      airGap: [],
      inactive: [],
      archived: [],
    };
    for (const state of this.rows.values()) groups[groupOf(state)].push(state);
    const rank = ({ row }: RowState) => attentionOrder.indexOf(row.attention);
    for (const states of Object.values(groups)) {
      states.sort((a, b) => rank(a) - rank(b) || a.row.id - b.row.id);
    }
    return groups;
  });

  apply(report: CustomerReport) {
    const isFirst = this.report === null;
    this.report = report;
    const gone = findGone(this.rows.keys(), report.rows);
    for (const id of gone) this.rows.delete(id);
    for (const row of report.rows) {
      const known = this.rows.get(row.id);
      if (known === undefined) {
        this.rows.set(row.id, new RowState(row, report.asOf, isFirst ? 0 : 1));
      } else known.update(row, report.asOf);
    }
  }

  hear({ event, message }: News) {
    if (event === 'instances:changed') {
      for (const instance of message.instances) {
        this.rows.get(instance.id)?.update(instance, message.asOf);
      }
    } else if (event === 'instances:seen') {
      for (const [id, at] of message.seen) this.rows.get(id)?.see(at);
    } else if (event === 'instances:left') {
      for (const id of message.ids) this.rows.delete(id);
    }
  }

  /**
   * An instance seen for the first time needs its closed days; one that left may only have been archived; one that
   * turned ready may have done so for the first time, which is what the times to install are of.
   */
  mustRefetch({ event, message }: News): boolean {
    if (event === 'instances:left') return true;
    if (event !== 'instances:changed') return false;
    return message.instances.some(({ id, status }) => {
      const known = this.rows.get(id)?.row;
      return known === undefined || (status === 'ready' && known.status !== 'ready');
    });
  }

  *known(): Iterable<Known> {
    for (const { row } of this.rows.values()) yield row;
  }

  heed({ error }: WatchState) {
    this.error = error === null ? null : toApiError(error);
  }
}
