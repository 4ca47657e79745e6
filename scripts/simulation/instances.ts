import { clusterKinds, embeddedClusterVersions, type ClusterKind } from './clusters.ts';
import { createKsuid, createUuid } from './ids.ts';
import {
  type DemoApp,
  type DemoCustomer,
  type InstanceScript,
  type Mood,
  type Voice,
  day,
  hour,
} from './model.ts';
import type { Random } from './random.ts';

/** The order in which clusters come up among customers who run production. */
const production = [
  ['eks', 'gke', 'kurl', 'aks', 'openshift', 'embedded-cluster', 'eks', 'rke2'],
  ['k3s', 'gke', 'tanzu', 'k0s', 'digital-ocean', 'aks', 'kurl', 'embedded-cluster'],
].flat();
const laboratory = ['kind', 'minikube', 'microk8s', 'k3s'];

/** Who is out of the ordinary, by the instance's place in a fleet of 60; everybody else is steady. */
const moodsByPlace: Record<number, Mood> = {
  2: 'bumpy',
  6: 'laggard',
  8: 'gappy',
  11: 'flapping',
  16: 'unmonitored',
  17: 'bumpy',
  19: 'sleeper',
  22: 'fresh',
  25: 'down',
  26: 'bumpy',
  28: 'upgrading',
  30: 'gappy',
  32: 'laggard',
  35: 'sleeper',
  38: 'struggling',
  40: 'bumpy',
  43: 'flapping',
  46: 'laggard',
  48: 'fresh',
  53: 'bumpy',
};
const voices: Voice[] = ['sdk', 'kots', 'sdk', 'plain', 'sdk', 'kots', 'plain'];

/** Customers whose first instance has no way out to the internet. */
const airGapped = ['tallowmere', 'marrowfield', 'kestrelgate', 'ironvale'];

function chooseMood(customer: DemoCustomer, place: number): Mood {
  // Their only instance never came up: their page has no time to install to show.
  if (customer.id.startsWith('thistledown')) return 'stuck';
  return moodsByPlace[place % 60] ?? 'steady';
}

function chooseKind(customer: DemoCustomer, place: number, ordinal: number): ClusterKind {
  const lab = customer.license.type === 'dev' || customer.license.type === 'community';
  const list = lab ? laboratory : production;
  const wanted = list[(lab ? ordinal : place) % list.length];
  const kind = clusterKinds.find((candidate) => candidate.distribution === wanted);
  if (kind === undefined) throw new Error(`No cluster kind ${wanted}.`);
  return kind;
}

function chooseVoice(kind: ClusterKind, mood: Mood, place: number, random: Random): Voice {
  if (mood === 'sleeper') return 'plain';
  if (mood === 'unmonitored') return 'sdk';
  if (kind.distribution === 'kurl' || kind.distribution === 'embedded-cluster') {
    return random.chance(0.25) ? 'both' : 'kots';
  }
  return voices[place % voices.length] ?? 'sdk';
}

function chooseInstallation(
  mood: Mood,
  customer: DemoCustomer,
  now: number,
  random: Random,
): number {
  const daysAgo =
    mood === 'fresh'
      ? random.between(2, 8)
      : mood === 'stuck'
        ? random.between(8, 10)
        : random.chance(0.6)
          ? 90 - random.between(0.1, 1)
          : random.between(20, 88);
  const earliest = customer.license.createdAt + random.between(1, 30) * hour;
  return Math.max(Math.round(now - daysAgo * day), Math.round(earliest));
}

export interface Place {
  /** Its number in the whole fleet. */
  place: number;
  /** Its number among its customer's. */
  ordinal: number;
}

/** One believable installation at a customer; the same place and chance give the same one. */
export function createInstance(
  customer: DemoCustomer,
  apps: DemoApp[],
  { place, ordinal }: Place,
  now: number,
  random: Random,
): InstanceScript {
  const channel = apps
    .flatMap((app) => app.channels)
    .find((candidate) => candidate.id === customer.channelId);
  if (channel === undefined) throw new Error(`${customer.id} has no channel.`);
  const airGap = ordinal === 0 && airGapped.includes(customer.id);
  const mood = airGap ? 'steady' : chooseMood(customer, place);
  const kind = chooseKind(customer, place, ordinal);
  const voice = airGap ? 'airgap' : chooseVoice(kind, mood, place, random);
  const installedAt = chooseInstallation(mood, customer, now, random);
  const cloud = kind.clouds.length === 0 || airGap ? null : random.pick(kind.clouds);
  const features = customer.license.features;
  const byManager = voice === 'kots' || voice === 'both';
  return {
    instanceId: voice === 'kots' ? createKsuid(installedAt, random) : createUuid(random),
    clusterId: createUuid(random),
    customerId: customer.id,
    licenseId: customer.license.id,
    appSlug: customer.appSlug,
    channel,
    voice,
    mood,
    distribution: kind.distribution,
    k8sVersions: kind.versions.slice(random.int(0, Math.max(0, kind.versions.length - 2))),
    cloud: cloud && { provider: cloud.provider, region: random.pick(cloud.regions) },
    nodes: random.int(kind.nodes[0], kind.nodes[1]),
    embeddedClusterVersion:
      kind.distribution === 'embedded-cluster' ? random.pick(embeddedClusterVersions) : null,
    gitOpsProvider:
      byManager && features.includes('gitops')
        ? random.pick(['github', 'gitlab', 'bitbucket'])
        : null,
    snapshotProvider:
      byManager && features.includes('snapshots') ? random.pick(['aws', 'other']) : null,
    tags: {
      environment: kind.small ? 'lab' : ordinal === 1 ? 'staging' : 'production',
      ...(random.chance(0.3) ? { team: random.pick(['platform', 'search', 'sre', 'it']) } : {}),
    },
    installedAt,
    nextWithin: mood === 'sleeper' ? 60 : voice === 'plain' ? 120 : null,
  };
}
