import type { History } from './history.ts';
import type { InstanceScript, Said } from './model.ts';
import { listResources } from './said.ts';
import type { Client } from './sdk-client.ts';
import { archivePatience, type Reply, type Wire } from './wire.ts';

/** A check-in as the plain door takes it; only what `says` names, and who it is. */
export function writeCheckIn(
  script: InstanceScript,
  says: Partial<Said>,
  whole: Said | null,
): object {
  const { status, channelSequence, k8sVersion, nodesReady, nodesTotal } = says;
  const resources =
    script.mood === 'unmonitored' ? [] : whole === null ? undefined : listResources(script, whole);
  return {
    instanceId: script.instanceId,
    ...(status === undefined ? {} : { status }),
    ...(resources === undefined ? {} : { resources }),
    ...(channelSequence === undefined ? {} : { channel: script.channel.id, channelSequence }),
    ...(k8sVersion === undefined
      ? {}
      : { kubernetes: { version: k8sVersion, distribution: script.distribution } }),
    ...(nodesReady === undefined && nodesTotal === undefined
      ? {}
      : { nodes: { ready: nodesReady, total: nodesTotal ?? script.nodes } }),
    ...(says.sdkVersion ? { sdkVersion: says.sdkVersion } : {}),
    ...(says.appManagerVersion ? { appManagerVersion: says.appManagerVersion } : {}),
    ...(says.metrics === undefined ? {} : { metrics: says.metrics }),
  };
}

/** What a report carries once in a while only: where the instance runs, and its tags. */
function surroundings(script: InstanceScript): object {
  return {
    clusterId: script.clusterId,
    ...(script.distribution === 'kurl' ? { kurl: true } : {}),
    ...(script.cloud === null ? {} : { cloud: script.cloud }),
    tags: script.tags,
  };
}

/** A history as one array for the plain door: the first report says where it runs, the last lists its resources. */
export function writeArchive(script: InstanceScript, { reports, said }: History): object[] {
  return reports.map(({ at, says }, index) => ({
    ...writeCheckIn(script, says, index === reports.length - 1 ? said : null),
    ...(index === 0 ? surroundings(script) : {}),
    source: 'airgap',
    reportedAt: at,
  }));
}

const headers = (licenseId: string): Record<string, string> => ({
  Authorization: `Bearer ${licenseId}`,
  'Content-Type': 'application/json',
});

export function sendArchive(script: InstanceScript, history: History, wire: Wire): Promise<Reply> {
  return wire.send({
    method: 'POST',
    path: '/api/check-ins',
    headers: headers(script.licenseId),
    body: JSON.stringify(writeArchive(script, history)),
    patience: archivePatience,
  });
}

/** Speaks by the plain door, and promises when it will speak again. */
export function createPlainClient(
  script: InstanceScript,
  wire: Wire,
  nextWithin: number | null,
): Client {
  const post = (says: Partial<Said>, whole: Said, extra: object = {}): Promise<Reply> =>
    wire.send({
      method: 'POST',
      path: '/api/check-ins',
      headers: headers(script.licenseId),
      body: JSON.stringify({
        ...writeCheckIn(script, says, whole),
        ...extra,
        ...(nextWithin === null ? {} : { nextWithin }),
      }),
    });
  const report = (said: Said): Promise<Reply> => {
    const { metrics: _unchanged, ...says } = said;
    return post(says, said);
  };
  return {
    report,
    checkForUpdates: report,
    start: (said) => post(said, said, surroundings(script)),
    sendMetrics: (said) => post({ metrics: said.metrics, status: said.status }, said),
  };
}
