/** What kinds of cluster the demo's customers run, and on what. */
export interface ClusterKind {
  distribution: string;
  /** Provider and regions; none: the customer's own hall, or a laptop. */
  clouds: { provider: string; regions: string[] }[];
  /** Kubernetes versions, oldest first, as this distribution spells them. */
  versions: string[];
  nodes: [fewest: number, most: number];
  /** A laptop or a single server: never in production. */
  small?: true;
}

const aws = {
  provider: 'aws',
  regions: ['us-east-1', 'us-west-2', 'eu-central-1', 'ap-southeast-2'],
};
const azure = { provider: 'azure', regions: ['westeurope', 'eastus2', 'swedencentral'] };
const gcp = { provider: 'gcp', regions: ['europe-west4', 'us-central1', 'asia-northeast1'] };
const digitalOcean = { provider: 'digitalocean', regions: ['fra1', 'nyc3'] };
const hetzner = { provider: 'hetzner', regions: ['fsn1', 'hel1'] };
const ibm = { provider: 'ibm', regions: ['eu-de', 'us-south'] };
const oracle = { provider: 'oracle', regions: ['eu-frankfurt-1', 'uk-london-1'] };
const openstack = { provider: 'openstack', regions: ['dc-north', 'dc-south'] };
const vsphere = { provider: 'vsphere', regions: ['hall-1', 'hall-2'] };

/** Every distribution the protocol names, with the clouds it is found on. */
export const clusterKinds: ClusterKind[] = [
  {
    distribution: 'eks',
    clouds: [aws],
    versions: ['v1.32.9-eks-113cf36', 'v1.33.5-eks-ba24e9c', 'v1.34.2-eks-7c5e4b1'],
    nodes: [3, 24],
  },
  {
    distribution: 'gke',
    clouds: [gcp],
    versions: ['v1.33.4-gke.1350000', 'v1.34.1-gke.2037000', 'v1.35.0-gke.1121000'],
    nodes: [3, 18],
  },
  {
    distribution: 'aks',
    clouds: [azure],
    versions: ['v1.32.7', 'v1.33.5', 'v1.34.2'],
    nodes: [3, 16],
  },
  {
    distribution: 'embedded-cluster',
    clouds: [vsphere, aws, gcp],
    versions: ['v1.32.8+k0s', 'v1.33.4+k0s', 'v1.33.6+k0s'],
    nodes: [1, 4],
  },
  {
    distribution: 'kurl',
    clouds: [vsphere, aws, oracle],
    versions: ['v1.30.14', 'v1.31.13', 'v1.32.9'],
    nodes: [1, 5],
  },
  {
    distribution: 'openshift',
    clouds: [ibm, azure, openstack],
    versions: ['v1.31.11', 'v1.32.8', 'v1.33.5'],
    nodes: [5, 20],
  },
  {
    distribution: 'rke2',
    clouds: [vsphere, hetzner],
    versions: ['v1.32.8+rke2r1', 'v1.33.5+rke2r1', 'v1.34.1+rke2r1'],
    nodes: [3, 9],
  },
  {
    distribution: 'k3s',
    clouds: [hetzner, aws],
    versions: ['v1.32.7+k3s2', 'v1.33.5+k3s1', 'v1.34.1+k3s1'],
    nodes: [1, 5],
  },
  {
    distribution: 'k0s',
    clouds: [openstack, oracle],
    versions: ['v1.32.7+k0s.0', 'v1.33.4+k0s.0', 'v1.34.1+k0s.0'],
    nodes: [1, 5],
  },
  {
    distribution: 'tanzu',
    clouds: [vsphere],
    versions: ['v1.31.7+vmware.2', 'v1.32.3+vmware.1', 'v1.33.1+vmware.1'],
    nodes: [4, 12],
  },
  {
    distribution: 'digital-ocean',
    clouds: [digitalOcean],
    versions: ['v1.32.5', 'v1.33.3', 'v1.34.1'],
    nodes: [2, 6],
  },
  {
    distribution: 'microk8s',
    clouds: [],
    versions: ['v1.32.9', 'v1.33.5', 'v1.34.1'],
    nodes: [1, 3],
    small: true,
  },
  {
    distribution: 'minikube',
    clouds: [],
    versions: ['v1.33.1', 'v1.34.0'],
    nodes: [1, 1],
    small: true,
  },
  {
    distribution: 'kind',
    clouds: [],
    versions: ['v1.33.4', 'v1.34.0'],
    nodes: [1, 3],
    small: true,
  },
];

/** Versions of the two public clients, oldest first, as their User-Agent names them. */
export const sdkVersions = ['1.8.0', '1.9.0', '1.10.1', '1.11.0', '1.12.2'];
export const kotsVersions = ['v1.126.0', 'v1.127.2', 'v1.128.3', 'v1.129.1'];
export const embeddedClusterVersions = ['2.8.1+k8s-1.32', '2.10.0+k8s-1.33', '2.11.2+k8s-1.33'];
