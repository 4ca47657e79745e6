import type { CustomerRow } from '#contract/customers.ts';
import type { Instant } from '#contract/instance.ts';

/** A row as a page keeps it: with the moment of which it speaks. */
export type LiveCustomer = CustomerRow & { asOf: Instant };

/** Takes a state of the customer: the higher revision counts, of equal ones the later reading. Pure. */
export function mergeCustomer(known: LiveCustomer, row: CustomerRow, asOf: Instant): LiveCustomer {
  const isLater =
    row.revision > known.revision || (row.revision === known.revision && asOf >= known.asOf);
  return isLater ? { ...row, asOf } : known;
}
