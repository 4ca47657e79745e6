import type { Instance } from '#domain/model.ts';
import type { Change } from './live/publisher.ts';
import { judge } from './open-instances.ts';
import { knowWorlds } from './open-worlds.ts';
import type { Outcome, RecorderDeps, Report } from './record-check-ins.ts';
import { keyOf, type RecorderMemory, type RememberedRow } from './recorder-memory.ts';
import { changeOf, pastDayOf, type Touched, writingOf } from './save-fold.ts';
import type { LockedLicensee } from './store/licensees.ts';
import { type Foundation, saveIfUnchanged } from './store/save-unchanged.ts';
import { takeCheckIn } from './take-check-in.ts';

export interface ShortWay {
  /** Whether a report is of the kind that may come through, at a glance. */
  mayTake(report: Report): boolean;
  /** @param reports all of that kind. @returns null: nothing was recorded, they have to go the long way */
  record(reports: Report[]): Promise<{ outcomes: Outcome[]; change: Change } | null>;
}

/** Batches that are not tried at most, after some that were tried in vain. */
const longestPause = 64;

/**
 * The short way of what instances say all day: where all that the reports name is remembered, they are folded at once
 * and stored in one round trip, which finds out whether anything was written by somebody else meanwhile.
 */
export function openShortWay(memory: RecorderMemory, deps: RecorderDeps): ShortWay {
  // Where several processes hear the same instances, nearly every try is in vain.
  let pause = 0;
  let left = 0;

  async function attempt(reports: Report[]) {
    const fold = foldFromMemory(reports, memory, deps);
    if (!fold) return null;
    const { on, touched, remembered } = fold;
    const clock = { now: on.now, zone: deps.config.zone };
    if (touched.some((one) => pastDayOf(one, clock) !== null)) return null;
    const writing = writingOf(touched);
    const saved = await saveIfUnchanged(deps.line ?? deps.db, on, writing);
    pause = saved ? 0 : Math.min(longestPause, 2 * pause || 1);
    left = pause;
    if (!saved) return null;
    memory.clock.hear(saved.now);
    for (const [index, one] of remembered.entries()) {
      one.row = touched[index]!.instance;
      one.writtenBy = saved.transaction;
    }
    const outcomes = reports.map(({ checkIns }) => ({ recorded: checkIns.length, refused: [] }));
    return { outcomes, change: changeOf(writing, saved.events) };
  }

  return {
    mayTake,
    async record(reports) {
      if (left > 0) {
        left -= 1;
        return null;
      }
      return attempt(reports);
    },
  };
}

/** An archive is folded into the history, and metrics are compared with the stored ones: both have to be read. */
const mayTake = ({ checkIns }: Report) =>
  checkIns.every(({ reportedAt, metrics }) => reportedAt === null && metrics === null);

/** Null: the database has to be asked for something, or a report is not to be taken as it is. */
function foldFromMemory(
  reports: Report[],
  memory: RecorderMemory,
  deps: RecorderDeps,
): { on: Foundation; touched: Touched[]; remembered: RememberedRow<Instance>[] } | null {
  const now = memory.clock.read();
  if (now === null) return null;
  const worldOf = knowWorlds(now, deps);
  const licensees = new Set<LockedLicensee>();
  const touched = new Map<string, Touched>();
  const remembered: RememberedRow<Instance>[] = [];
  for (const report of reports) {
    const { licenseId, checkIns } = report;
    const licensee = memory.licensees.get(licenseId);
    if (!licensee || judge(report, licensee, now).error) return null;
    licensees.add(licensee);
    const world = worldOf(licensee);
    for (const checkIn of checkIns) {
      const key = keyOf(licensee.customerId, checkIn.instanceId);
      let one = touched.get(key);
      if (!one) {
        const known = memory.instances.get(key);
        if (!known) return null;
        one = { before: known.row, instance: known.row, events: [] };
        touched.set(key, one);
        remembered.push(known);
      }
      takeCheckIn(one, checkIn, world);
    }
  }
  const on = {
    now,
    catalogVersion: deps.releases.version,
    licensees: [...licensees],
    instances: remembered.map(({ row, writtenBy }) => ({ id: row.id, writtenBy })),
  };
  return { on, touched: [...touched.values()], remembered };
}
