import type { UptimeRange, UptimeReport } from '#contract/activity.ts';
import type { Bar } from '#contract/instance.ts';
import { bucketEdges, daysOfRange, sumWeeks } from '#domain/uptime-buckets.ts';
import { toInstant } from '#domain/instant.ts';
import type { Span, Time } from '#domain/model.ts';
import { deafStretches } from '#domain/presence.ts';
import { addBars, bars, fromBar, toBar } from '#domain/uptime.ts';
import { presentEvent } from '#server/store/events.ts';
import { readMarkers } from '#server/store/reads-markers.ts';
import { readInstances } from '#server/store/reads-rows.ts';
import { readFirstSeen, readUptimeHistory } from '#server/store/reads-uptime.ts';
import { layAxis } from './axis.ts';
import type { ReportDeps } from './index.ts';
import { historyUntil, instanceBars } from './uptime.ts';
import { readWholeBars } from './whole-history.ts';

/** What is known of an instance in each bucket, as of one moment. */
interface Known {
  now: Time;
  bars: Bar[];
}

/** The graph of one range; null: the customer has no such instance. */
export async function readUptimeReport(
  deps: ReportDeps,
  customerId: string,
  instanceId: string,
  range: UptimeRange,
): Promise<UptimeReport | null> {
  const { db } = deps;
  const { zone } = deps.config;
  const found = await readFirstSeen(db, customerId, instanceId);
  if (found === null) return null;
  const { id, firstSeenAt } = found;
  const days = daysOfRange(range, zone, found.now);
  const edges = bucketEdges(range, zone, found.now, firstSeenAt);
  const ears = deps.ears();
  const [known, markers] = await Promise.all([
    range === 'all'
      ? readWholeBars(deps, id, edges, ears)
      : days === null
        ? readFromEvents(deps, id, edges, ears)
        : readDays(deps, id, found.now, days, ears),
    readMarkers(db, id, edges),
  ]);
  if (known === null) return null;
  const outages = deafStretches(ears, edges[0]!, known.now);
  return {
    range,
    asOf: toInstant(known.now),
    axis: {
      edges: edges.map(toInstant),
      zone,
      outages: outages.map(({ from, to }) => ({ from: toInstant(from), to: toInstant(to) })),
    },
    bars:
      range === '1y'
        ? sumWeeks(known.bars, (week) => toBar(addBars(...week.map(fromBar))))
        : known.bars,
    markers: markers.map(({ events, ...marker }) => ({
      ...marker,
      events: events.map(presentEvent),
    })),
  };
}

/** Whole days: those that are closed need not be reckoned again. */
async function readDays(
  deps: ReportDeps,
  id: number,
  now: Time,
  days: number,
  ears: Span[],
): Promise<Known | null> {
  const { zone, inactiveAfter } = deps.config;
  const axis = layAxis(zone, now, days, ears);
  const [record] = await readInstances(deps.db, [id], axis);
  if (!record) return null;
  const { closedDays, today } = instanceBars(record, axis, { ears, inactiveAfter });
  return { now: Math.min(record.now, axis.edges.at(-1)!), bars: [...closedDays, today] };
}

async function readFromEvents(
  deps: ReportDeps,
  id: number,
  edges: Time[],
  ears: Span[],
): Promise<Known | null> {
  const { inactiveAfter } = deps.config;
  const read = await readUptimeHistory(deps.db, id, edges[0]!);
  if (!read) return null;
  const now = Math.min(read.now, edges.at(-1)!);
  const deaf = deafStretches(ears, edges[0]!, now);
  const history = historyUntil(read.instance, read.events, deaf, now, { ears, inactiveAfter });
  return { now, bars: bars(history, edges).map(toBar) };
}
