import {
  type Attention,
  type EventCategory,
  type LicenseFeature,
  type LicenseType,
  problemAttentions,
} from '#contract/status.ts';

/** The word for each kind of attention, as every screen says it. */
export const attentionWords: Record<Attention, string> = {
  unavailable: 'Unavailable',
  missing: 'Missing',
  degraded: 'Degraded',
  refused: 'Refused',
  late: 'Late',
  updating: 'Updating',
  unreported: 'No status yet',
  inactive: 'Inactive',
  ready: 'Ready',
};

/** What counts as a problem in the page's title: somebody should look. */
export const problems: readonly Attention[] = problemAttentions;

export const licenseWords: Record<LicenseType, string> = {
  dev: 'Development',
  trial: 'Trial',
  paid: 'Paid',
  community: 'Community',
};

export const featureWords: Record<LicenseFeature, string> = {
  gitops: 'GitOps',
  airgap: 'Air gap',
  identity: 'Identity',
  snapshots: 'Snapshots',
};

export const categoryWords: Record<EventCategory, string> = {
  'app install/upgrade': 'App install/upgrade',
  'app status': 'App status',
  'cluster status': 'Cluster status',
  'custom metrics': 'Custom metrics',
  infrastructure: 'Infrastructure',
  'app manager version': 'App manager version',
  'SDK version': 'SDK version',
  'upstream update': 'Upstream update',
  presence: 'Presence',
};

const distributions: Record<string, string> = {
  aks: 'AKS',
  'digital-ocean': 'DigitalOcean',
  eks: 'EKS',
  'embedded-cluster': 'Embedded cluster',
  gke: 'GKE',
  k0s: 'k0s',
  k3s: 'K3s',
  kind: 'kind',
  kurl: 'kURL',
  microk8s: 'MicroK8s',
  minikube: 'minikube',
  openshift: 'OpenShift',
  rke2: 'RKE2',
  tanzu: 'Tanzu',
};

/** A distribution as its makers write it; one we do not know stays as it was reported. */
export function nameDistribution(distribution: string): string {
  return distributions[distribution] ?? distribution;
}

const clouds: Record<string, string> = {
  aws: 'AWS',
  azure: 'Azure',
  gcp: 'Google Cloud',
  digitalocean: 'DigitalOcean',
  'digital-ocean': 'DigitalOcean',
  hetzner: 'Hetzner',
  ibm: 'IBM Cloud',
  openstack: 'OpenStack',
  oracle: 'Oracle Cloud',
  vsphere: 'vSphere',
};

export function nameCloud(provider: string): string {
  return clouds[provider.toLowerCase()] ?? provider;
}

/** Who spoke: the two stock clients, or software that uses the plain door. */
export const reporterWords = {
  kots: 'KOTS',
  sdk: 'SDK',
  api: 'API',
  unverified: 'Unverified',
} as const;
