import type { CustomerRow } from '#contract/customers.ts';
import type { Instant } from '#contract/instance.ts';
import { type LiveCustomer, mergeCustomer } from './merge-customer.ts';

/** What somebody would want to notice. */
const essence = ({ name, worst, counts, license, archived, channel }: CustomerRow) =>
  JSON.stringify([name, worst, counts, license, archived, channel]);

/** One customer on screen, which tells its own readers when it changes. */
export class CustomerRowState {
  row: LiveCustomer;
  flash = $state(0);

  constructor(row: CustomerRow, asOf: Instant, flash = 0) {
    this.row = $state.raw({ ...row, asOf });
    this.flash = flash;
  }

  update(row: CustomerRow, asOf: Instant) {
    const merged = mergeCustomer(this.row, row, asOf);
    if (merged === this.row) return;
    if (essence(merged) !== essence(this.row)) this.flash += 1;
    this.row = merged;
  }
}
