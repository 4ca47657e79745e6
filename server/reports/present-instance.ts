import type { Bar, InstanceSummary, Instant } from '#contract/instance.ts';
import { toInstant } from '#domain/instant.ts';
import { attentionOrder, type Presence } from '#contract/status.ts';
import type { Instance, Span, Tags, Time } from '#domain/model.ts';
import { lateAfter, lateAt } from '#domain/presence.ts';
import { vendorTags } from '#domain/tags.ts';
import type { InstanceRecord } from '#server/store/reads-rows.ts';

/**
 * An instance as lists show it.
 * @param today known time of today so far, in seconds
 * @param ears when Rollcall could hear, oldest first, the last stretch open until now
 */
export function presentSummary(
  record: InstanceRecord,
  today: Bar,
  ears: readonly Span[],
): InstanceSummary {
  const { instance } = record;
  const { facts, refusal } = instance;
  return {
    id: instance.id,
    revision: instance.revision,
    instanceId: instance.instanceId,
    name: instance.name,
    customer: record.customer,
    app: record.app,
    status: facts.status === 'unmonitored' ? 'ready' : (facts.status ?? null),
    monitored: facts.status !== 'unmonitored',
    statusSince: toInstant(instance.statusSince),
    attention: attentionOrder[record.attention]!,
    ...presenceOf(instance),
    refusal: refusal && {
      reason: refusal.reason,
      since: toInstant(refusal.since),
      lastAt: toInstant(refusal.lastAt),
      count: refusal.count,
    },
    airGap: instance.airGap,
    archived: instance.archivedAt !== null,
    channel: record.channel,
    channelSequence: facts.channelSequence ?? null,
    versionLabel: facts.versionLabel ?? facts.channelSequence?.toString() ?? null,
    versionsBehind: record.versionsBehind,
    kubernetes: {
      distribution: facts.k8sDistribution ?? null,
      version: facts.k8sVersion ?? null,
    },
    cloud: {
      provider: facts.cloudProvider ?? null,
      region: facts.cloudRegion ?? null,
      fromAddress: facts.cloudFromAddress ?? false,
    },
    kurl: facts.isKurl === true,
    nodes: nodesOf(instance),
    appManagerVersion: facts.appManagerVersion ?? null,
    sdkVersion: facts.sdkVersion ?? null,
    tags: valuesOf(Object.entries(instance.tags)),
    vendorTags: valuesOf(vendorTags(instance.tags)),
    firstSeenAt: toInstant(instance.firstSeenAt),
    lastCheckInAt: toInstant(instance.lastCheckInAt),
    lateAfter: instance.airGap ? null : lateAfter(instance.nextWithin) / 1000,
    lateAt: toInstant(lateAtOf(instance, ears)),
    today,
  };
}

const valuesOf = (tags: Iterable<[string, Tags[string]]>): Record<string, string> =>
  Object.fromEntries([...tags].map(([name, [value]]) => [name, value]));

function presenceOf(instance: Instance): { presence: Presence; presenceSince: Instant | null } {
  const { refusal, inactiveSince, lateSince } = instance;
  if (refusal) return { presence: 'refused', presenceSince: toInstant(refusal.since) };
  if (inactiveSince !== null)
    return { presence: 'inactive', presenceSince: toInstant(inactiveSince) };
  if (lateSince !== null) return { presence: 'late', presenceSince: toInstant(lateSince) };
  return { presence: 'current', presenceSince: null };
}

function nodesOf({ facts }: Instance): InstanceSummary['nodes'] {
  const { nodesReady, nodesTotal } = facts;
  if (nodesReady === undefined && nodesTotal === undefined) return null;
  return { ready: nodesReady ?? null, total: nodesTotal ?? null };
}

/** A crossing on record counts, also if the setting or the record of hearing has changed since. */
function lateAtOf(instance: Instance, ears: readonly Span[]): Time | null {
  if (instance.airGap || instance.refusal || instance.archivedAt !== null) return null;
  return instance.lateSince ?? lateAt(instance, ears);
}
