import type { Scalar } from '#contract/instance.ts';
import type {
  AppStatus,
  EventCategory,
  LicenseFeature,
  LicenseType,
  StatusValue,
} from '#contract/status.ts';

/** A moment as milliseconds since the epoch, UTC. Durations are milliseconds too unless a name says seconds. */
export type Time = number;

/** Who speaks for an instance. Software that uses the plain door speaks for itself, as the SDK does. */
export type Reporter = 'kots' | 'sdk';
/** The way a report came in. */
export type Door = 'kots' | 'sdk' | 'api';
/** Who an event was told by. What is unverified came without a license, and nothing is derived from it. */
export type Teller = Door | 'unverified';

/**
 * What a report says of an instance, or what holds of it: flat, every field optional.
 * An absent field is "not reported": what is known stays. Digests stand for the longer parts, which are kept apart.
 */
export interface Facts {
  status?: StatusValue;
  channelId?: string;
  /** Name of the channel reported; shown when no channel of that id is known. */
  channelName?: string;
  channelSequence?: number;
  versionLabel?: string;
  clusterId?: string;
  k8sVersion?: string;
  k8sDistribution?: string;
  nodesReady?: number;
  nodesTotal?: number;
  isKurl?: boolean;
  kurlInstallId?: string;
  embeddedClusterId?: string;
  embeddedClusterVersion?: string;
  cloudProvider?: string;
  cloudRegion?: string;
  /** Nobody named the cloud: it is that of the address the reports come from. */
  cloudFromAddress?: boolean;
  appManagerVersion?: string;
  sdkVersion?: string;
  kotsInstallId?: string;
  gitOpsEnabled?: boolean;
  gitOpsProvider?: string;
  snapshotProvider?: string;
  snapshotFullSchedule?: string;
  snapshotFullTtl?: string;
  snapshotPartialSchedule?: string;
  snapshotPartialTtl?: string;
  installStatus?: string;
  preflightStatus?: string;
  skipPreflights?: boolean;
  downstreamSequence?: number;
  downstreamSource?: string;
  replHelmInstalls?: number;
  nativeHelmInstalls?: number;
  restoredFromInstanceId?: string;
  resourcesDigest?: string;
  imagesDigest?: string;
  nodesDigest?: string;
}
export type FactName = keyof Facts;

/**
 * Tag values with who set them: a report's tags replace the report's own, and the vendor's only by force;
 * `covered` is the vendor's value under a forced one, which shows again when the report leaves the tag out.
 */
export type Tags = Record<string, [value: string, by: 'vendor' | 'report', covered?: string]>;

export interface StoredRefusal {
  reason: 'license expired' | 'customer archived';
  since: Time;
  lastAt: Time;
  count: number;
}

export interface Entitlement {
  title: string;
  description?: string;
  value: Scalar;
  valueType: 'String' | 'Integer' | 'Boolean' | 'Text';
  isHidden?: boolean;
}

/** What was said: one authenticated report that carries an instance id. */
export interface CheckIn {
  instanceId: string;
  door: Door;
  /** Set for air gap reports only: when the instance wrote it. */
  reportedAt: Time | null;
  facts: Facts;
  /** The longer parts, in step with the digests in `facts`. */
  inventories: { resources?: unknown; images?: unknown; nodes?: unknown };
  tags: { force: boolean; values: Record<string, string> } | null;
  /** The whole set of custom metrics, or null when none are reported. */
  metrics: Record<string, Scalar> | null;
  /**
   * The cloud of the address it came from; null: in no published range. Absent where nobody looked, or the address is
   * not the instance's own.
   */
  addressCloud?: { provider: string; region: string | null } | null;
  /** Promised seconds until the next report; null: no promise (an earlier promise ends). */
  nextWithin: number | null;
}

/** The thing: one installation and its current state. */
export interface Instance {
  id: number;
  customerId: string;
  instanceId: string;
  revision: number;
  name: string | null;
  tags: Tags;
  facts: Facts;
  reports: Record<Reporter, Facts> | null;
  kotsReportedAt: Time | null;
  sdkReportedAt: Time | null;
  statusSince: Time | null;
  statusReportedAt: Time | null;
  firstReadyAt: Time | null;
  firstSeenAt: Time;
  lastCheckInAt: Time;
  lastEventAt: Time;
  nextWithin: number | null;
  lateSince: Time | null;
  inactiveSince: Time | null;
  refusal: StoredRefusal | null;
  airGap: boolean;
  archivedAt: Time | null;
  versionsBehind: number | null;
}

/** What changed: one field, from one value to another, at one moment. */
export interface InstanceEvent {
  at: Time;
  category: EventCategory;
  field: string;
  before: Scalar;
  after: Scalar;
  reporter: Teller | null;
  receivedAt: Time | null;
  /** Status events after a stretch of own deafness: when a report last named the status before. */
  unheardSince: Time | null;
}

/** A closed-open stretch of time. */
export interface Span {
  from: Time;
  to: Time;
}

export interface License {
  customerId: string;
  licenseId: string;
  type: LicenseType;
  createdAt: Time;
  expiresAt: Time | null;
  features: LicenseFeature[];
  entitlements: Record<string, Entitlement>;
  sequence: number;
  document: string | null;
}

/** What the fold must know of the world around one instance. */
export interface World {
  now: Time;
  /** Stretches in which Rollcall could hear, oldest first, the last one open until `now`. */
  ears: Span[];
  /** Setting INACTIVE_AFTER, in milliseconds. */
  inactiveAfter: number;
  app: { statusInformers: boolean };
  /** The customer's own channel. */
  customerChannelId: string;
  /** Label of the release and the number promoted after it; null: that channel has no such release. */
  release: (
    channelId: string,
    channelSequence: number,
  ) => { versionLabel: string; behind: number } | null;
  /** Id of the app's channel of that id, or else of that name; null: unknown. */
  channel: (idOrName: { id?: string; name?: string }) => string | null;
}

export type { AppStatus };
