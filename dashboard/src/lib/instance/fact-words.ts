import type { InstanceSummary, Scalar } from '#contract/instance.ts';
import type { InstanceReport } from '#contract/reports.ts';
import type { EventCategory } from '#contract/status.ts';
import { fieldOf } from '#domain/fields.ts';
import { nameCloud, nameDistribution, reporterWords } from '../words.ts';

type Known = InstanceReport['facts'][number];

/** Facts that stand elsewhere on the page: in "Current state", or together as one. */
const elsewhere = new Set([
  'status',
  'versionLabel',
  'channelSequence',
  'channelName',
  'nodesReady',
  'nodesTotal',
]);

export type FactGroup = 'Cluster' | 'Infrastructure' | 'Installation';

/** What is of neither is of the installation. */
const groupOf: Partial<Record<EventCategory, FactGroup>> = {
  'cluster status': 'Cluster',
  infrastructure: 'Infrastructure',
};
const groups: FactGroup[] = ['Cluster', 'Infrastructure', 'Installation'];

function findGroup(field: string): FactGroup {
  if (!Object.hasOwn(fieldOf, field)) return 'Installation';
  return groupOf[fieldOf[field as keyof typeof fieldOf].category] ?? 'Installation';
}

/** What is known, by what it is of, each part in its order; a part may be empty. */
export function groupFacts(facts: readonly Known[]): { title: FactGroup; facts: Known[] }[] {
  const read = facts.filter(({ field }) => !elsewhere.has(field));
  return groups.map((title) => ({
    title,
    facts: read.filter(({ field }) => findGroup(field) === title),
  }));
}

/** A fact's value for reading. */
export function sayFact(
  field: string,
  value: Scalar,
  row: Pick<InstanceSummary, 'channel'>,
): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (field === 'k8sDistribution') return nameDistribution(String(value));
  if (field === 'cloudProvider') return nameCloud(String(value));
  if (field === 'channelId') return row.channel?.name ?? String(value);
  return String(value);
}

/** Beside a fact: where it is known from, if that is not plain. */
export function noteFact(
  { field, reporter }: Pick<Known, 'field' | 'reporter'>,
  { row, otherwise }: Pick<InstanceReport, 'otherwise'> & { row: Pick<InstanceSummary, 'cloud'> },
): string | undefined {
  if (row.cloud.fromAddress && field.startsWith('cloud')) return 'by the address it reports from';
  // Where two speak KOTS speaks for the instance; what only the SDK says is marked.
  return otherwise !== null && reporter === 'sdk' ? reporterWords.sdk : undefined;
}
