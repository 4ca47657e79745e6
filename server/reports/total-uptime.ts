import type { InstanceReport } from '#contract/reports.ts';
import { toInstant } from '#domain/instant.ts';
import type { Time } from '#domain/model.ts';
import { deafStretches } from '#domain/presence.ts';
import { addBars, bars, toBar } from '#domain/uptime.ts';
import { readTotalUptime } from '#server/store/reads-total-uptime.ts';
import { layAxis } from './axis.ts';
import type { ReportDeps } from './index.ts';
import { historyUntil } from './uptime.ts';

/** Days among which the first open one is looked for; days stay open for longer only where much was not heard. */
const lookedBack = 7;

/**
 * What is known of an instance's time since it was first seen; null: there is no such instance.
 * @param now the database's present time
 */
export async function readUptimeSoFar(
  { db, config, ears: readEars }: ReportDeps,
  id: number,
  now: Time,
): Promise<InstanceReport['uptime'] | null> {
  const { zone, inactiveAfter } = config;
  const ears = readEars();
  const axis = layAxis(zone, now, lookedBack, ears);
  const record = await readTotalUptime(db, id, axis);
  if (record === null) return null;
  const { instance, events, closed, closedThrough } = record;
  const end = Math.min(record.now, axis.edges.at(-1)!);
  // An air gap report may be dated a little ahead of the clock.
  const begin = Math.min(instance.firstSeenAt, end);
  const firstOpen = axis.days.findIndex((day) => closedThrough !== null && day > closedThrough);
  const from = axis.starts[firstOpen] ?? begin;
  const deaf = deafStretches(ears, from, end);
  const history = historyUntil(instance, events, deaf, end, { ears, inactiveAfter });
  return {
    from: toInstant(begin),
    to: toInstant(end),
    known: toBar(addBars(closed, ...bars(history, [from, end]))),
  };
}
