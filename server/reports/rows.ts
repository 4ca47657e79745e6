import type { BarAxis, InstanceRow, InstanceSummary, Instant } from '#contract/instance.ts';
import type { Time } from '#domain/model.ts';
import { readNow } from '#server/store/reads-customers.ts';
import { type InstanceRecord, readInstances } from '#server/store/reads-rows.ts';
import { layAxis, presentAxis } from './axis.ts';
import type { ReportDeps } from './index.ts';
import { toInstant } from '#domain/instant.ts';
import { presentSummary } from './present-instance.ts';
import { instanceBars } from './uptime.ts';

/** Days of uptime in a list, today among them. */
export const listDays = 14;

export interface Rows {
  asOf: Instant;
  axis: BarAxis;
  rows: InstanceRow[];
  /** What the rows were made from, in the same order. */
  records: InstanceRecord[];
}

/**
 * Instances with their fourteen days, in the order of `ids`; unknown ids are left out.
 * @param now the database's present time, by which the days are laid out
 */
export async function readRows(deps: ReportDeps, ids: number[], now: Time): Promise<Rows> {
  const { db, config } = deps;
  const ears = deps.ears();
  const axis = layAxis(config.zone, now, listDays, ears);
  const records = await readInstances(db, ids, axis);
  const hearing = { ears, inactiveAfter: config.inactiveAfter };
  return {
    asOf: toInstant(Math.min(records[0]?.now ?? now, axis.edges.at(-1)!)),
    axis: presentAxis(axis),
    records,
    rows: records.map((record) => {
      const { closedDays, today } = instanceBars(record, axis, hearing);
      return { ...presentSummary(record, today, ears), closedDays };
    }),
  };
}

/** Instances without their closed days, in the order of `ids`; unknown ids are left out. */
export async function readSummaries(
  deps: ReportDeps,
  ids: number[],
): Promise<{ asOf: Instant; instances: InstanceSummary[] }> {
  const { db, config } = deps;
  const ears = deps.ears();
  const now = await readNow(db);
  const axis = layAxis(config.zone, now, 1, ears);
  const records = await readInstances(db, ids, axis);
  const hearing = { ears, inactiveAfter: config.inactiveAfter };
  return {
    asOf: toInstant(Math.min(records[0]?.now ?? now, axis.edges.at(-1)!)),
    instances: records.map((record) =>
      presentSummary(record, instanceBars(record, axis, hearing).today, ears),
    ),
  };
}
