import type { FleetCounts, FleetFacets } from '#contract/reports.ts';
import { type Attention, attentionOrder } from '#contract/status.ts';
import type { CountRow, FacetRow } from '#server/store/reads-fleet.ts';
import { compareNames } from './compare-names.ts';
import { compareVersions } from './compare-versions.ts';

/** The fleet's numbers; archived instances are counted on their own only. */
export function presentCounts(rows: CountRow[]): FleetCounts {
  const sum = (some: (row: CountRow) => boolean) =>
    rows.filter(some).reduce((total, row) => total + row.instances, 0);
  const byAttention = Object.fromEntries(
    attentionOrder.map((attention, index) => [
      attention,
      sum((row) => !row.archived && row.attention === index),
    ]),
  ) as Record<Attention, number>;
  return {
    total: sum((row) => !row.archived),
    airGap: sum((row) => !row.archived && row.airGap),
    archived: sum((row) => row.archived),
    byAttention,
  };
}

/** What may be filtered by: customers, channels and distributions by name, the newest version first. */
export function presentFacets(rows: FacetRow[]): FleetFacets {
  const of = (kind: FacetRow['kind']) =>
    rows
      .filter((row) => row.kind === kind)
      .sort((a, b) => compareNames(a.name, b.name) || compareNames(a.id, b.id));
  return {
    customers: of('customer').map(({ id, name, instances }) => ({ id, name, instances })),
    channels: of('channel').map(({ id, name, app, instances }) => ({ id, name, app, instances })),
    versions: of('version')
      .map(({ id, instances }) => ({ label: id, instances }))
      .sort((a, b) => compareVersions(b.label, a.label)),
    distributions: of('distribution').map(({ id, instances }) => ({ name: id, instances })),
  };
}
