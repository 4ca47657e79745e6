import type { Scalar } from '#contract/instance.ts';
import type { AppStatus, LicenseFeature, LicenseType } from '#contract/status.ts';

/** Moments are milliseconds since the epoch, as everywhere inside Rollcall. */
export interface DemoRelease {
  channelSequence: number;
  releaseSequence: number;
  versionLabel: string;
  promotedAt: number;
  releaseNotes: string;
}

export interface DemoChannel {
  id: string;
  name: string;
  /** In the order of their channel sequence, which is that of their promotion. */
  releases: DemoRelease[];
}

export interface DemoApp {
  slug: string;
  name: string;
  channels: DemoChannel[];
}

export interface DemoLicense {
  id: string;
  type: LicenseType;
  createdAt: number;
  expiresAt: number | null;
  features: LicenseFeature[];
  seats: number;
}

export interface DemoCustomer {
  id: string;
  name: string;
  email: string;
  appSlug: string;
  channelId: string;
  archived: boolean;
  license: DemoLicense;
}

/**
 * By which door an instance speaks once it is live. `both`: the app manager and the SDK speak for the same instance;
 * `airgap`: never live, only through uploaded archives.
 */
export type Voice = 'sdk' | 'kots' | 'both' | 'plain' | 'airgap';

/** What has been happening to an instance, and so how its bars look. */
export const moods = [
  'steady',
  'bumpy',
  'flapping',
  'laggard',
  'gappy',
  'fresh',
  'unmonitored',
  'struggling',
  'down',
  'stuck',
  'sleeper',
  'upgrading',
] as const;
export type Mood = (typeof moods)[number];

/** All that an instance's client could say of it at one moment. */
export interface Said {
  status: AppStatus;
  /** Name of the resource that is in `status` while the others are ready; null: all are. */
  culprit: string | null;
  channelSequence: number;
  k8sVersion: string;
  nodesReady: number;
  nodesTotal: number;
  sdkVersion: string | null;
  appManagerVersion: string | null;
  metrics: Record<string, Scalar>;
}

/** One installation: what never changes about it, and what the simulator lets happen to it. */
export interface InstanceScript {
  instanceId: string;
  clusterId: string;
  customerId: string;
  licenseId: string;
  appSlug: string;
  channel: DemoChannel;
  voice: Voice;
  mood: Mood;
  distribution: string;
  /** Kubernetes versions this cluster will go through, oldest first. */
  k8sVersions: string[];
  cloud: { provider: string; region: string } | null;
  nodes: number;
  embeddedClusterVersion: string | null;
  gitOpsProvider: string | null;
  snapshotProvider: string | null;
  tags: Record<string, string>;
  installedAt: number;
  /** Seconds within which it promises to report again; null: it makes no promise. */
  nextWithin: number | null;
}

export interface Fleet {
  /** The moment that the whole story is told from. */
  now: number;
  seed: string;
  apps: DemoApp[];
  customers: DemoCustomer[];
  instances: InstanceScript[];
}

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;
