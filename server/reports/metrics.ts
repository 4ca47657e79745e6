import type { Db } from '#db/client.ts';
import type { MetricHistory, MetricSummary, UptimeRange } from '#contract/activity.ts';
import { toInstant } from '#domain/instant.ts';
import { bucketEdges } from '#domain/uptime-buckets.ts';
import { findInstance } from '#server/store/reads-instance.ts';
import { readMetricPoints, readMetricSummaries } from '#server/store/reads-metrics.ts';
import { readFirstSeen } from '#server/store/reads-uptime.ts';
import type { ReportDeps } from './index.ts';

/** Null: the customer has no such instance. */
export async function readMetricList(
  db: Db,
  customerId: string,
  instanceId: string,
): Promise<MetricSummary[] | null> {
  const instance = await findInstance(db, customerId, instanceId);
  if (instance === null) return null;
  const metrics = await readMetricSummaries(db, instance);
  return metrics.map((metric) => ({ ...metric, updatedAt: toInstant(metric.updatedAt) }));
}

/** Over the same span as the bars of the range; null: the customer has no such instance. */
export async function readMetricHistory(
  { db, config }: ReportDeps,
  customerId: string,
  instanceId: string,
  { name, range }: { name: string; range: UptimeRange },
): Promise<MetricHistory | 'no such metric' | null> {
  const found = await readFirstSeen(db, customerId, instanceId);
  if (found === null) return null;
  const from = bucketEdges(range, config.zone, found.now, found.firstSeenAt)[0]!;
  const { points, recorded } = await readMetricPoints(db, found.id, name, { from, to: found.now });
  if (recorded === 0) return 'no such metric';
  return {
    name,
    from: toInstant(from),
    to: toInstant(found.now),
    points: points.map(([at, value]) => [toInstant(at), value]),
    recorded,
  };
}
