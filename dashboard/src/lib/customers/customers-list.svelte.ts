import type { CustomerRow, CustomersPage, CustomersQuery } from '#contract/customers.ts';
import type { BarAxis } from '#contract/instance.ts';
import { api } from '../api.ts';
import { LongList } from '../list/long-list.svelte.ts';
import type { News } from '../live/watch-options.ts';
import { CustomerRowState } from './customer-row.svelte.ts';
import { everything, writeQuery } from './query.ts';

/** All customers as one long list. */
export class CustomersList extends LongList<
  string,
  CustomersQuery,
  CustomerRow,
  CustomersPage,
  CustomerRowState
> {
  axis = $state.raw<BarAxis | null>(null);
  /** Customers that are not archived, and those that are; null until they are here. */
  counts = $state.raw<{ total: number; archived: number } | null>(null);

  constructor() {
    super(everything, {
      read: (query, page, signal) => api.customersPage(query, page, signal),
      keep: (row, asOf, flash) => new CustomerRowState(row, asOf, flash),
      write: writeQuery,
    });
  }

  protected note({ axis, total, archived }: CustomersPage) {
    this.axis = axis;
    this.counts = { total, archived };
  }

  hear({ event, message }: News) {
    if (event !== 'customers:changed') return;
    for (const row of message.customers) this.book.get(row.id)?.update(row, message.asOf);
  }
}
