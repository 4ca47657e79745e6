import type { CheckIn, Facts } from '#domain/model.ts';
import type { HeaderReader } from './bounded-headers.ts';
import { digest } from './digest.ts';
import { HeaderValues } from './header-values.ts';
import { type ClusterNode, parseNodes } from './parse-nodes.ts';
import { parseTagData } from './parse-tags.ts';
import { decodeHeader } from './decode-header.ts';
import { isStorable, textLimit } from '#server/text.ts';

type FactOf<T> = {
  [Name in keyof Facts]-?: T extends Facts[Name] ? Name : never;
}[keyof Facts];
type TextFact = Exclude<FactOf<string>, 'status'>;

const ids: [header: string, fact: TextFact][] = [
  ['X-Replicated-ClusterID', 'clusterId'],
  ['X-Replicated-EmbeddedClusterID', 'embeddedClusterId'],
  ['X-Replicated-KotsInstallID', 'kotsInstallId'],
  ['X-Replicated-RestoredFromInstanceID', 'restoredFromInstanceId'],
];
const texts: [header: string, fact: TextFact][] = [
  ['X-Replicated-K8sVersion', 'k8sVersion'],
  ['X-Replicated-K8sDistribution', 'k8sDistribution'],
  ['X-Replicated-EmbeddedClusterVersion', 'embeddedClusterVersion'],
  ['X-Replicated-GitOpsProvider', 'gitOpsProvider'],
  ['X-Replicated-SnapshotProvider', 'snapshotProvider'],
  ['X-Replicated-SnapshotFullSchedule', 'snapshotFullSchedule'],
  ['X-Replicated-SnapshotFullTTL', 'snapshotFullTtl'],
  ['X-Replicated-SnapshotPartialSchedule', 'snapshotPartialSchedule'],
  ['X-Replicated-SnapshotPartialTTL', 'snapshotPartialTtl'],
  ['X-Replicated-InstallStatus', 'installStatus'],
  ['X-Replicated-PreflightStatus', 'preflightStatus'],
  ['X-Replicated-DownstreamSource', 'downstreamSource'],
];
const flags: [header: string, fact: FactOf<boolean>][] = [
  ['X-Replicated-IsGitOpsEnabled', 'gitOpsEnabled'],
  ['X-Replicated-SkipPreflights', 'skipPreflights'],
];
const integers: [header: string, fact: FactOf<number>][] = [
  ['X-Replicated-DownstreamSequence', 'downstreamSequence'],
  ['X-Replicated-ReplHelmInstalls', 'replHelmInstalls'],
  ['X-Replicated-NativeHelmInstalls', 'nativeHelmInstalls'],
];

export interface ParsedHeaders {
  /** Null: the call names no instance, so it is no check-in. */
  checkIn: CheckIn | null;
  /** Headers that were there and could not be read. */
  ignored: string[];
}

/**
 * The instance headers of the Replicated clients as a check-in (protocol: "Instance headers"). An empty header says
 * nothing. Pure.
 * @param hasReleaseZero whether a channel has a release of sequence 0, which otherwise means "not known yet"
 * @throws AppError invalid – a status, an id, node counts or tags that do not parse; nothing is to be stored
 */
export function parseHeaders(
  read: HeaderReader,
  hasReleaseZero: (channel: { id?: string; name?: string }) => boolean,
): ParsedHeaders {
  const headers = new HeaderValues(read);
  const instanceId = headers.id('X-Replicated-InstanceID');
  if (instanceId === undefined) return { checkIn: null, ignored: [] };

  const facts: Facts = {};
  const status = headers.status('X-Replicated-AppStatus');
  if (status) facts.status = status;
  for (const [header, fact] of ids) assign(facts, fact, headers.id(header));
  for (const [header, fact] of texts) assign(facts, fact, headers.text(header));
  for (const [header, fact] of flags) assign(facts, fact, headers.flag(header));
  for (const [header, fact] of integers) assign(facts, fact, headers.integer(header));
  readChannel(headers, facts, hasReleaseZero);
  readKurl(headers, facts);
  const nodes = readNodes(headers, facts);

  const client = readClient(read('user-agent') ?? '', headers);
  if (client.sdkVersion) facts.sdkVersion = client.sdkVersion;
  if (client.appManagerVersion) facts.appManagerVersion = client.appManagerVersion;
  const tagData = headers.raw('X-Replicated-InstanceTagData');
  const checkIn: CheckIn = {
    instanceId,
    door: client.door,
    reportedAt: null,
    facts,
    inventories: nodes ? { nodes } : {},
    tags: tagData === undefined ? null : parseTagData(tagData, 'X-Replicated-InstanceTagData'),
    metrics: null,
    nextWithin: null,
  };
  return { checkIn, ignored: headers.ignored };
}

function assign<Name extends keyof Facts>(facts: Facts, name: Name, value: Facts[Name]): void {
  if (value !== undefined) facts[name] = value;
}

function readChannel(
  headers: HeaderValues,
  facts: Facts,
  hasReleaseZero: (channel: { id?: string; name?: string }) => boolean,
): void {
  const id = headers.id('X-Replicated-DownstreamChannelID');
  const name = id ? undefined : headers.text('X-Replicated-DownstreamChannelName');
  assign(facts, 'channelId', id);
  assign(facts, 'channelName', name);
  const sequence = headers.integer('X-Replicated-DownstreamChannelSequence');
  if (sequence === undefined || (sequence === 0 && !hasReleaseZero({ id, name }))) return;
  facts.channelSequence = sequence;
}

/** KOTS sends kURL counts of 0 from every cluster: they mean something in kURL clusters only. */
function readKurl(headers: HeaderValues, facts: Facts): void {
  const total = headers.count('X-Replicated-KurlNodeCountTotal');
  const ready = headers.count('X-Replicated-KurlNodeCountReady');
  const installId = headers.id('X-Replicated-KurlInstallID');
  assign(facts, 'isKurl', headers.flag('X-Replicated-IsKurl'));
  if (!facts.isKurl) return;
  assign(facts, 'nodesTotal', total);
  assign(facts, 'nodesReady', ready);
  assign(facts, 'kurlInstallId', installId);
}

function readNodes(headers: HeaderValues, facts: Facts): ClusterNode[] | undefined {
  const header = 'X-Replicated-EmbeddedClusterNodes';
  const value = headers.raw(header);
  if (value === undefined) return undefined;
  const nodes = parseNodes(value);
  if (!nodes) return headers.ignore(header);
  facts.nodesTotal = nodes.length;
  facts.nodesReady = nodes.filter((node) => node.isReady).length;
  facts.nodesDigest = digest(nodes);
  return nodes;
}

/** A client that names itself otherwise is taken for an SDK of unknown version. */
function readClient(
  userAgent: string,
  headers: HeaderValues,
): { door: 'sdk' | 'kots'; sdkVersion?: string; appManagerVersion?: string } {
  const match = /^(Replicated-SDK|KOTS)(?:\/(\S*))?/.exec(userAgent);
  const version = match?.[2] ? decodeHeader(match[2]) : undefined;
  const readable = version === undefined || (version.length <= textLimit && isStorable(version));
  if (!readable) headers.ignore('User-Agent');
  const kept = readable ? version : undefined;
  if (match?.[1] === 'KOTS') return { door: 'kots', appManagerVersion: kept };
  return { door: 'sdk', sdkVersion: kept };
}
