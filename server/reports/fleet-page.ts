import type { FleetCounts, FleetPage, FleetQuery } from '#contract/reports.ts';
import { findFleetPage, readVersionLabels } from '#server/store/reads-fleet.ts';
import { compareVersions } from './compare-versions.ts';
import type { ReportDeps } from './index.ts';
import { readRows } from './rows.ts';

/** One page of the fleet, with the fleet's numbers. */
export async function readFleetPage(
  deps: ReportDeps,
  query: FleetQuery & { page: number },
  readCounts: () => Promise<FleetCounts>,
): Promise<FleetPage> {
  const [counts, found] = await Promise.all([readCounts(), find(deps, query)]);
  const { asOf, axis, rows } = await readRows(deps, found.ids, found.now);
  return { asOf, axis, counts, matching: found.matching, page: query.page, rows };
}

async function find({ db }: ReportDeps, query: FleetQuery & { page: number }) {
  if (query.sort !== 'version') return findFleetPage(db, query);
  // The database cannot order version labels; there are few different ones.
  const labels = await readVersionLabels(db);
  return findFleetPage(db, query, labels.sort(compareVersions));
}
