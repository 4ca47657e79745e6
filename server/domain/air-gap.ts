import type { Scalar } from '#contract/instance.ts';
import type { Part } from './changes.ts';
import { presenceEvent } from './events.ts';
import { currentFacts, currentReports } from './live-word.ts';
import { type FactTable, countVersionsBehind } from './said.ts';
import {
  type KeptEvent,
  type LiveEvent,
  type StoredReport,
  type Timeline,
  playTimeline,
} from './timeline.ts';
import type { FactName, Instance, Reporter, Time, World } from './model.ts';

export type { KeptEvent, LiveEvent, StoredReport } from './timeline.ts';

/** How far ahead of our clock a report may be dated. */
const allowedAhead = 5 * 60_000;

/** Whether an air gap report is dated more than five minutes ahead of the clock, and so has to be refused by name. */
export function isTooFarAhead(reportedAt: Time, now: Time): boolean {
  return reportedAt > now + allowedAhead;
}

export interface Refolded {
  instance: Instance;
  /** The whole history, oldest first. Rows with an `id` stay (their `before` may be new), all others are to be written. */
  events: KeptEvent[];
  /** The current custom metrics; null: what is current came live and stays. */
  metrics: { name: string; value: Scalar; updatedAt: Time }[] | null;
  /** The longer parts that hold now, of those that came by upload. */
  inventories: { reporter: Reporter; part: Part; content: unknown }[];
}

/**
 * An instance after an upload: all its air gap reports, in the order in which they were written, folded together with
 * what was observed live (`live`: every stored event that has no `receivedAt`). The order of uploads plays no part.
 * Call it only when a report was added, since the revision rises by one.
 */
export function refold(
  instance: Instance,
  reports: readonly StoredReport[],
  live: readonly LiveEvent[],
  world: World,
): Refolded {
  const timeline = playTimeline(instance, reports, live, world);
  if (instance.refusal !== null) {
    const at = Math.max(world.now, instance.lastEventAt);
    timeline.events.push({ ...presenceEvent(at, 'refused', 'active'), id: null });
  }
  timeline.events.sort((a, b) => a.at - b.at);
  const next = describe(instance, reports, timeline, world);
  return {
    instance: next,
    events: timeline.events,
    metrics: timeline.metricsAreLive
      ? null
      : [...timeline.metrics].map(([name, metric]) => ({ name, ...metric })),
    inventories: currentInventories(next, reports),
  };
}

function describe(
  instance: Instance,
  reports: readonly StoredReport[],
  timeline: Timeline,
  world: World,
): Instance {
  const times = reports.map(({ reportedAt }) => reportedAt);
  const facts = currentFacts(instance, timeline);
  return {
    ...instance,
    revision: instance.revision + 1,
    facts,
    reports: currentReports(instance, timeline),
    tags: instance.airGap ? timeline.tags : instance.tags,
    kotsReportedAt: latest(instance.kotsReportedAt, timeline.spokeAt.kots),
    sdkReportedAt: latest(instance.sdkReportedAt, timeline.spokeAt.sdk),
    ...statusTimes(instance, timeline, times),
    // Of an instance that never was live, the reports say everything.
    firstSeenAt: earliestOf(times, instance.airGap ? Infinity : instance.firstSeenAt),
    lastCheckInAt: latestOf(times, instance.airGap ? -Infinity : instance.lastCheckInAt),
    lastEventAt: latestOf(
      [...times, ...timeline.events.map(({ at }) => at)],
      instance.airGap ? -Infinity : instance.lastEventAt,
    ),
    refusal: null,
    archivedAt: null,
    versionsBehind: countVersionsBehind(facts, world),
  };
}

function statusTimes(instance: Instance, timeline: Timeline, times: readonly Time[]) {
  const changes = timeline.events.filter(
    ({ field, category, before, after }) =>
      category === 'app status' && field === 'status' && before !== after,
  );
  return {
    statusSince: changes.at(-1)?.at ?? null,
    statusReportedAt: latest(
      // A moment of an upload is the timeline's to tell.
      times.includes(instance.statusReportedAt ?? NaN) ? null : instance.statusReportedAt,
      timeline.statusReportedAt,
    ),
    firstReadyAt: changes.find(({ after }) => after === 'ready')?.at ?? null,
  };
}

const latest = (a: Time | null, b: Time | null): Time | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);
// Not by spreading into Math.max: an archive may hold more reports than a call takes arguments.
const latestOf = (times: readonly Time[], start: Time): Time =>
  times.reduce((a, b) => Math.max(a, b), start);
const earliestOf = (times: readonly Time[], start: Time): Time =>
  times.reduce((a, b) => Math.min(a, b), start);

const parts: readonly [Part, FactName][] = [
  ['resources', 'resourcesDigest'],
  ['images', 'imagesDigest'],
  ['nodes', 'nodesDigest'],
];

/** The uploaded contents whose digests are current. */
function currentInventories(
  instance: Instance,
  reports: readonly StoredReport[],
): Refolded['inventories'] {
  const { kotsReportedAt } = instance;
  const sole: Reporter = kotsReportedAt === null ? 'sdk' : 'kots';
  const own = instance.reports ?? { kots: {}, sdk: {}, [sole]: instance.facts };
  const inventories: Refolded['inventories'] = [];
  for (const reporter of ['kots', 'sdk'] as const) {
    const facts: FactTable = own[reporter];
    for (const [part, digest] of parts) {
      const source = reports.find(
        ({ checkIn }) =>
          (checkIn.door === 'kots') === (reporter === 'kots') &&
          facts[digest] !== undefined &&
          (checkIn.facts as FactTable)[digest] === facts[digest],
      );
      const content = source?.checkIn.inventories[part];
      if (content !== undefined) inventories.push({ reporter, part, content });
    }
  }
  return inventories;
}
