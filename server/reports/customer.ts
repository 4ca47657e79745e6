import type { CustomerReport } from '#contract/reports.ts';
import { type CustomerRecord, readCustomer, readNow } from '#server/store/reads-customers.ts';
import { idsOfCustomer } from '#server/store/reads-rows.ts';
import { readPortal } from '#server/store/portals.ts';
import type { InstanceRow } from '#contract/instance.ts';
import { presentPortal } from './portal.ts';
import { presentTimeToInstall } from './present-time-to-install.ts';
import type { ReportDeps } from './index.ts';
import { readRows } from './rows.ts';

const shownDownloads = 10;

/** A customer's details and all of its instances; null: there is no such customer. */
export async function readCustomerReport(
  deps: ReportDeps,
  customerId: string,
): Promise<CustomerReport | null> {
  const [customer, ids, now, portal] = await Promise.all([
    readCustomer(deps.db, customerId),
    idsOfCustomer(deps.db, customerId),
    readNow(deps.db),
    readPortal(deps.db, customerId, shownDownloads),
  ]);
  if (!customer) return null;
  const { asOf, axis, rows, records } = await readRows(deps, ids, now);
  return {
    asOf,
    axis,
    customer: presentCustomer(customer),
    counts: countPresence(rows),
    timeToInstall: presentTimeToInstall(records, customer.license.createdAt),
    portal: presentPortal(portal, deps.config),
    rows,
  };
}

function presentCustomer(customer: CustomerRecord): CustomerReport['customer'] {
  const { license, archivedAt, ...rest } = customer;
  return {
    ...rest,
    archivedAt: archivedAt?.toISOString() ?? null,
    license: {
      ...license,
      createdAt: license.createdAt.toISOString(),
      expiresAt: license.expiresAt?.toISOString() ?? null,
      entitlements: Object.entries(license.entitlements).map(
        ([name, { title, description = '', value, valueType, isHidden = false }]) => ({
          name,
          title,
          description,
          value,
          valueType,
          isHidden,
        }),
      ),
    },
  };
}

/** Every instance counts once: archived, else air gap, else inactive, else active (a late or refused one too). */
function countPresence(rows: InstanceRow[]): CustomerReport['counts'] {
  const counts = { active: 0, airGap: 0, inactive: 0, archived: 0 };
  for (const { archived, airGap, presence } of rows) {
    if (archived) counts.archived += 1;
    else if (airGap) counts.airGap += 1;
    else if (presence === 'inactive') counts.inactive += 1;
    else counts.active += 1;
  }
  return counts;
}
