import { AppError } from '#server/errors.ts';
import { type HeldCustomer, lockCustomer } from '#server/store/customers.ts';
import type { Tx } from '#server/store/instances.ts';

/**
 * The customer, held until the commit, as whoever edits it last saw it.
 * @throws AppError not_found; conflict when somebody else has changed it since
 */
export async function holdCustomer(
  tx: Tx,
  customerId: string,
  revision: number,
): Promise<HeldCustomer> {
  const customer = await lockCustomer(tx, customerId);
  if (!customer) throw noSuchCustomer();
  if (customer.revision !== revision) {
    throw new AppError(
      'conflict',
      `Somebody else changed ${customer.name} meanwhile: look at what holds now, and save again.`,
    );
  }
  return customer;
}

export const noSuchCustomer = () => new AppError('not_found', 'There is no such customer.');

export const targetOf = ({ id, name }: { id: string; name: string }) => ({
  kind: 'customer',
  id,
  name,
});
