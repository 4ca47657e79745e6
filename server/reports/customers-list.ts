import type {
  CustomerFacets,
  CustomerRow,
  CustomersPage,
  CustomersQuery,
} from '#contract/customers.ts';
import type { Instant } from '#contract/instance.ts';
import { pageSize } from '#contract/reports.ts';
import { attentionOrder } from '#contract/status.ts';
import { toInstant } from '#domain/instant.ts';
import type { Time } from '#domain/model.ts';
import { type Standing, growStanding } from '#domain/standing.ts';
import { type Totals, uptimeRatio } from '#domain/uptime.ts';
import { readNow } from '#server/store/reads-customers.ts';
import {
  type CustomerFacetRow,
  countCustomers,
  findCustomers,
} from '#server/store/reads-customers-list.ts';
import {
  type CustomerListRecord,
  readCustomerList,
  readImprints,
} from '#server/store/reads-customer-rows.ts';
import { type Axis, layAxis, presentAxis } from './axis.ts';
import { compareNames } from './compare-names.ts';
import type { ReportDeps } from './index.ts';
import { listDays } from './rows.ts';
import type { Standings } from './standings.ts';

export interface CustomerListDeps extends ReportDeps {
  standings: Standings;
}

/** One page of the list of customers. */
export async function readCustomersPage(
  deps: CustomerListDeps,
  query: CustomersQuery & { page: number },
): Promise<CustomersPage> {
  const { page, sort } = query;
  const [counts, found] = await Promise.all([
    countCustomers(deps.db),
    findCustomers(deps.db, query, sort === 'uptime' ? null : page),
  ]);
  const view = viewAt(deps, found.now);
  const ids =
    sort === 'uptime'
      ? (await sortByUptime(deps, found.ids, query, view)).slice(
          page * pageSize,
          (page + 1) * pageSize,
        )
      : found.ids;
  const { asOf, customers } = await readRows(deps, ids, view);
  return {
    asOf,
    axis: presentAxis(view.axis),
    ...counts,
    matching: found.matching,
    page,
    rows: customers,
  };
}

/** Customers as the list shows them, in the order of `ids`; unknown ids are left out. */
export async function readCustomerRows(
  deps: CustomerListDeps,
  ids: string[],
): Promise<{ asOf: Instant; customers: CustomerRow[] }> {
  return readRows(deps, ids, viewAt(deps, await readNow(deps.db)));
}

interface View {
  now: Time;
  axis: Axis;
  ears: ReturnType<ReportDeps['ears']>;
  /** End of the last stretch in which Rollcall was not listening; null: there is none in the two weeks. */
  deafUntil: Time | null;
}

function viewAt({ config, ears: hear }: ReportDeps, now: Time): View {
  const ears = hear();
  const axis = layAxis(config.zone, now, listDays, ears);
  return { now, axis, ears, deafUntil: axis.deaf.at(-1)?.to ?? null };
}

async function readStandings(
  { standings, config }: CustomerListDeps,
  imprints: ReadonlyMap<string, string>,
  { axis, ears }: View,
): Promise<Map<string, Standing>> {
  return standings.read(imprints, axis, { ears, inactiveAfter: config.inactiveAfter });
}

async function readRows(deps: CustomerListDeps, ids: string[], view: View) {
  const records = await readCustomerList(deps.db, ids, view.deafUntil);
  const imprints = new Map(records.map(({ id, imprint }) => [id, imprint]));
  const standings = await readStandings(deps, imprints, view);
  const end = view.axis.edges.at(-1)!;
  // A sum that was reckoned a moment later moves all of them up to its moment.
  const moments = [...standings.values()].map(({ asOf }) => asOf);
  const asOf = Math.max(Math.min(records[0]?.now ?? view.now, end), ...moments);
  return {
    asOf: toInstant(asOf),
    customers: records.map((record) => presentRow(record, standings.get(record.id), asOf)),
  };
}

/** Best last, unknown at the very end; those alike stay in the order they have, which is by name. */
async function sortByUptime(
  deps: CustomerListDeps,
  ids: string[],
  { direction }: CustomersQuery,
  view: View,
): Promise<string[]> {
  const all = await readImprints(deps.db, view.deafUntil);
  const imprints = new Map(ids.flatMap((id) => (all.has(id) ? [[id, all.get(id)!]] : [])));
  const standings = await readStandings(deps, imprints, view);
  const ratios = new Map<string, number>();
  for (const [id, standing] of standings) {
    const ratio = uptimeRatio(growStanding(standing, view.now));
    if (ratio !== null) ratios.set(id, ratio);
  }
  const turn = direction === 'asc' ? 1 : -1;
  const known = ids.filter((id) => ratios.has(id));
  known.sort((a, b) => turn * (ratios.get(a)! - ratios.get(b)!));
  return [...known, ...ids.filter((id) => !ratios.has(id))];
}

const nothing: Totals = { up: 0, degraded: 0, down: 0 };

function presentRow(
  record: CustomerListRecord,
  standing: Standing | undefined,
  asOf: Time,
): CustomerRow {
  const { id, revision, name, app, channel, license, archived, counts, worst } = record;
  const { up, degraded, down } = standing ? growStanding(standing, asOf) : nothing;
  return {
    id,
    revision,
    name,
    app,
    channel,
    license: { type: license.type, expiresAt: toInstant(license.expiresAt) },
    archived,
    counts,
    worst: worst === null ? null : attentionOrder[worst]!,
    uptime: { up: up / 1000, degraded: degraded / 1000, down: down / 1000 },
    lastCheckInAt: toInstant(record.lastCheckInAt),
  };
}

/** What may be filtered by, by name. */
export function presentCustomerFacets(rows: CustomerFacetRow[]): CustomerFacets {
  const of = (kind: CustomerFacetRow['kind']) =>
    rows
      .filter((row) => row.kind === kind)
      .sort(
        (a, b) =>
          compareNames(a.app, b.app) || compareNames(a.name, b.name) || compareNames(a.id, b.id),
      );
  return {
    apps: of('app').map(({ id, name, customers }) => ({ slug: id, name, customers })),
    channels: of('channel').map(({ id, name, app, customers }) => ({ id, name, app, customers })),
  };
}
