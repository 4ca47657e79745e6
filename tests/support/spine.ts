import { pino } from 'pino';
import type { Db } from '#db/client.ts';
import type { Facts, CheckIn, Span } from '#domain/model.ts';
import { type Ears, openEars } from '#server/ears.ts';
import { type KnownReleases, loadKnownReleases } from '#server/known-releases.ts';
import type { Change } from '#server/live/publisher.ts';
import { createRecorder, type Recorder } from '#server/record-check-ins.ts';
import type { RecorderMemory } from '#server/recorder-memory.ts';
import { sweep } from '#server/sweeper.ts';

export const silentLog = pino({ level: 'silent' });

export interface Spine {
  recorder: Recorder;
  /** What was published, in order. */
  changes: Change[];
  ears: Pick<Ears, 'spans'>;
  releases: KnownReleases;
  sweep(): Promise<number>;
  close(): Promise<void>;
}

/** The real spine over a real database, with what it publishes kept for a look. */
export async function openSpine(
  db: Db,
  options: {
    zone?: string;
    inactiveAfter?: number;
    newInstances?: number;
    hearing?: Span[];
    memory?: RecorderMemory;
  } = {},
): Promise<Spine> {
  const ears = await openEars(db, silentLog);
  const heard = options.hearing ? { spans: () => options.hearing! } : ears;
  const releases = await loadKnownReleases(db);
  const changes: Change[] = [];
  const publish = (change: Change) => void changes.push(change);
  const config = {
    inactiveAfter: options.inactiveAfter ?? 24 * 3_600_000,
    queueLimit: 5000,
    zone: options.zone ?? 'UTC',
  };
  let left = options.newInstances ?? 100_000;
  const recorder = createRecorder({
    db,
    config,
    ears: heard,
    releases,
    admitNewInstance: () => (left-- > 0 ? { ok: true } : { ok: false, retryAfter: 60 }),
    publish,
    memory: options.memory,
    log: silentLog,
  });
  const closeDays = () => Promise.resolve(0);
  return {
    recorder,
    changes,
    ears: heard,
    releases,
    sweep: () => sweep({ db, config, ears: heard, publish, closeDays, log: silentLog }),
    async close() {
      await recorder.close();
      await ears.close();
    },
  };
}

/** A live check-in by the plain door, saying only what is given. */
export function said(instanceId: string, facts: Facts = {}, more: Partial<CheckIn> = {}): CheckIn {
  return {
    instanceId,
    door: 'api',
    reportedAt: null,
    facts,
    inventories: {},
    tags: null,
    metrics: null,
    nextWithin: null,
    ...more,
  };
}
