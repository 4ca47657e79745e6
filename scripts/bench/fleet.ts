import { hash } from 'node:crypto';
import type { AppStatus } from '#contract/status.ts';
import { type ClientRequest, sdk, type SdkState, toBytes } from '../../tests/support/clients.ts';

/** How large a fleet is: instance `n` belongs to customer `n % customers`. */
export interface FleetSize {
  customers: number;
  instances: number;
}
/** The fleet that everything is measured on but the list of customers. */
export const size: FleetSize = { customers: 100, instances: 10_000 };
/** As many instances, of as many customers as a vendor has. */
export const manyCustomers: FleetSize = { customers: 2_000, instances: 10_000 };

const day = 86_400_000;
const releases = 8;
const distributions = ['eks', 'gke', 'aks', 'k3s', 'openshift', 'rke2'];
const licenses = ['paid', 'trial', 'dev'];
const regions = ['us-east-1', 'eu-central-1', 'ap-southeast-2'];

/** The vendor's catalog as `npm run import` takes it. */
export function fleetDocument(now: number, { customers }: FleetSize = size): object {
  const at = (days: number) => new Date(now - days * day).toISOString();
  return {
    apps: [
      {
        slug: 'bench',
        name: 'Bench',
        channels: [
          {
            id: 'bench-stable',
            name: 'Stable',
            releases: Array.from({ length: releases }, (_, n) => ({
              channelSequence: n + 1,
              releaseSequence: n + 1,
              versionLabel: `1.${n}.0`,
              promotedAt: at(7 * (releases - n)),
            })),
          },
        ],
        customers: Array.from({ length: customers }, (_, n) => ({
          id: `customer-${n}`,
          name: `Customer ${n}`,
          email: `ops@customer-${n}.example`,
          channel: 'bench-stable',
          license: {
            id: licenseNamed(n),
            type: licenses[n % licenses.length],
            createdAt: at(90),
            expiresAt: n % 5 === 0 ? at((n % 90) - 90) : null,
            features: ['airgap'],
          },
        })),
      },
    ],
  };
}

export const customerOf = (n: number) => `customer-${n % size.customers}`;
export const licenseOf = (n: number) => licenseNamed(n % size.customers);
export const licenseNamed = (customer: number) => `license-of-customer-${customer}`;
export const instanceIdOf = (n: number) => uuid(`instance ${n}`);

const numbers = new Map<string, number>();

/** Which instance has that id. */
export function numberOf(instanceId: string): number {
  if (numbers.size === 0) {
    for (let n = 0; n < size.instances; n += 1) numbers.set(instanceIdOf(n), n);
  }
  const n = numbers.get(instanceId);
  if (n === undefined) throw new Error(`No instance of the fleet is called ${instanceId}.`);
  return n;
}

/** All that the SDK of instance `n` knows, with its app and one of its resources in that status. */
export function sdkState(n: number, status: AppStatus): SdkState {
  const resource = (kind: string, name: string, state: string) => ({
    kind,
    name,
    namespace: 'default',
    state,
  });
  return {
    licenseId: licenseOf(n),
    appSlug: 'bench',
    version: '1.9.0',
    instanceId: instanceIdOf(n),
    clusterId: uuid(`cluster ${n}`),
    channelId: 'bench-stable',
    channelSequence: 1 + (n % releases),
    appStatus: status,
    resourceStates: [
      resource('deployment', 'api', status),
      resource('statefulset', 'postgres', 'ready'),
      resource('service', 'web', 'ready'),
    ],
    k8sVersion: `v1.${29 + (n % 4)}.4`,
    k8sDistribution: distributions[n % distributions.length],
    tags: { force: false, tags: { environment: n % 3 === 0 ? 'production' : 'staging' } },
  };
}

/** The SDK's check-in, header for header. */
export const checkIn = (n: number, status: AppStatus): ClientRequest =>
  sdk.info(sdkState(n, status));

/** The same news as the plain door takes it, for registering many at once. */
export function plainCheckIn(n: number, status: AppStatus): object {
  const state = sdkState(n, status);
  return {
    instanceId: state.instanceId,
    status,
    resources: state.resourceStates,
    channel: state.channelId,
    channelSequence: state.channelSequence,
    clusterId: state.clusterId,
    kubernetes: { version: state.k8sVersion, distribution: state.k8sDistribution },
    cloud: { provider: 'aws', region: regions[n % regions.length] },
    sdkVersion: state.version,
    tags: state.tags?.tags,
  };
}

/** Rounds of reports after which the fleet is where it began. */
export const rounds = 4;

/** What instance `n` reports in a round: every tenth instance says something else than in the round before. */
export function statusIn(round: number, n: number): AppStatus {
  const group = Math.floor(n / size.customers) % 10;
  // Two groups turn by turns, each in every other round; the others stay as they are.
  const isDown = group < 2 && (round + group) % rounds >= rounds / 2;
  return isDown ? 'degraded' : 'ready';
}

/** The whole fleet's reports, round after round, ready to be sent. */
export function buildReports(host: string): Buffer[] {
  return Array.from({ length: rounds * size.instances }, (_, at) => {
    const n = at % size.instances;
    return toBytes(checkIn(n, statusIn(Math.floor(at / size.instances), n)), host);
  });
}

function uuid(text: string): string {
  const hex = hash('sha1', text);
  return [0, 8, 12, 16, 20].map((from, n) => hex.slice(from, [8, 12, 16, 20, 32][n])).join('-');
}
