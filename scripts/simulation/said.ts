import type { ResourceState, Scalar } from '#contract/instance.ts';
import type { AppStatus } from '#contract/status.ts';
import { kotsVersions, sdkVersions } from './clusters.ts';
import { type InstanceScript, type Said, day } from './model.ts';
import type { Random } from './random.ts';

/** The resources that the demo apps' status informers watch. */
const informers = [
  { kind: 'deployment', name: 'api' },
  { kind: 'deployment', name: 'worker' },
  { kind: 'deployment', name: 'web' },
  { kind: 'statefulset', name: 'index' },
  { kind: 'service', name: 'api' },
  { kind: 'ingress', name: 'web' },
  { kind: 'persistentvolumeclaim', name: 'index-data' },
];
/** Only these go wrong: their status can be any of the five. */
export const culprits = ['worker', 'index'];

/** Resource states in step with the status: everything ready but the one that is to blame. */
export function listResources(script: InstanceScript, said: Said): ResourceState[] {
  if (script.mood === 'unmonitored') return [];
  return informers.map(({ kind, name }) => ({
    kind,
    name,
    namespace: script.appSlug,
    state: name === said.culprit ? said.status : 'ready',
  }));
}

/** A status together with the resource that causes it. */
export function turnTo(status: AppStatus, random: Random): Pick<Said, 'status' | 'culprit'> {
  return { status, culprit: status === 'ready' ? null : random.pick(culprits) };
}

/** The newest release that the channel had at a moment; its first one when it had none yet. */
export function newestSequence(script: InstanceScript, at: number): number {
  const promoted = script.channel.releases.filter((release) => release.promotedAt <= at);
  return (promoted.at(-1) ?? script.channel.releases[0])?.channelSequence ?? 1;
}

/** Versions of a stock client as they were in use at a moment: the newest one comes out about now. */
function clientVersion(versions: string[], at: number, now: number): string {
  const steps = Math.floor((now - at) / (35 * day));
  return versions[Math.max(0, versions.length - 1 - steps)] ?? '1.0.0';
}

export const currentSdk = (at: number, now: number): string => clientVersion(sdkVersions, at, now);
export const currentKots = (at: number, now: number): string =>
  clientVersion(kotsVersions, at, now);

const speaksSdk = (script: InstanceScript): boolean =>
  script.voice !== 'kots' && script.voice !== 'plain';
const speaksKots = (script: InstanceScript): boolean =>
  script.voice === 'kots' || script.voice === 'both';

/** What an instance says first: its resources do not exist yet. The SDK without informers knows of none, and is content. */
export function createOpening(
  script: InstanceScript,
  at: number,
  now: number,
  random: Random,
): Said {
  return {
    ...turnTo(script.mood === 'unmonitored' ? 'ready' : 'missing', random),
    channelSequence: newestSequence(script, at),
    k8sVersion: script.k8sVersions[0] ?? 'v1.33.0',
    nodesReady: script.nodes,
    nodesTotal: script.nodes,
    sdkVersion: speaksSdk(script) ? currentSdk(at, now) : null,
    appManagerVersion: speaksKots(script) ? currentKots(at, now) : null,
    metrics: firstMetrics(script, random),
  };
}

function firstMetrics(script: InstanceScript, random: Random): Record<string, Scalar> {
  if (script.appSlug === 'beacon-relay') {
    return {
      sites: random.int(2, 40),
      messagesPerMinute: random.int(200, 9000),
      tlsOnly: random.chance(0.7),
    };
  }
  return {
    activeUsers: random.int(3, 60),
    numProjects: random.int(1, 12),
    seats_used: random.int(3, 80),
    ssoEnabled: random.chance(0.5),
  };
}

/** The same metrics some time later: use grows slowly, and not every number moves. */
export function growMetrics(metrics: Said['metrics'], random: Random): Said['metrics'] {
  const next = { ...metrics };
  for (const [name, value] of Object.entries(metrics)) {
    if (typeof value !== 'number' || random.chance(0.45)) continue;
    next[name] = Math.max(
      1,
      Math.round(value * random.between(0.93, 1.09) + random.between(-0.5, 1.2)),
    );
  }
  return next;
}
