import type { InstanceReport } from '#contract/reports.ts';
import type { Instance } from '#domain/model.ts';
import { daysBehind } from '#domain/versions.ts';
import { readCustomer, readNow } from '#server/store/reads-customers.ts';
import {
  type ReleaseDates,
  findInstance,
  readAlsoUnder,
  readCurrentMetrics,
  readReleaseDates,
  readSentLists,
} from '#server/store/reads-instance.ts';
import type { ReportDeps } from './index.ts';
import { presentFacts, presentOtherwise } from './present-facts.ts';
import { presentNodes, presentResources } from './present-lists.ts';
import { presentTimeToInstall } from './present-time-to-install.ts';
import { toInstant } from '#domain/instant.ts';
import { readRows } from './rows.ts';
import { readUptimeSoFar } from './total-uptime.ts';

/** All that is known of one instance but its events; null: the customer has no such instance. */
export async function readInstanceReport(
  deps: ReportDeps,
  customerId: string,
  instanceId: string,
): Promise<InstanceReport | null> {
  const { db } = deps;
  const id = await findInstance(db, customerId, instanceId);
  if (id === null) return null;
  const now = await readNow(db);
  const [{ asOf, axis, rows, records }, lists, metrics, alsoUnder, customer, uptime] =
    await Promise.all([
      readRows(deps, [id], now),
      readSentLists(db, id),
      readCurrentMetrics(db, id),
      readAlsoUnder(db, customerId, instanceId),
      readCustomer(db, customerId),
      readUptimeSoFar(deps, id, now),
    ]);
  const [row, record] = [rows[0], records[0]];
  if (!row || !record || !customer || !uptime) return null;
  const { instance, channel } = record;
  const [dates, restoredFrom] = await Promise.all([
    readReleaseDates(db, row.app.slug, channel.id, row.channelSequence),
    findRestored(deps, instance),
  ]);
  return {
    asOf,
    axis,
    row,
    facts: presentFacts(instance),
    otherwise: presentOtherwise(instance),
    ...presentResources(instance, lists),
    nodes: presentNodes(instance, lists),
    metrics: metrics.map((metric) => ({ ...metric, updatedAt: toInstant(metric.updatedAt) })),
    alsoUnder,
    restoredFrom,
    release: presentRelease(dates),
    assignedChannel: customer.channel,
    uptime,
    timeToInstall: presentTimeToInstall([record], customer.license.createdAt),
  };
}

async function findRestored(
  { db }: ReportDeps,
  { customerId, facts }: Instance,
): Promise<InstanceReport['restoredFrom']> {
  const instanceId = facts.restoredFromInstanceId;
  if (instanceId === undefined) return null;
  return { instanceId, known: (await findInstance(db, customerId, instanceId)) !== null };
}

function presentRelease({ promotedAt, latest }: ReleaseDates): InstanceReport['release'] {
  return {
    promotedAt: toInstant(promotedAt),
    latest: latest && { label: latest.label, promotedAt: toInstant(latest.promotedAt) },
    daysBehind: promotedAt !== null && latest ? daysBehind({ promotedAt }, latest) : null,
  };
}
