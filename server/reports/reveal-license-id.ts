import type { Db } from '#db/client.ts';
import { audit, type By } from '#server/audit/index.ts';
import { readLicenseId } from '#server/store/reads-customers.ts';

/** A customer's license id, told only with a note in the audit of who asked for it; null: no such customer. */
export async function revealLicenseId(db: Db, customerId: string, by: By): Promise<string | null> {
  return db.transaction(async (tx) => {
    const found = await readLicenseId(tx, customerId);
    if (!found) return null;
    const target = { kind: 'customer', id: customerId, name: found.name };
    await audit(tx, by, { action: 'license-id.revealed', target });
    return found.licenseId;
  });
}
