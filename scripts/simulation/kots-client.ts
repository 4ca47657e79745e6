import type { InstanceScript, Said } from './model.ts';
import { type Client, instanceHeaders } from './sdk-client.ts';
import type { Reply, Wire } from './wire.ts';

/** Nodes as an embedded cluster lists them, every pod included, so that one header grows to tens of kilobytes. */
function listNodes(script: InstanceScript, said: Said): string {
  const nodes = Array.from({ length: said.nodesTotal }, (_, index) => ({
    name: `node-${index + 1}.${script.customerId}.example`,
    isConnected: index < said.nodesReady,
    isReady: index < said.nodesReady,
    isPrimaryNode: index === 0,
    canDelete: index > 0,
    kubeletVersion: said.k8sVersion,
    kubeProxyVersion: said.k8sVersion,
    operatingSystem: 'linux',
    kernelVersion: '6.8.0-88-generic',
    cpu: { capacity: 8, used: 2.4 },
    memory: { capacity: 31.3, used: 11.9 },
    pods: { capacity: 110, used: 24 },
    roles: index === 0 ? ['controller'] : ['worker'],
    conditions: {
      memoryPressure: false,
      diskPressure: false,
      pidPressure: false,
      ready: index < said.nodesReady,
    },
    podList: Array.from({ length: 24 }, (_unused, pod) => ({
      name: `${script.appSlug}-${pod}`,
      namespace: script.appSlug,
      status: 'Running',
      cpu: '12m',
      memory: '96Mi',
    })),
  }));
  return JSON.stringify({ nodes, ha: said.nodesTotal > 2, isEmbeddedClusterHAEnabled: false });
}

function managerHeaders(script: InstanceScript, said: Said): Record<string, string> {
  const kurl = script.distribution === 'kurl';
  return {
    'User-Agent': `KOTS/${said.appManagerVersion}`,
    ...instanceHeaders(script, said),
    'X-Replicated-IsKurl': String(kurl),
    // KOTS always sends the counts; they mean something in kURL clusters only.
    'X-Replicated-KurlNodeCountTotal': String(kurl ? said.nodesTotal : 0),
    'X-Replicated-KurlNodeCountReady': String(kurl ? said.nodesReady : 0),
    ...(kurl ? { 'X-Replicated-KurlInstallID': script.clusterId.slice(0, 8) } : {}),
    ...(script.distribution === 'embedded-cluster'
      ? { 'X-Replicated-EmbeddedClusterNodes': listNodes(script, said) }
      : {}),
    'X-Replicated-KotsInstallID': script.clusterId.replaceAll('-', '').slice(0, 27),
    'X-Replicated-IsGitOpsEnabled': String(script.gitOpsProvider !== null),
    ...(script.gitOpsProvider === null
      ? {}
      : { 'X-Replicated-GitOpsProvider': script.gitOpsProvider }),
    ...(script.snapshotProvider === null
      ? {}
      : {
          'X-Replicated-SnapshotProvider': script.snapshotProvider,
          'X-Replicated-SnapshotFullSchedule': '0 0 * * 0',
          'X-Replicated-SnapshotFullTTL': '720h',
          'X-Replicated-SnapshotPartialSchedule': '@daily',
          'X-Replicated-SnapshotPartialTTL': '168h',
        }),
    'X-Replicated-InstallStatus': 'deployed',
    'X-Replicated-PreflightStatus': script.nodes === 1 ? 'warn' : 'pass',
    'X-Replicated-SkipPreflights': 'false',
    'X-Replicated-DownstreamSequence': String(said.channelSequence - 1),
    'X-Replicated-DownstreamSource': 'Upstream Update',
    'X-Replicated-ReplHelmInstalls': '0',
    'X-Replicated-NativeHelmInstalls': '1',
  };
}

/** Speaks as KOTS does: its headers, its calls, its order. */
export function createKotsClient(script: InstanceScript, wire: Wire): Client {
  let lastUpdateCheckAt = '';
  const report = (said: Said): Promise<Reply> =>
    wire.send({
      method: 'POST',
      path: '/kots_metrics/license_instance/info',
      headers: { ...managerHeaders(script, said), 'Content-Type': 'application/json' },
      body: '{}',
    });
  const checkForUpdates = (said: Said): Promise<Reply> => {
    const query = new URLSearchParams({
      channelSequence: String(said.channelSequence),
      selectedChannelId: script.channel.id,
      licenseSequence: '1',
      isSemverSupported: 'true',
      sortOrder: 'desc',
      isEmbeddedCluster: String(script.distribution === 'embedded-cluster'),
      ...(lastUpdateCheckAt === '' ? {} : { lastUpdateCheckAt }),
    });
    lastUpdateCheckAt = new Date().toISOString();
    const path = `/release/${script.appSlug}/pending?${query}`;
    return wire.send({ method: 'GET', path, headers: managerHeaders(script, said) });
  };
  return {
    report,
    checkForUpdates,
    async start(said) {
      const license = await wire.send({
        method: 'GET',
        path: `/license/${script.appSlug}`,
        headers: { ...managerHeaders(script, said), 'X-Replicated-License-Version': 'v1beta2' },
      });
      return license.status === 200 ? report(said) : license;
    },
    // Custom metrics come from the SDK or the app; KOTS has no call for them.
    sendMetrics: report,
  };
}
