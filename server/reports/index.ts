import type { Db } from '#db/client.ts';
import type {
  ActivityPage,
  EventsPage,
  EventsQuery,
  InstanceActivityQuery,
  ListedEvent,
  MetricHistory,
  MetricSummary,
  UptimeIntervals,
  UptimeRange,
  UptimeReport,
} from '#contract/activity.ts';
import type {
  CustomerFacets,
  CustomerRow,
  CustomersPage,
  CustomersQuery,
} from '#contract/customers.ts';
import type { InstanceSummary, Instant } from '#contract/instance.ts';
import type {
  CustomerReport,
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
import {
  readCatalogVersion,
  readCustomerRevisions,
  readCustomersDigest,
} from '#server/store/reads-customer-rows.ts';
import { readCustomerFacets } from '#server/store/reads-customers-list.ts';
import { readCustomerReport } from './customer.ts';
import { presentCustomerFacets, readCustomerRows, readCustomersPage } from './customers-list.ts';
import { readActivity } from './activity.ts';
import { openEventStream, readEventsPage } from './events.ts';
import { presentCounts, presentFacets } from './fleet.ts';
import { readFleetPage } from './fleet-page.ts';
import { readInstanceReport } from './instance.ts';
import { readUptimeReport } from './instance-uptime.ts';
import { readUptimeIntervals } from './uptime-intervals.ts';
import { readMetricHistory, readMetricList } from './metrics.ts';
import { toInstant } from '#domain/instant.ts';
import { readSummaries } from './rows.ts';
import { revealLicenseId } from './reveal-license-id.ts';
import { shareReads } from './shared-reads.ts';
import { Standings } from './standings.ts';

export { type ClosingDeps, closeDays } from './close-days.ts';
export { parseQuery } from './parse-query.ts';
export { reportRoutes } from './routes.ts';
export {
  presentCustomers,
  presentTransition,
  presentTuple,
  type WallItem,
} from './present-wall.ts';
export { createWallReads, type WallReads } from './wall.ts';

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
  customersPage(query: CustomersQuery & { page: number }): Promise<CustomersPage>;
  customerFacets(): Promise<CustomerFacets>;
  /** As the list shows them. Unknown ids are left out; archived customers are not. */
  customerRows(ids: string[]): Promise<{ asOf: Instant; customers: CustomerRow[] }>;
  customerRevisions(ids: string[]): Promise<[id: string, revision: number][]>;
  customer(id: string): Promise<CustomerReport | null>;
  instance(customerId: string, instanceId: string): Promise<InstanceReport | null>;
  /** Throws AppError('invalid') when the cursor is none. */
  events(
    customerId: string,
    instanceId: string,
    query: InstanceActivityQuery,
  ): Promise<ActivityPage | 'no such event' | null>;
  uptime(customerId: string, instanceId: string, range: UptimeRange): Promise<UptimeReport | null>;
  uptimeIntervals(
    customerId: string,
    instanceId: string,
    asked: { from: Instant; to: Instant; after?: Instant },
  ): Promise<UptimeIntervals | null>;
  /** Of all instances that are asked for. Throws AppError('invalid') when the cursor is none. */
  eventsPage(query: EventsQuery): Promise<EventsPage>;
  /** The same ones part by part. */
  eventStream(query: EventsQuery): Promise<AsyncGenerator<ListedEvent[], void>>;
  /** Current custom metrics and removed ones, by name. */
  metrics(customerId: string, instanceId: string): Promise<MetricSummary[] | null>;
  metricHistory(
    customerId: string,
    instanceId: string,
    asked: { name: string; range: UptimeRange },
  ): Promise<MetricHistory | 'no such metric' | null>;
  /** Unknown ids are left out; archived instances are not. */
  summaries(ids: number[]): Promise<InstanceSummary[]>;
  /** As `summaries`, with the moment up to which `today` is reckoned. */
  summariesAsOf(ids: number[]): Promise<{ asOf: Instant; instances: InstanceSummary[] }>;
  revisions(ids: number[]): Promise<[id: number, revision: number][]>;
  digest(scope: DigestScope): Promise<Digest>;
  /** Of the rows of customers, as `digest` is of instances. */
  customersDigest(ids: string[]): Promise<Digest>;
  /** `revisions` is the catalog's version. */
  catalogDigest(): Promise<Digest>;
  /** A secret: for the one route that reveals it, which is noted in the audit. Null: there is no such customer. */
  revealLicenseId(customerId: string, by: By): Promise<string | null>;
}

export function createReports(deps: ReportDeps): Reports {
  const { db, config } = deps;
  const sharePages = shareReads<FleetPage>();
  const shareCounts = shareReads<FleetCounts>();
  const shareFacets = shareReads<FleetFacets>();
  const shareCustomers = shareReads<CustomerReport | null>();

  const shareCustomerPages = shareReads<CustomersPage>();
  const shareCustomerFacets = shareReads<CustomerFacets>();
  const listDeps = { ...deps, standings: new Standings(db) };

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
    customersPage: (query) =>
      shareCustomerPages(JSON.stringify(query), () => readCustomersPage(listDeps, query)),
    customerFacets: () =>
      shareCustomerFacets('', async () => presentCustomerFacets(await readCustomerFacets(db))),
    customerRows: (ids) => readCustomerRows(listDeps, ids.filter(isStored)),
    customerRevisions: (ids) => readCustomerRevisions(db, ids.filter(isStored)),
    customer: async (id) =>
      isText(id) ? shareCustomers(id, () => readCustomerReport(deps, id)) : null,
    instance: async (customerId, instanceId) =>
      isText(customerId, instanceId) ? readInstanceReport(deps, customerId, instanceId) : null,
    events: async (customerId, instanceId, query) =>
      isText(customerId, instanceId) ? readActivity(db, customerId, instanceId, query) : null,
    uptime: async (customerId, instanceId, range) =>
      isText(customerId, instanceId) ? readUptimeReport(deps, customerId, instanceId, range) : null,
    uptimeIntervals: async (customerId, instanceId, asked) =>
      isText(customerId, instanceId)
        ? readUptimeIntervals(deps, customerId, instanceId, asked)
        : null,
    eventsPage: (query) => readEventsPage(db, query),
    eventStream: (query) => openEventStream(db, query),
    metrics: async (customerId, instanceId) =>
      isText(customerId, instanceId) ? readMetricList(db, customerId, instanceId) : null,
    metricHistory: async (customerId, instanceId, asked) => {
      if (!isText(customerId, instanceId)) return null;
      return isText(asked.name)
        ? readMetricHistory(deps, customerId, instanceId, asked)
        : 'no such metric';
    },
    summaries: async (ids) => (await readSummaries(deps, ids)).instances,
    summariesAsOf: (ids) => readSummaries(deps, ids),
    revisions: (ids) => readRevisions(db, ids),
    async digest(scope) {
      if ('customerId' in scope && !isText(...Object.values(scope)))
        return { count: 0, revisions: 0, newestCheckInAt: null };
      const { count, revisions, newestCheckInAt } = await readDigest(db, scope);
      return { count, revisions, newestCheckInAt: toInstant(newestCheckInAt) };
    },
    async customersDigest(ids) {
      const { newestCheckInAt, ...sums } = await readCustomersDigest(db, ids.filter(isStored));
      return { ...sums, newestCheckInAt: toInstant(newestCheckInAt) };
    },
    catalogDigest: async () => ({
      count: 1,
      revisions: await readCatalogVersion(db),
      newestCheckInAt: null,
    }),
    revealLicenseId: async (customerId, by) =>
      isText(customerId) ? revealLicenseId(db, customerId, by) : null,
  };
}

/** PostgreSQL has no character NUL, so nothing is known by a name that holds one. */
const isStored = (id: string) => !id.includes('\0');
const isText = (...ids: string[]) => ids.every(isStored);
