import type { Scalar } from '#contract/instance.ts';
import type { FactName, Facts, Instance, Reporter } from './model.ts';
import { lastSpoke } from './reporters.ts';
import type { FactTable } from './said.ts';
import type { Timeline } from './timeline.ts';

/** Facts that make no events, so that of a live instance the timeline knows only what was uploaded. */
const quietFacts: readonly FactName[] = ['resourcesDigest', 'imagesDigest', 'nodesDigest'];
/** Facts that are derived from others, and the one of which history tells whether they came live. */
const toldBy: Partial<Record<FactName, FactName>> = {
  channelId: 'channelId',
  channelName: 'channelId',
  channelSequence: 'versionLabel',
  versionLabel: 'versionLabel',
};

/** What holds of an instance after the timeline was played: for one that is live, its live word stands. */
export function currentFacts(instance: Instance, timeline: Timeline): Facts {
  if (instance.airGap) return timeline.facts;
  const facts: FactTable = { ...timeline.facts };
  const known: FactTable = instance.facts;
  for (const field of quietFacts) {
    const byUpload = wasUploaded(timeline, ['kots', 'sdk'], field, known[field]);
    put(facts, field, byUpload ? facts[field] : known[field]);
  }
  if (!timeline.versionByUpload) put(facts, 'channelSequence', known.channelSequence);
  return facts as Facts;
}

/** Each reporter's own values, once both have spoken. */
export function currentReports(instance: Instance, timeline: Timeline): Instance['reports'] {
  const spoke = (reporter: Reporter): boolean =>
    timeline.spokeAt[reporter] !== null || lastSpoke(instance, reporter) !== null;
  if (!spoke('kots') || !spoke('sdk')) return null;
  if (instance.airGap) return timeline.own;
  return { kots: ownFacts(instance, timeline, 'kots'), sdk: ownFacts(instance, timeline, 'sdk') };
}

/**
 * What a reporter of a live instance said last. The timeline has seen what was evented; a value beyond that came live,
 * or else from an earlier upload, which the timeline knows better.
 */
function ownFacts(instance: Instance, timeline: Timeline, reporter: Reporter): Facts {
  const known: FactTable = instance.reports?.[reporter] ?? soleFacts(instance, reporter);
  const played: FactTable = timeline.own[reporter];
  const live = timeline.live[reporter];
  const own: FactTable = {};
  for (const field of new Set([...Object.keys(played), ...Object.keys(known)]) as Set<FactName>) {
    const told = toldBy[field];
    const keep =
      told === undefined ? !wasUploaded(timeline, [reporter], field, known[field]) : live.has(told);
    put(own, field, keep ? known[field] : played[field]);
  }
  return own as Facts;
}

/** While one reporter alone has spoken, what holds is what it said. */
const soleFacts = (instance: Instance, reporter: Reporter): Facts =>
  lastSpoke(instance, reporter) === null ? {} : instance.facts;

/** Whether a value, or there being none, may have come from an upload. */
function wasUploaded(
  timeline: Timeline,
  reporters: readonly Reporter[],
  field: FactName,
  value: Scalar | undefined,
): boolean {
  if (value === undefined) return true;
  return reporters.some((it) => timeline.uploaded[it].get(field)?.has(value) ?? false);
}

function put(facts: FactTable, field: FactName, value: Scalar | undefined): void {
  if (value === undefined) delete facts[field];
  else facts[field] = value;
}
