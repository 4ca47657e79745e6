import type { InstallInstructions } from '#contract/customers.ts';
import { describeInstallation } from '#domain/install-instructions.ts';
import { audit, type By } from '#server/audit/index.ts';
import { readInstallFacts } from '#server/store/install-facts.ts';
import type { CustomerDeps } from './desk.ts';
import { noSuchCustomer, targetOf } from './hold-customer.ts';

/** With a placeholder in place of the license id. @throws AppError not_found */
export async function showInstructions(
  { db }: Pick<CustomerDeps, 'db'>,
  customerId: string,
): Promise<InstallInstructions> {
  const found = await readInstallFacts(db, customerId);
  if (!found) throw noSuchCustomer();
  return describeInstallation(found.facts, null);
}

/** As the customer needs them, the license id among them, which is noted. @throws AppError not_found */
export async function revealInstructions(
  { db }: Pick<CustomerDeps, 'db'>,
  by: By,
  customerId: string,
): Promise<InstallInstructions> {
  return db.transaction(async (tx) => {
    const found = await readInstallFacts(tx, customerId);
    if (!found) throw noSuchCustomer();
    const target = targetOf({ id: customerId, name: found.facts.customer.name });
    await audit(tx, by, {
      action: 'license-id.revealed',
      target,
      details: { in: 'install instructions' },
    });
    return describeInstallation(found.facts, found.licenseId);
  });
}
