import type { EditedCustomer } from '#contract/customers.ts';
import { audit, type By } from '#server/audit/index.ts';
import { announceCustomers } from '#server/store/announce.ts';
import { readClock } from '#server/store/clock.ts';
import { endPortalSessions, writeCustomer } from '#server/store/customers.ts';
import type { CustomerDeps } from './desk.ts';
import { holdCustomer, targetOf } from './hold-customer.ts';

/**
 * From the next report on its instances are refused, and nobody is in its download portal any more. Nothing is lost.
 * @throws AppError not_found, conflict
 */
export async function archiveCustomer(
  { db }: Pick<CustomerDeps, 'db'>,
  by: By,
  id: string,
  revision: number,
): Promise<EditedCustomer> {
  return db.transaction(async (tx) => {
    const held = await holdCustomer(tx, id, revision);
    if (held.archivedAt !== null) return { id, revision };
    const raised = await writeCustomer(tx, id, { archivedAt: new Date(await readClock(tx)) });
    await endPortalSessions(tx, id);
    await audit(tx, by, { action: 'customer.archived', target: targetOf(held) });
    await announceCustomers(tx, [id]);
    return { id, revision: raised };
  });
}

/** Its instances are heard again, and its download portal opens. @throws AppError not_found, conflict */
export async function restoreCustomer(
  { db }: Pick<CustomerDeps, 'db'>,
  by: By,
  id: string,
  revision: number,
): Promise<EditedCustomer> {
  return db.transaction(async (tx) => {
    const held = await holdCustomer(tx, id, revision);
    if (held.archivedAt === null) return { id, revision };
    const raised = await writeCustomer(tx, id, { archivedAt: null });
    await audit(tx, by, { action: 'customer.restored', target: targetOf(held) });
    await announceCustomers(tx, [id]);
    return { id, revision: raised };
  });
}
