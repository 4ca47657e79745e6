import type { AppStatus, Attention, EventCategory, Presence } from './status.ts';

/** A moment in UTC as `Date.prototype.toISOString` writes it, so that plain string comparison orders moments. */
export type Instant = string;

export type Scalar = string | number | boolean | null;

/** Seconds of known time in one bucket; what is missing to the bucket's length is no data. */
export type Bar = [up: number, degraded: number, down: number];

/** The shared time axis of uptime bars: bar `i` runs from `edges[i]` to `edges[i + 1]`. */
export interface BarAxis {
  edges: Instant[];
  /** IANA zone whose calendar the buckets follow. */
  zone: string;
  /** Stretches inside the axis in which Rollcall itself was not listening. */
  outages: { from: Instant; to: Instant }[];
}

export interface Refusal {
  /** One word for software: why reports are refused. */
  reason: 'license expired' | 'customer archived';
  since: Instant;
  lastAt: Instant;
  count: number;
}

/** Everything a list shows of one instance. Carries no license id, whoever reads it. */
export interface InstanceSummary {
  /** Internal id: the identity on the wire. */
  id: number;
  /** Raised by every change of state; a viewer ignores a lower one. */
  revision: number;
  /** The id the instance calls itself by. */
  instanceId: string;
  /** Given by the vendor; people see the first seven characters of `instanceId` when there is none. */
  name: string | null;
  customer: { id: string; name: string };
  app: { slug: string; name: string };
  status: AppStatus | null;
  /** False: `ready`, but no status informer vouches for it. */
  monitored: boolean;
  statusSince: Instant | null;
  attention: Attention;
  presence: Presence;
  /** When the present presence began; null while current. */
  presenceSince: Instant | null;
  refusal: Refusal | null;
  airGap: boolean;
  archived: boolean;
  /** Release channel it reports, else its customer's. */
  channel: { id: string; name: string } | null;
  channelSequence: number | null;
  versionLabel: string | null;
  /** Releases promoted to the channel after the running one; null when unknown. */
  versionsBehind: number | null;
  kubernetes: { distribution: string | null; version: string | null };
  /** `fromAddress`: it named none; its reports come from an address that the provider publishes. */
  cloud: { provider: string | null; region: string | null; fromAddress: boolean };
  kurl: boolean;
  nodes: { ready: number | null; total: number | null } | null;
  appManagerVersion: string | null;
  sdkVersion: string | null;
  tags: Record<string, string>;
  /** Those that the vendor has given. In `tags` another value stands for one that the instance overwrites by force. */
  vendorTags: Record<string, string>;
  firstSeenAt: Instant;
  lastCheckInAt: Instant;
  /** Seconds of silence after which it is late; null for an air gap instance. */
  lateAfter: number | null;
  /** The moment at which it is late if it stays silent; `lastCheckInAt + lateAfter` unless Rollcall was not listening. */
  lateAt: Instant | null;
  /** Today so far, in seconds, as of `asOf` of the message. The page lets it grow by the current status. */
  today: Bar;
}

/** A row of the fleet page: the summary with its closed days, oldest first (13 of them; today is `today`). */
export interface InstanceRow extends InstanceSummary {
  closedDays: Bar[];
}

export interface InstanceEventView {
  id: number;
  /** Internal id of the instance. */
  instance: number;
  at: Instant;
  category: EventCategory;
  field: string;
  before: Scalar;
  after: Scalar;
  /** `unverified`: anybody may have sent it; it changes nothing else. */
  reporter: 'kots' | 'sdk' | 'api' | 'unverified' | null;
  /** For air gap reports: when it was uploaded (`at` is when it was reported). */
  receivedAt: Instant | null;
}

/** A node of an embedded cluster. */
export interface NodeState {
  name: string;
  roles: string[];
  isReady: boolean;
  isConnected: boolean;
  /** Empty: not reported. */
  operatingSystem: string;
}

export interface ResourceState {
  kind: string;
  name: string;
  namespace: string;
  state: AppStatus;
}
