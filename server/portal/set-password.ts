import type { NewPortalPassword } from '#contract/portal.ts';
import { audit, type By } from '#server/audit/index.ts';
import { AppError } from '#server/errors.ts';
import { announceCustomers } from '#server/store/announce.ts';
import { endPortalSessions, lockCustomer } from '#server/store/customers.ts';
import { ensurePortals, writePortalPassword } from '#server/store/portals.ts';
import type { Desk } from './desk.ts';
import { makePassword } from './make-password.ts';

/**
 * Gives a customer's portal another password, and ends all logins at once.
 * @param given null: one is made
 * @returns the password, which is told this once and not kept
 * @throws AppError not_found
 */
export async function setPassword(
  { db, passwords }: Pick<Desk, 'db' | 'passwords'>,
  by: By,
  customerId: string,
  given: string | null,
): Promise<NewPortalPassword> {
  const password = given ?? makePassword();
  const passwordHash = await passwords.hash(password);
  await db.transaction(async (tx) => {
    const customer = await lockCustomer(tx, customerId);
    if (!customer) throw new AppError('not_found', 'There is no such customer.');
    await ensurePortals(tx, [customerId]);
    await writePortalPassword(tx, customerId, passwordHash);
    await endPortalSessions(tx, customerId);
    const target = { kind: 'customer', id: customerId, name: customer.name };
    const details = { made: given === null ? 'by the server' : 'by hand' };
    await audit(tx, by, { action: 'portal.password-set', target, details });
    await announceCustomers(tx, [customerId]);
  });
  return { password };
}
