import type { Scalar } from '#contract/instance.ts';
import { factEvents, presenceEvent } from './events.ts';
import { detectMetricChanges } from './metrics.ts';
import { playObservation } from './observations.ts';
import { usualSilence } from './presence.ts';
import { mergeReports, reporterOf } from './reporters.ts';
import { type FactTable, hear, namesStatus } from './said.ts';
import { applyTags, tagEvents, vendorTags } from './tags.ts';
import type {
  CheckIn,
  FactName,
  Facts,
  Instance,
  InstanceEvent,
  Reporter,
  Tags,
  Time,
  World,
} from './model.ts';

/** An air gap report as it was stored; `digest` is that of its content. */
export interface StoredReport {
  reportedAt: Time;
  digest: string;
  receivedAt: Time;
  checkIn: CheckIn;
}

/** An event of the rewritten history; `id`: the stored row it is, null for one to be written. */
export type KeptEvent = InstanceEvent & { id: number | null };
export type LiveEvent = InstanceEvent & { id: number };

/** What is known at a point of an instance's history, and the events up to there. */
export interface Timeline {
  own: Record<Reporter, Facts>;
  spokeAt: Record<Reporter, Time | null>;
  facts: Facts;
  tags: Tags;
  metrics: Map<string, { value: Scalar; updatedAt: Time }>;
  /** Some metrics came live, so that the current set did too. */
  metricsAreLive: boolean;
  /** The last word on the version came by upload. */
  versionByUpload: boolean;
  statusReportedAt: Time | null;
  /** Which facts were observed live, and every value that uploads ever gave one, by reporter. */
  live: Record<Reporter, Set<FactName>>;
  uploaded: Record<Reporter, Map<FactName, Set<Scalar>>>;
  events: KeptEvent[];
}

type Item =
  | { at: Time; kind: 'report'; key: string; report: StoredReport }
  | { at: Time; kind: 'end of archive'; key: string; event: InstanceEvent }
  | { at: Time; kind: 'live'; key: string; event: LiveEvent };

const ranks = { report: 0, 'end of archive': 1, live: 2 };

/** Plays reports and live observations in the order in which they were written; the server's own clock wins a tie. */
export function playTimeline(
  instance: Instance,
  reports: readonly StoredReport[],
  live: readonly LiveEvent[],
  world: World,
): Timeline {
  const timeline: Timeline = {
    own: { kots: {}, sdk: {} },
    spokeAt: { kots: null, sdk: null },
    facts: {},
    tags: Object.fromEntries(vendorTags(instance.tags)),
    metrics: new Map(),
    metricsAreLive: false,
    versionByUpload: false,
    statusReportedAt: null,
    live: { kots: new Set(), sdk: new Set() },
    uploaded: { kots: new Map(), sdk: new Map() },
    events: [],
  };
  for (const item of orderItems(reports, live)) {
    if (item.kind === 'report') playReport(timeline, item.report, world);
    else if (item.kind === 'live') playObservation(timeline, item.event);
    else timeline.events.push({ ...item.event, id: null });
  }
  return timeline;
}

function orderItems(reports: readonly StoredReport[], live: readonly LiveEvent[]): Item[] {
  const items: Item[] = [
    ...reports.map((report): Item => {
      return { at: report.reportedAt, kind: 'report', key: report.digest, report };
    }),
    ...live.map((event): Item => {
      return { at: event.at, kind: 'live', key: String(event.id).padStart(16, '0'), event };
    }),
    ...endOfArchive(reports, live),
  ];
  return items.sort(
    (a, b) =>
      a.at - b.at || ranks[a.kind] - ranks[b.kind] || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0),
  );
}

/** Where the instance went live: its first presence event comes out of an inactivity that no live event began. */
function endOfArchive(reports: readonly StoredReport[], live: readonly LiveEvent[]): Item[] {
  const wentLive = live
    .filter(({ category }) => category === 'presence')
    .toSorted((a, b) => a.at - b.at || a.id - b.id)
    .find(({ before, after }) => before !== 'refused' && after !== 'refused');
  if (wentLive?.before !== 'inactive') return [];
  const end = [
    ...reports.map(({ reportedAt }) => reportedAt).filter((at) => at <= wentLive.at),
    ...live.map(({ at }) => at).filter((at) => at < wentLive.at),
  ].reduce((latest, at) => Math.max(latest, at), -Infinity);
  if (end === -Infinity) return [];
  const event = { ...presenceEvent(end, 'active', 'inactive'), receivedAt: wentLive.at };
  return [{ at: end, kind: 'end of archive', key: '', event }];
}

function playReport(timeline: Timeline, report: StoredReport, world: World): void {
  const { checkIn, reportedAt: at } = report;
  const reporter = reporterOf(checkIn.door);
  handOver(timeline, at, report);
  timeline.own[reporter] = hear(timeline.own[reporter], checkIn, world);
  noteUploaded(timeline.uploaded[reporter], timeline.own[reporter]);
  timeline.spokeAt[reporter] = at;
  const kotsSpoke = timeline.spokeAt.kots;
  const kotsWins = kotsSpoke !== null && at - kotsSpoke <= usualSilence;
  const facts = mergeReports(timeline.own, kotsWins ? 'kots' : 'sdk');
  if (namesStatus(checkIn) && facts.status === timeline.own[reporter].status) {
    timeline.statusReportedAt = at;
  }
  if (facts.versionLabel !== timeline.facts.versionLabel) timeline.versionByUpload = true;
  write(timeline, report, factEvents(timeline.facts, facts, at, checkIn.door));
  timeline.facts = facts;
  if (checkIn.tags !== null) {
    const tags = applyTags(timeline.tags, checkIn.tags);
    write(timeline, report, tagEvents(timeline.tags, tags, at, checkIn.door));
    timeline.tags = tags;
  }
  if (checkIn.metrics !== null) playMetrics(timeline, report, checkIn.metrics);
}

function noteUploaded(uploaded: Map<FactName, Set<Scalar>>, facts: FactTable): void {
  for (const field of Object.keys(facts) as FactName[]) {
    const values = uploaded.get(field) ?? new Set();
    uploaded.set(field, values.add(facts[field] ?? null));
  }
}

/** As live: KOTS silent for too long, and the SDK's word still fresh at that moment. */
function handOver(timeline: Timeline, before: Time, report: StoredReport): void {
  const { kots, sdk } = timeline.spokeAt;
  if (kots === null || sdk === null) return;
  const fell = kots + usualSilence;
  if (fell >= before || fell - sdk > usualSilence) return;
  const at = Math.max(fell, timeline.events.at(-1)?.at ?? fell);
  const facts = mergeReports(timeline.own, 'sdk');
  write(timeline, report, factEvents(timeline.facts, facts, at, 'sdk'));
  timeline.facts = facts;
}

function playMetrics(timeline: Timeline, report: StoredReport, said: Record<string, Scalar>): void {
  const { reportedAt: at, checkIn } = report;
  const current = [...timeline.metrics].map(([name, { value }]): [string, Scalar] => [name, value]);
  const changes = detectMetricChanges(Object.fromEntries(current), said, at, checkIn.door);
  write(timeline, report, changes.events);
  for (const { name, value } of changes.upserts)
    timeline.metrics.set(name, { value, updatedAt: at });
  for (const name of changes.removals) timeline.metrics.delete(name);
}

function write(timeline: Timeline, report: StoredReport, events: InstanceEvent[]): void {
  for (const event of events) {
    timeline.events.push({ ...event, receivedAt: report.receivedAt, id: null });
  }
}
