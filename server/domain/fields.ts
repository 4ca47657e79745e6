import type { EventCategory } from '#contract/status.ts';
import type { FactName } from './model.ts';

export interface Field {
  category: EventCategory;
  /** For reading, as it stands on the page. */
  label: string;
}

const install = 'app install/upgrade';
const cluster = 'cluster status';
const infrastructure = 'infrastructure';

type DerivedField = 'presence' | 'versionsBehind' | 'installProgress';

/** Every field that history or a page may name, except tags and custom metrics, whose names the instances choose. */
export const fieldOf: Record<FactName | DerivedField, Field> = {
  status: { category: 'app status', label: 'App status' },
  presence: { category: 'presence', label: 'Presence' },
  versionLabel: { category: install, label: 'App version' },
  channelId: { category: install, label: 'Channel' },
  channelName: { category: install, label: 'Channel name' },
  channelSequence: { category: install, label: 'Channel sequence' },
  versionsBehind: { category: 'upstream update', label: 'Versions behind' },
  clusterId: { category: cluster, label: 'Cluster ID' },
  k8sVersion: { category: cluster, label: 'Kubernetes version' },
  k8sDistribution: { category: cluster, label: 'Kubernetes distribution' },
  nodesReady: { category: cluster, label: 'Nodes ready' },
  nodesTotal: { category: cluster, label: 'Nodes' },
  isKurl: { category: cluster, label: 'kURL cluster' },
  kurlInstallId: { category: cluster, label: 'kURL install ID' },
  embeddedClusterId: { category: cluster, label: 'Embedded cluster ID' },
  embeddedClusterVersion: { category: cluster, label: 'Embedded cluster version' },
  cloudProvider: { category: infrastructure, label: 'Cloud provider' },
  cloudRegion: { category: infrastructure, label: 'Cloud region' },
  cloudFromAddress: { category: infrastructure, label: 'Cloud known from the address' },
  gitOpsEnabled: { category: infrastructure, label: 'GitOps' },
  gitOpsProvider: { category: infrastructure, label: 'GitOps provider' },
  snapshotProvider: { category: infrastructure, label: 'Snapshot provider' },
  snapshotFullSchedule: { category: infrastructure, label: 'Full snapshot schedule' },
  snapshotFullTtl: { category: infrastructure, label: 'Full snapshots kept for' },
  snapshotPartialSchedule: { category: infrastructure, label: 'Partial snapshot schedule' },
  snapshotPartialTtl: { category: infrastructure, label: 'Partial snapshots kept for' },
  appManagerVersion: { category: 'app manager version', label: 'App manager version' },
  sdkVersion: { category: 'SDK version', label: 'SDK version' },
  installProgress: { category: install, label: 'Install progress' },
  kotsInstallId: { category: install, label: 'KOTS install ID' },
  installStatus: { category: install, label: 'Install status' },
  preflightStatus: { category: install, label: 'Preflight status' },
  skipPreflights: { category: install, label: 'Preflights skipped' },
  downstreamSequence: { category: install, label: 'Downstream sequence' },
  downstreamSource: { category: install, label: 'Downstream source' },
  replHelmInstalls: { category: install, label: 'Replicated Helm installs' },
  nativeHelmInstalls: { category: install, label: 'Native Helm installs' },
  restoredFromInstanceId: { category: install, label: 'Restored from instance' },
  resourcesDigest: { category: 'app status', label: 'Resources' },
  imagesDigest: { category: install, label: 'Running images' },
  nodesDigest: { category: cluster, label: 'Node list' },
};

/** Facts that make no events: the version label speaks for the sequence, and a digest says nothing to a reader. */
const quiet = new Set<string>([
  'cloudFromAddress',
  'channelSequence',
  'resourcesDigest',
  'imagesDigest',
  'nodesDigest',
]);

/** Fields of events that are no facts of an instance. */
const derived = new Set<string>([
  'presence',
  'versionsBehind',
  'installProgress',
] satisfies DerivedField[]);

const isFact = (field: string): field is FactName =>
  Object.hasOwn(fieldOf, field) && !derived.has(field);

/** Facts whose changes are events, in the order in which one report's events are written. */
export const eventedFacts: readonly FactName[] = Object.keys(fieldOf)
  .filter(isFact)
  .filter((field) => !quiet.has(field));

const tagPrefix = 'tag:';

/** The event field of one tag. */
export const tagField = (name: string): string => tagPrefix + name;

/** The tag that an event field stands for; null: it is none. */
export const tagOf = (field: string): string | null =>
  field.startsWith(tagPrefix) ? field.slice(tagPrefix.length) : null;

/** What people read for a field of an event: `k8sVersion` → "Kubernetes version", a metric `numProjects` → "Num Projects". */
export function fieldLabel(category: EventCategory, field: string): string {
  if (category === 'custom metrics') return metricLabel(field);
  const tag = tagOf(field);
  if (tag !== null) return `Tag ${tag}`;
  return Object.hasOwn(fieldOf, field) ? fieldOf[field as keyof typeof fieldOf].label : field;
}

/** `numProjects`, `num_projects`, `num-projects` → "Num Projects"; runs of capitals stay: `SSOEnabled` → "SSO Enabled". */
export function metricLabel(name: string): string {
  const words = name
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[\s_-]+/u)
    .filter((word) => word !== '');
  if (words.length === 0) return name;
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}
