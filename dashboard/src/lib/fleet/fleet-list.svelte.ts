import type { BarAxis, InstanceRow } from '#contract/instance.ts';
import type { FleetCounts, FleetPage, FleetQuery } from '#contract/reports.ts';
import { api } from '../api.ts';
import { LongList } from '../list/long-list.svelte.ts';
import type { News } from '../live/watch-options.ts';
import { everything, writeQuery } from './query.ts';
import { RowState } from './row-state.svelte.ts';

/** The fleet as one long list of instances. */
export class FleetList extends LongList<number, FleetQuery, InstanceRow, FleetPage, RowState> {
  axis = $state.raw<BarAxis | null>(null);
  counts = $state.raw<FleetCounts | null>(null);

  constructor() {
    super(everything, {
      read: (query, page, signal) => api.fleetPage(query, page, signal),
      keep: (row, asOf, flash) => new RowState(row, asOf, flash),
      write: writeQuery,
    });
  }

  protected note({ axis, counts }: FleetPage) {
    this.axis = axis;
    this.counts = counts;
  }

  hear({ event, message }: News) {
    if (event === 'instances:changed') {
      for (const instance of message.instances) {
        this.book.get(instance.id)?.update(instance, message.asOf);
      }
    } else if (event === 'instances:seen') {
      for (const [id, at] of message.seen) this.book.get(id)?.see(at);
    } else if (event === 'fleet:counted') {
      this.counts = message.counts;
    }
  }
}
