import { createHash } from 'node:crypto';
import type { InstanceScript, Said } from './model.ts';
import { listResources } from './said.ts';
import type { Reply, Wire } from './wire.ts';

/** What every protocol client offers to the life that drives it. */
export interface Client {
  /** What it does when it comes up, also after an upgrade. */
  start(said: Said): Promise<Reply>;
  /** One check-in. */
  report(said: Said): Promise<Reply>;
  /** Looks for a newer release; this is a check-in too. */
  checkForUpdates(said: Said): Promise<Reply>;
  sendMetrics(said: Said): Promise<Reply>;
}

export const basic = (licenseId: string): string =>
  `Basic ${Buffer.from(`${licenseId}:${licenseId}`).toString('base64')}`;

/** Headers that both public clients send, named as they name them. */
export function instanceHeaders(script: InstanceScript, said: Said): Record<string, string> {
  return {
    Authorization: basic(script.licenseId),
    'X-Replicated-InstanceID': script.instanceId,
    'X-Replicated-ClusterID': script.clusterId,
    'X-Replicated-AppStatus': said.status,
    'X-Replicated-K8sVersion': said.k8sVersion,
    'X-Replicated-K8sDistribution': script.distribution,
    'X-Replicated-DownstreamChannelID': script.channel.id,
    'X-Replicated-DownstreamChannelName': script.channel.name,
    'X-Replicated-DownstreamChannelSequence': String(said.channelSequence),
    ...(script.embeddedClusterVersion === null
      ? {}
      : {
          'X-Replicated-EmbeddedClusterID': script.clusterId,
          'X-Replicated-EmbeddedClusterVersion': script.embeddedClusterVersion,
        }),
  };
}

function listImages(script: InstanceScript, said: Said): Record<string, string[]> {
  const images = ['api', 'worker', 'web'].map((name) => {
    const image = `registry.${script.appSlug}.example/${name}:${said.channelSequence}`;
    const digest = createHash('sha256').update(image).digest('hex');
    return [image, [`sha256:${digest}`]] as [string, string[]];
  });
  return Object.fromEntries(images);
}

/** Speaks as the Replicated SDK does: its headers, its calls, its order. */
export function createSdkClient(script: InstanceScript, wire: Wire): Client {
  let licenseSequence = 1;
  const tags = Buffer.from(JSON.stringify({ force: false, tags: script.tags })).toString('base64');
  const headers = (said: Said): Record<string, string> => ({
    'User-Agent': `Replicated-SDK/${said.sdkVersion ?? '1.12.2'}`,
    ...instanceHeaders(script, said),
    'X-Replicated-InstanceTagData': tags,
  });
  const json = (said: Said): Record<string, string> => ({
    ...headers(said),
    'Content-Type': 'application/json',
  });

  const report = (said: Said, withImages = false): Promise<Reply> =>
    wire.send({
      method: 'POST',
      path: '/kots_metrics/license_instance/info',
      headers: json(said),
      body: JSON.stringify({
        resource_states: JSON.stringify(listResources(script, said)),
        ...(withImages ? { running_images: listImages(script, said) } : {}),
      }),
    });
  const checkForUpdates = (said: Said): Promise<Reply> => {
    const query = new URLSearchParams({
      channelSequence: String(said.channelSequence),
      licenseSequence: String(licenseSequence),
      isSemverSupported: 'true',
      sortOrder: 'desc',
    });
    const path = `/release/${script.appSlug}/pending?${query}`;
    return wire.send({ method: 'POST', path, headers: json(said), body: '{}' });
  };
  return {
    report: (said) => report(said),
    checkForUpdates,
    async start(said) {
      // Before it has reported, the SDK names no instance: these two calls are no check-ins.
      const license = await wire.send({
        method: 'GET',
        path: `/license/${script.appSlug}`,
        headers: {
          'User-Agent': `Replicated-SDK/${said.sdkVersion}`,
          Authorization: basic(script.licenseId),
        },
      });
      if (license.status !== 200) return license;
      licenseSequence = Number(/licenseSequence:\s*(\d+)/.exec(license.body)?.[1] ?? 1);
      const updates = await checkForUpdates(said);
      return updates.status === 200 ? report(said, true) : updates;
    },
    sendMetrics: (said) =>
      wire.send({
        method: 'POST',
        path: '/application/custom-metrics',
        headers: json(said),
        body: JSON.stringify({ data: said.metrics }),
      }),
  };
}
