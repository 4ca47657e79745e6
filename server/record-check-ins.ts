import type { Db } from '#db/client.ts';
import { beginAhead } from '#db/connect.ts';
import { isTooFarAhead } from '#domain/air-gap.ts';
import { advance, detectChanges, detectMetricChanges, refuse } from '#domain/changes.ts';
import type { CheckIn, World } from '#domain/model.ts';
import { reporterOf } from '#domain/reporters.ts';
import type { Config } from './config.ts';
import type { Ears } from './ears.ts';
import { AppError } from './errors.ts';
import { foldArchive } from './fold-archive.ts';
import { createGroupCommit } from './group-commit.ts';
import type { KnownReleases } from './known-releases.ts';
import type { Change } from './live/publisher.ts';
import { judge, keyOf, namedInstances, openInstances, type Verdict } from './open-instances.ts';
import { knowWorlds } from './open-worlds.ts';
import { saveFold, type Touched } from './save-fold.ts';
import {
  createRememberedInstances,
  readLocked,
  type RememberedInstances,
  type Stored,
  storedBy,
} from './remembered-instances.ts';
import { lockInstancesOfLicenses, type Tx } from './store/instances.ts';
import { readCatalogVersion } from './store/releases.ts';
import { lockLicensees } from './store/licensees.ts';
import type { Logger } from 'pino';

/** One request: what one license said, of one instance or of many. It is taken whole or refused whole. */
export interface Report {
  licenseId: string;
  checkIns: CheckIn[];
}

export interface Recorded {
  recorded: number;
  /** Air gap reports that are dated in the future: left out by name, the rest of their archive is taken. */
  refused: { index: number; message: string }[];
}

export interface Recorder {
  /**
   * Resolves after the commit: an answered check-in is on disk.
   * @throws AppError unauthorized (no such license), forbidden (expired, archived), too_many (new instances), overloaded
   */
  record(report: Report): Promise<Recorded>;
  /**
   * To be asked before a report is read: refusing it unread leaves the processor to those that are taken.
   * @throws AppError overloaded
   */
  requireRoom(): void;
  stats(): { waiting: number };
  /** Finishes what was accepted, then refuses everything. */
  close(): Promise<void>;
}

export interface RecorderDeps {
  db: Db;
  config: Pick<Config, 'inactiveAfter' | 'queueLimit' | 'zone'>;
  ears: Pick<Ears, 'spans'>;
  releases: Pick<KnownReleases, 'of' | 'version' | 'refresh'>;
  /** Whether a license may bring one more instance that was never seen; else seconds to wait. */
  admitNewInstance: (licenseId: string) => { ok: true } | { ok: false; retryAfter: number };
  /** Default: memory of its own. */
  remembered?: RememberedInstances;
  /** Called after the commit; must not throw. */
  publish: (change: Change) => void;
  /** Told of each transaction: the check-ins it held, and the seconds until its commit. */
  committed?: (checkIns: number, seconds: number) => void;
  log: Logger;
}

type Outcome = Recorded | AppError;

/** Instances remembered from one batch to the next, about 2 KB each. */
const rememberedLimit = 16_384;

/** The spine: every report of every door goes through here, many in one transaction. */
export function createRecorder(deps: RecorderDeps): Recorder {
  const remembered = deps.remembered ?? createRememberedInstances(rememberedLimit);
  const commit = createGroupCommit<Report, Outcome>({
    limit: 500,
    queueLimit: deps.config.queueLimit,
    weight: (report) => report.checkIns.length,
    log: deps.log,
    async run(reports) {
      const begun = performance.now();
      const { outcomes, saved, stored } = await beginAhead(() =>
        deps.db.transaction((tx) => recordBatch(tx, reports, remembered, deps)),
      );
      // The commit was sent right behind the writes. One that failed has undone them all, and says so here.
      const change = await saved;
      for (const { instance, writtenBy } of stored) remembered.set(instance, writtenBy);
      const checkIns = reports.reduce((sum, report) => sum + report.checkIns.length, 0);
      deps.committed?.(checkIns, (performance.now() - begun) / 1000);
      deps.publish(change);
      return outcomes;
    },
  });

  return {
    record: (report) =>
      commit.add(report).then((outcome) => {
        if (outcome instanceof AppError) throw outcome;
        return outcome;
      }),
    requireRoom: commit.requireRoom,
    stats: commit.stats,
    close: commit.close,
  };
}

/** Lock → fold every check-in through the pure domain → save. Runs inside one transaction. */
async function recordBatch(
  tx: Tx,
  reports: Report[],
  remembered: RememberedInstances,
  deps: RecorderDeps,
): Promise<{ outcomes: Outcome[]; saved: Promise<Change>; stored: Stored[] }> {
  // In this order, but in one round trip: the second statement finds the customers by itself.
  const [{ now, transaction, licensees }, locked, catalogVersion] = await Promise.all([
    lockLicensees(tx, [...new Set(reports.map((report) => report.licenseId))]),
    lockInstancesOfLicenses(tx, reports.flatMap(namedInstances)),
    // Read once the instances are held: whatever a promotion has already told them is in this version or an older one.
    readCatalogVersion(tx),
  ]);
  if (catalogVersion !== deps.releases.version) await deps.releases.refresh(tx);
  const known = await readLocked(tx, locked, remembered);
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
  const saved = saveFold(tx, touched.values(), { now, zone: deps.config.zone });
  saved.catch(() => undefined);
  return { outcomes, saved, stored: storedBy(transaction, touched.values(), locked) };
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

/** Folds one live check-in into its instance. */
function takeCheckIn(one: Touched, checkIn: CheckIn, world: World): void {
  const { instance, events, parts } = detectChanges(one.instance, checkIn, world);
  one.instance = instance;
  if (events.length > 0) one.events.push(...events);
  for (const part of parts) {
    const content = checkIn.inventories[part];
    const inventory = { instance: instance.id, reporter: reporterOf(checkIn.door), part, content };
    if (content !== undefined) (one.inventories ??= []).push(inventory);
  }
  if (checkIn.metrics && one.metrics) takeMetrics(one, one.metrics, checkIn, world);
}

/** A set replaces the current set; the history keeps what it said before. */
function takeMetrics(
  one: Touched,
  metrics: NonNullable<Touched['metrics']>,
  checkIn: CheckIn,
  world: World,
): void {
  const reported = checkIn.metrics!;
  const at = Math.max(world.now, one.instance.lastEventAt);
  const change = detectMetricChanges(metrics.current, reported, at, checkIn.door);
  one.metrics = { ...metrics, current: reported, at };
  if (change.events.length === 0) return;
  one.events.push(...change.events);
  one.instance = { ...one.instance, lastEventAt: at, revision: one.instance.revision + 1 };
}
