import { audit, type By } from '#server/audit/index.ts';
import { licenseDocument, licenseFileName } from '#server/license-document.ts';
import { loadLicenseOf } from '#server/store/licenses.ts';
import type { CustomerDeps } from './desk.ts';
import { noSuchCustomer, targetOf } from './hold-customer.ts';

/**
 * The license document as `GET /license` answers it, a secret.
 * @throws AppError not_found
 */
export async function downloadLicense(
  { db, config }: CustomerDeps,
  by: By,
  customerId: string,
): Promise<{ fileName: string; document: string }> {
  return db.transaction(async (tx) => {
    const license = await loadLicenseOf(tx, customerId);
    if (!license) throw noSuchCustomer();
    const target = targetOf({ id: customerId, name: license.customerName });
    await audit(tx, by, { action: 'license.downloaded', target });
    return {
      fileName: licenseFileName(customerId),
      document: licenseDocument(license, config.publicUrl),
    };
  });
}
