import type { NodeState, ResourceState } from '#contract/instance.ts';
import type { InstanceReport } from '#contract/reports.ts';
import { appStatuses } from '#contract/status.ts';
import { toInstant } from '#domain/instant.ts';
import type { Instance } from '#domain/model.ts';
import { lastSpoke } from '#domain/reporters.ts';
import type { SentList } from '#server/store/reads-instance.ts';

const digests = { resources: 'resourcesDigest', nodes: 'nodesDigest' } as const;

/** The list that holds: of the reporter whose digest of it is the instance's; where both say the same, whoever spoke last. */
function holdingList(
  instance: Instance,
  lists: readonly SentList[],
  part: SentList['part'],
): SentList | undefined {
  const { reports, facts } = instance;
  const digest = digests[part];
  const spoke = ({ reporter }: SentList) => lastSpoke(instance, reporter) ?? 0;
  const sent = lists
    .filter((list) => list.part === part)
    .toSorted((a, b) => spoke(b) - spoke(a) || compare(a.reporter, b.reporter));
  return (
    sent.find(({ reporter }) => (reports?.[reporter] ?? facts)[digest] === facts[digest]) ?? sent[0]
  );
}

const contentOf = <T>(list: SentList | undefined): T[] =>
  Array.isArray(list?.content) ? (list.content as T[]) : [];

/** The resource states that hold, worst first, and who reports them. */
export function presentResources(
  instance: Instance,
  lists: readonly SentList[],
): Pick<InstanceReport, 'resources' | 'resourcesFrom'> {
  const list = holdingList(instance, lists, 'resources');
  const rank = (state: ResourceState) => appStatuses.indexOf(state.state);
  const text = ({ kind, namespace, name }: ResourceState) => `${kind} ${namespace} ${name}`;
  return {
    resources: contentOf<ResourceState>(list).toSorted(
      (a, b) => rank(a) - rank(b) || compare(text(a), text(b)),
    ),
    resourcesFrom: list
      ? { reporter: list.reporter, at: toInstant(lastSpoke(instance, list.reporter)) }
      : null,
  };
}

/** The nodes of an embedded cluster, those that are not ready first. */
export function presentNodes(instance: Instance, lists: readonly SentList[]): NodeState[] {
  return contentOf<NodeState>(holdingList(instance, lists, 'nodes')).toSorted(
    (a, b) => Number(a.isReady) - Number(b.isReady) || compare(a.name, b.name),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
