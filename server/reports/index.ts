import type { Db } from '#db/client.ts';
import type { InstanceSummary, Instant } from '#contract/instance.ts';
import type {
  CustomerReport,
  EventPage,
  FleetCounts,
  FleetFacets,
  FleetPage,
  FleetQuery,
  InstanceReport,
  Workspace,
} from '#contract/reports.ts';
import type { Digest } from '#contract/socket.ts';
import type { Span } from '#domain/model.ts';
import type { By } from '#server/audit/index.ts';
import type { Config } from '#server/config.ts';
import {
  type DigestScope,
  readDigest,
  readRevisions,
  readWorkspace,
} from '#server/store/reads-customers.ts';
import { countInstances, readFacets } from '#server/store/reads-fleet.ts';
import { readCustomerReport } from './customer.ts';
import { readEventPage } from './events.ts';
import { presentCounts, presentFacets } from './fleet.ts';
import { readFleetPage } from './fleet-page.ts';
import { readInstanceReport } from './instance.ts';
import { toInstant } from '#domain/instant.ts';
import { readSummaries } from './rows.ts';
import { revealLicenseId } from './reveal-license-id.ts';
import { shareReads } from './shared-reads.ts';

export { type ClosingDeps, closeDays } from './close-days.ts';
export { reportRoutes } from './routes.ts';

export interface ReportDeps {
  db: Db;
  config: Config;
  /** When Rollcall could hear, oldest first, the last stretch open until now. */
  ears: () => Span[];
  build: string;
}

/** Everything the dashboard reads. Nothing of it but `revealLicenseId` ever holds a license id. */
export interface Reports {
  workspace(): Promise<Workspace>;
  fleetPage(query: FleetQuery & { page: number }): Promise<FleetPage>;
  facets(): Promise<FleetFacets>;
  counts(): Promise<FleetCounts>;
  customer(id: string): Promise<CustomerReport | null>;
  instance(customerId: string, instanceId: string): Promise<InstanceReport | null>;
  /** @param before `next` of the page read before; throws AppError('invalid') when it is none */
  events(customerId: string, instanceId: string, before: string | null): Promise<EventPage | null>;
  /** Unknown ids are left out; archived instances are not. */
  summaries(ids: number[]): Promise<InstanceSummary[]>;
  /** As `summaries`, with the moment up to which `today` is reckoned. */
  summariesAsOf(ids: number[]): Promise<{ asOf: Instant; instances: InstanceSummary[] }>;
  revisions(ids: number[]): Promise<[id: number, revision: number][]>;
  digest(scope: DigestScope): Promise<Digest>;
  /** A secret: for the one route that reveals it, which is noted in the audit. Null: there is no such customer. */
  revealLicenseId(customerId: string, by: By): Promise<string | null>;
}

export function createReports(deps: ReportDeps): Reports {
  const { db, config } = deps;
  const sharePages = shareReads<FleetPage>();
  const shareCounts = shareReads<FleetCounts>();
  const shareFacets = shareReads<FleetFacets>();
  const shareCustomers = shareReads<CustomerReport | null>();

  const counts = () => shareCounts('', async () => presentCounts(await countInstances(db)));

  return {
    async workspace() {
      const { now, customers, demo, firstCustomer } = await readWorkspace(db);
      const { zone, publicUrl, inactiveAfter } = config;
      return {
        build: deps.build,
        zone,
        demo: demo || config.demo,
        publicUrl,
        inactiveAfter,
        now: toInstant(now),
        customers,
        firstCustomer,
      };
    },
    fleetPage: (query) =>
      sharePages(JSON.stringify(query), () => readFleetPage(deps, query, counts)),
    facets: () => shareFacets('', async () => presentFacets(await readFacets(db))),
    counts,
    customer: async (id) =>
      isText(id) ? shareCustomers(id, () => readCustomerReport(deps, id)) : null,
    instance: async (customerId, instanceId) =>
      isText(customerId, instanceId) ? readInstanceReport(deps, customerId, instanceId) : null,
    events: async (customerId, instanceId, before) =>
      isText(customerId, instanceId) ? readEventPage(db, customerId, instanceId, before) : null,
    summaries: async (ids) => (await readSummaries(deps, ids)).instances,
    summariesAsOf: (ids) => readSummaries(deps, ids),
    revisions: (ids) => readRevisions(db, ids),
    async digest(scope) {
      if ('customerId' in scope && !isText(...Object.values(scope)))
        return { count: 0, revisions: 0, newestCheckInAt: null };
      const { count, revisions, newestCheckInAt } = await readDigest(db, scope);
      return { count, revisions, newestCheckInAt: toInstant(newestCheckInAt) };
    },
    revealLicenseId: async (customerId, by) =>
      isText(customerId) ? revealLicenseId(db, customerId, by) : null,
  };
}

/** PostgreSQL has no character NUL, so nothing is known by a name that holds one. */
const isText = (...ids: string[]) => ids.every((id) => !id.includes('\0'));
