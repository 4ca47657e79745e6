import type { RotatedLicense } from '#contract/customers.ts';
import { audit, type By } from '#server/audit/index.ts';
import { AppError } from '#server/errors.ts';
import { announceCustomers } from '#server/store/announce.ts';
import { writeCustomer, writeLicense } from '#server/store/customers.ts';
import type { CustomerDeps } from './desk.ts';
import { holdCustomer, targetOf } from './hold-customer.ts';
import { makeLicenseId } from './make-ids.ts';

/**
 * A new license id in place of the old one, which nothing is taken by any more.
 * @returns the new one, a secret
 * @throws AppError not_found; conflict also when a signed license document names the present id
 */
export async function rotateLicenseId(
  { db }: Pick<CustomerDeps, 'db'>,
  by: By,
  id: string,
  revision: number,
): Promise<RotatedLicense> {
  return db.transaction(async (tx) => {
    const held = await holdCustomer(tx, id, revision);
    if (held.license.document !== null) {
      throw new AppError(
        'conflict',
        'The signed license document names the present license id: drop it first (document: null), and bring a new one afterwards.',
      );
    }
    const licenseId = makeLicenseId();
    await writeLicense(tx, id, { licenseId, sequence: held.license.sequence + 1 });
    const raised = await writeCustomer(tx, id, {});
    await audit(tx, by, { action: 'license-id.rotated', target: targetOf(held) });
    await announceCustomers(tx, [id]);
    return { id, revision: raised, licenseId };
  });
}
