import type { Scalar } from '#contract/instance.ts';
import { eventedFacts, tagOf } from './fields.ts';
import type { FactName, Facts } from './model.ts';
import { reporterOf } from './reporters.ts';
import type { FactTable } from './said.ts';
import type { LiveEvent, Timeline } from './timeline.ts';

/** A live event says what was seen at its time; what held before is for the timeline to say. */
export function playObservation(timeline: Timeline, event: LiveEvent): void {
  timeline.events.push({ ...event, before: takeObservation(timeline, event) });
}

function takeObservation(timeline: Timeline, event: LiveEvent): Scalar {
  const { field, after, at } = event;
  if (event.category === 'custom metrics') {
    const before = timeline.metrics.get(field)?.value ?? null;
    timeline.metrics.set(field, { value: after, updatedAt: at });
    timeline.metricsAreLive = true;
    return before;
  }
  const tag = tagOf(field);
  if (tag !== null) {
    const before = Object.hasOwn(timeline.tags, tag) ? (timeline.tags[tag]?.[0] ?? null) : null;
    const others = Object.entries(timeline.tags).filter(([name]) => name !== tag);
    if (after !== null) others.push([tag, [String(after), 'report']]);
    timeline.tags = Object.fromEntries(others);
    return before;
  }
  if (!eventedFacts.some((fact) => fact === field)) return event.before;
  return takeFact(timeline, field as FactName, event);
}

function takeFact(timeline: Timeline, field: FactName, event: LiveEvent): Scalar {
  if (field === 'versionLabel') timeline.versionByUpload = false;
  const before = (timeline.facts as FactTable)[field] ?? null;
  timeline.facts = withFact(timeline.facts, field, event.after);
  if (event.reporter !== null && event.reporter !== 'unverified') {
    const reporter = reporterOf(event.reporter);
    timeline.live[reporter].add(field);
    timeline.own[reporter] = withFact(timeline.own[reporter], field, event.after);
    timeline.spokeAt[reporter] = Math.max(timeline.spokeAt[reporter] ?? event.at, event.at);
  }
  return before;
}

function withFact(facts: Facts, field: FactName, value: Scalar): Facts {
  const next: FactTable = { ...facts };
  // A sequence belongs to its channel.
  if (field === 'channelId' && value !== (next.channelId ?? null)) delete next.channelSequence;
  if (value === null) delete next[field];
  else next[field] = value;
  return next as Facts;
}
