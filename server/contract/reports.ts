import { z } from 'zod';
import type {
  Bar,
  BarAxis,
  InstanceRow,
  Instant,
  NodeState,
  ResourceState,
  Scalar,
} from './instance.ts';
import type { PortalSummary } from './portal.ts';
import { queryList } from './query.ts';
import { type Attention, type LicenseFeature, type LicenseType, attentionOrder } from './status.ts';

/** Rows in one page of a list from the server. */
export const pageSize = 100;

export const sortKeys = [
  'attention',
  'name',
  'customer',
  'version',
  'distribution',
  'lastCheckIn',
  'firstSeen',
] as const;

/** What a list of instances is asked for; the same words stand in the page's URL and in the API's query string. */
export const fleetQuery = z.object({
  search: z.string().max(200).default(''),
  attention: queryList.pipe(z.array(z.enum(attentionOrder))).default([]),
  customer: queryList.pipe(z.array(z.string().max(200)).max(100)).default([]),
  channel: queryList.pipe(z.array(z.string().max(200)).max(100)).default([]),
  version: queryList.pipe(z.array(z.string().max(200)).max(100)).default([]),
  distribution: queryList.pipe(z.array(z.string().max(200)).max(100)).default([]),
  connection: z.enum(['any', 'online', 'airgap']).default('any'),
  archived: z.union([z.boolean(), z.stringbool()]).default(false),
  sort: z.enum(sortKeys).default('attention'),
  direction: z.enum(['asc', 'desc']).default('asc'),
});
export type FleetQuery = z.infer<typeof fleetQuery>;

export const fleetPageQuery = fleetQuery.extend({
  page: z.coerce.number().int().min(0).max(100_000).default(0),
});

export interface FleetCounts {
  /** Not archived. */
  total: number;
  airGap: number;
  archived: number;
  byAttention: Record<Attention, number>;
}

export interface FleetPage {
  asOf: Instant;
  axis: BarAxis;
  counts: FleetCounts;
  /** Rows that match the query, over all pages. */
  matching: number;
  page: number;
  rows: InstanceRow[];
}

/** Values the fleet page offers as filters, of instances that are not archived. */
export interface FleetFacets {
  customers: { id: string; name: string; instances: number }[];
  channels: { id: string; name: string; app: string; instances: number }[];
  versions: { label: string; instances: number }[];
  distributions: { name: string; instances: number }[];
}

export interface CustomerReport {
  asOf: Instant;
  axis: BarAxis;
  customer: {
    id: string;
    name: string;
    email: string | null;
    archivedAt: Instant | null;
    /** Of the customer and its license: what an edit names (customers.ts). */
    revision: number;
    app: { slug: string; name: string };
    channel: { id: string; name: string };
    license: {
      type: LicenseType;
      createdAt: Instant;
      expiresAt: Instant | null;
      features: LicenseFeature[];
      entitlements: {
        name: string;
        title: string;
        description: string;
        value: Scalar;
        valueType: string;
        isHidden: boolean;
      }[];
      /** True: the vendor's signed document is answered byte for byte. */
      signed: boolean;
    };
  };
  counts: { active: number; airGap: number; inactive: number; archived: number };
  /** Null: No Ready Instances. */
  timeToInstall: TimeToInstallReport | null;
  /** Null: there is none yet. */
  portal: PortalSummary | null;
  /** All of the customer's instances, archived ones too, in attention order. */
  rows: InstanceRow[];
}

/** Both times to install, of the instance whose first ready is the most recent, and the moments they are reckoned from. */
export interface TimeToInstallReport {
  instance: { instanceId: string; name: string | null };
  /** Seconds: first ready − first event of the instance. */
  instanceTime: number;
  /** Seconds: first ready − license created. */
  licenseTime: number;
  firstSeenAt: Instant;
  firstReadyAt: Instant;
  licenseCreatedAt: Instant;
}

export interface InstanceReport {
  asOf: Instant;
  axis: BarAxis;
  row: InstanceRow;
  /** Facts beyond the row, in reading order, ready to show. */
  facts: { field: string; label: string; value: Scalar; reporter: 'kots' | 'sdk' | null }[];
  /** What the reporter that does not speak for the instance last said otherwise. */
  otherwise: {
    reporter: 'kots' | 'sdk';
    at: Instant;
    values: { field: string; label: string; value: Scalar }[];
  } | null;
  /** Worst first. */
  resources: ResourceState[];
  /** Whose list `resources` is, and when it last spoke; null: nobody has sent one. */
  resourcesFrom: { reporter: 'kots' | 'sdk'; at: Instant | null } | null;
  /** Of an embedded cluster, those that are not ready first. */
  nodes: NodeState[];
  metrics: { name: string; value: Scalar; updatedAt: Instant }[];
  /** Customers that have an instance of the same id. */
  alsoUnder: { id: string; name: string }[];
  restoredFrom: { instanceId: string; known: boolean } | null;
  release: {
    promotedAt: Instant | null;
    latest: { label: string; promotedAt: Instant } | null;
    daysBehind: number | null;
  };
  /** The customer's own channel: another one than the row's where the instance reports another. */
  assignedChannel: { id: string; name: string };
  /** Over its whole history: what is known of the time from the moment it was first seen. `to` is as of its own reading. */
  uptime: { from: Instant; to: Instant; known: Bar };
  /** Of this instance alone. Null: it was never ready, or nobody vouches for its status. */
  timeToInstall: TimeToInstallReport | null;
}

export interface Workspace {
  build: string;
  zone: string;
  /** The data is a demo fleet's, and the page says so. */
  demo: boolean;
  /** Where instances send their reports. */
  publicUrl: string;
  inactiveAfter: number;
  now: Instant;
  customers: number;
  /** The first customer by name, whose license the empty fleet page offers for a trial check-in; null while there is none. */
  firstCustomer: { id: string; name: string } | null;
}
