import { isTooFarAhead } from '#domain/air-gap.ts';
import { advance, refuse } from '#domain/changes.ts';
import type { CheckIn, World } from '#domain/model.ts';
import type { AppError } from './errors.ts';
import { foldArchive } from './fold-archive.ts';
import type { Change } from './live/publisher.ts';
import { judge, namedInstances, openInstances, type Verdict } from './open-instances.ts';
import { knowWorlds } from './open-worlds.ts';
import type { Outcome, Recorded, RecorderDeps, Report } from './record-check-ins.ts';
import {
  keyOf,
  readLocked,
  type RecorderMemory,
  rememberInstances,
  storedBy,
} from './recorder-memory.ts';
import { saveFold, type Touched } from './save-fold.ts';
import { lockInstancesOfLicenses, type Tx } from './store/instances.ts';
import { lockLicensees } from './store/licensees.ts';
import { readCatalogVersion } from './store/releases.ts';
import { takeCheckIn } from './take-check-in.ts';

/**
 * Lock → fold every check-in through the pure domain → save. Runs inside one transaction.
 * @returns `remember` is to be called after the commit
 */
export async function recordUnderLock(
  tx: Tx,
  reports: Report[],
  memory: RecorderMemory,
  deps: RecorderDeps,
): Promise<{ outcomes: Outcome[]; change: Change; remember: () => void }> {
  const hold = async () => {
    const held = await lockLicensees(tx, [...new Set(reports.map(({ licenseId }) => licenseId))]);
    // Now rather than at the end: the next statement may wait for instances, and the clock goes on meanwhile.
    if (held.licensees.size > 0) memory.clock.hear(held.now);
    return held;
  };
  // In this order, but in one round trip: the second statement finds the customers by itself.
  const [{ now, transaction, licensees }, locked, catalogVersion] = await Promise.all([
    hold(),
    lockInstancesOfLicenses(tx, reports.flatMap(namedInstances)),
    // Read once the instances are held: whatever a promotion has already told them is in this version or an older one.
    readCatalogVersion(tx),
  ]);
  if (catalogVersion !== deps.releases.version) await deps.releases.refresh(tx);
  const known = await readLocked(tx, locked, memory.instances);
  const judged = reports.map((report) => judge(report, licensees.get(report.licenseId), now));
  const touched = await openInstances(tx, judged, known, now, deps.admitNewInstance);

  const worldOf = knowWorlds(now, deps);
  const outcomes: Outcome[] = [];
  for (const verdict of judged) {
    if (verdict.error && !verdict.refusal) {
      outcomes.push(verdict.error);
      continue;
    }
    const world = worldOf(verdict.licensee!);
    outcomes.push(
      verdict.refusal
        ? refuseKnown(verdict, touched, world)
        : await takeReport(tx, verdict, touched, world),
    );
  }
  const change = await saveFold(tx, touched.values(), { now, zone: deps.config.zone });
  const remember = () => {
    for (const one of licensees.values()) memory.licensees.set(one.licenseId, one);
    rememberInstances(memory, storedBy(transaction, touched.values(), locked));
  };
  return { outcomes, change, remember };
}

/** Nothing of a refused report is stored beyond the refusal, and that only for an instance already known. */
function refuseKnown(verdict: Verdict, touched: Map<string, Touched>, world: World): AppError {
  for (const instanceId of new Set(verdict.report.checkIns.map((checkIn) => checkIn.instanceId))) {
    const one = touched.get(keyOf(verdict.licensee!.customerId, instanceId));
    if (!one) continue;
    // A line of silence may have been crossed before the refusal; from here on none is.
    const waited = advance(one.instance, world);
    const at = Math.max(world.now, waited.instance.lastEventAt);
    const { instance, events } = refuse(waited.instance, verdict.refusal!, at, world.ears);
    one.instance = instance;
    one.events.push(...waited.events, ...events);
  }
  return verdict.error!;
}

async function takeReport(
  tx: Tx,
  verdict: Verdict,
  touched: Map<string, Touched>,
  world: World,
): Promise<Recorded> {
  const refused: Recorded['refused'] = [];
  let archives: Map<Touched, CheckIn[]> | null = null;
  for (const [index, checkIn] of verdict.report.checkIns.entries()) {
    if (checkIn.reportedAt !== null && isTooFarAhead(checkIn.reportedAt, world.now)) {
      const message = `reportedAt of instance ${checkIn.instanceId} lies in the future.`;
      refused.push({ index, message });
      continue;
    }
    const one = touched.get(keyOf(verdict.licensee!.customerId, checkIn.instanceId))!;
    if (checkIn.reportedAt === null) {
      takeCheckIn(one, checkIn, world);
      continue;
    }
    archives ??= new Map();
    const archive = archives.get(one);
    if (archive) archive.push(checkIn);
    else archives.set(one, [checkIn]);
  }
  for (const [one, checkIns] of archives ?? []) await foldArchive(tx, one, checkIns, world);
  return { recorded: verdict.report.checkIns.length - refused.length, refused };
}
