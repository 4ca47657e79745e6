import type { CustomerReport } from '#contract/reports.ts';
import { type CustomerRecord, readCustomer, readNow } from '#server/store/reads-customers.ts';
import { idsOfCustomer } from '#server/store/reads-rows.ts';
import type { InstanceRow } from '#contract/instance.ts';
import type { ReportDeps } from './index.ts';
import { readRows } from './rows.ts';

/** A customer's details and all of its instances; null: there is no such customer. */
export async function readCustomerReport(
  deps: ReportDeps,
  customerId: string,
): Promise<CustomerReport | null> {
  const [customer, ids, now] = await Promise.all([
    readCustomer(deps.db, customerId),
    idsOfCustomer(deps.db, customerId),
    readNow(deps.db),
  ]);
  if (!customer) return null;
  const { asOf, axis, rows } = await readRows(deps, ids, now);
  return { asOf, axis, customer: presentCustomer(customer), counts: countPresence(rows), rows };
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
        ([name, { title, value, valueType }]) => ({ name, title, value, valueType }),
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
