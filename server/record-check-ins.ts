import type { Db } from '#db/client.ts';
import type { CheckIn } from '#domain/model.ts';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Ears } from './ears.ts';
import { AppError } from './errors.ts';
import { createGroupCommit } from './group-commit.ts';
import type { KnownReleases } from './known-releases.ts';
import type { Change } from './live/publisher.ts';
import { openShortWay } from './record-from-memory.ts';
import { recordUnderLock } from './record-under-lock.ts';
import { createRecorderMemory, type RecorderMemory } from './recorder-memory.ts';

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
  /** One connection, on which statements follow one another unasked. Default: any of `db`. */
  line?: Db;
  config: Pick<Config, 'inactiveAfter' | 'queueLimit' | 'zone'>;
  ears: Pick<Ears, 'spans'>;
  releases: Pick<KnownReleases, 'of' | 'version' | 'refresh'>;
  /** Whether a license may bring one more instance that was never seen; else seconds to wait. */
  admitNewInstance: (licenseId: string) => { ok: true } | { ok: false; retryAfter: number };
  /** Default: memory of its own. */
  memory?: RecorderMemory;
  /** Called after the commit; must not throw. */
  publish: (change: Change) => void;
  /** Told of each transaction: the check-ins it held, and the seconds until its commit. */
  committed?: (checkIns: number, seconds: number) => void;
  log: Logger;
}

export type Outcome = Recorded | AppError;

/** The spine: every report of every door goes through here, many in one transaction. */
export function createRecorder(deps: RecorderDeps): Recorder {
  const memory = deps.memory ?? createRecorderMemory();
  const fromMemory = openShortWay(memory, deps);

  async function underLock(reports: Report[]) {
    const { remember, ...recorded } = await deps.db.transaction((tx) =>
      recordUnderLock(tx, reports, memory, deps),
    );
    remember();
    return recorded;
  }

  const commit = createGroupCommit<Report, Outcome, 'short' | 'long'>({
    limit: 500,
    queueLimit: deps.config.queueLimit,
    weight: (report) => report.checkIns.length,
    // One that takes the long way need not take the others along.
    laneOf: (report) => (fromMemory.mayTake(report) ? 'short' : 'long'),
    keysOf: (report) => report.checkIns.map(({ instanceId }) => instanceId),
    async run(reports, lane) {
      const begun = performance.now();
      const recorded = lane === 'short' ? await fromMemory.record(reports) : null;
      const { outcomes, change } = recorded ?? (await underLock(reports));
      const checkIns = reports.reduce((sum, report) => sum + report.checkIns.length, 0);
      deps.committed?.(checkIns, (performance.now() - begun) / 1000);
      deps.publish(change);
      return outcomes;
    },
    log: deps.log,
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
