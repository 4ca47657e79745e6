import { isTooFarAhead } from '#domain/air-gap.ts';
import { newInstance } from '#domain/changes.ts';
import type { Instance } from '#domain/model.ts';
import { AppError } from './errors.ts';
import type { RecorderDeps, Report } from './record-check-ins.ts';
import { keyOf } from './recorder-memory.ts';
import type { Touched } from './save-fold.ts';
import { insertInstances, lockInstances, type Tx } from './store/instances.ts';
import type { LockedLicensee } from './store/licensees.ts';
import { readMetrics } from './store/parts.ts';

/** What is to become of one report, before its instances are looked at. */
export interface Verdict {
  report: Report;
  licensee: LockedLicensee | null;
  refusal: 'license expired' | 'customer archived' | null;
  error: AppError | null;
}

/** Whether the license may report at all, and with what words it is refused. */
export function judge(report: Report, licensee: LockedLicensee | undefined, now: number): Verdict {
  if (!licensee) {
    const error = new AppError('unauthorized', 'The license is unknown.');
    return { report, licensee: null, refusal: null, error };
  }
  if (licensee.archived) {
    const error = new AppError('forbidden', 'The customer of this license is archived.');
    return { report, licensee, refusal: 'customer archived', error };
  }
  if (licensee.expiresAt !== null && licensee.expiresAt <= now) {
    const error = new AppError('forbidden', 'The license has expired.');
    return { report, licensee, refusal: 'license expired', error };
  }
  return { report, licensee, refusal: null, error: null };
}

export const namedInstances = ({ licenseId, checkIns }: Report) =>
  checkIns.map(({ instanceId }) => ({ licenseId, instanceId }));

/**
 * Every instance that the reports name: the known ones, and those that are new and admitted, stored and locked; with their current metrics where
 * reports bring some.
 */
export async function openInstances(
  tx: Tx,
  judged: Verdict[],
  known: Instance[],
  now: number,
  admitNewInstance: RecorderDeps['admitNewInstance'],
): Promise<Map<string, Touched>> {
  const touched = new Map<string, Touched>();
  const adopt = (instances: Instance[], isNew: boolean) => {
    for (const instance of instances) {
      const key = keyOf(instance.customerId, instance.instanceId);
      if (!touched.has(key))
        touched.set(key, { before: isNew ? null : instance, instance, events: [] });
    }
  };
  adopt(known, false);
  const fresh = new Map<string, Instance>();
  for (const verdict of judged) admit(verdict, { touched, fresh, now, admitNewInstance });
  if (fresh.size > 0) {
    await insertInstances(tx, [...fresh.values()]);
    adopt(await lockInstances(tx, [...fresh.values()]), true);
  }
  await readCurrentMetrics(tx, judged, touched);
  return touched;
}

/** Notes the instances of one report that were never seen, or refuses the report where there are too many. */
function admit(
  verdict: Verdict,
  into: {
    touched: Map<string, Touched>;
    fresh: Map<string, Instance>;
    now: number;
    admitNewInstance: RecorderDeps['admitNewInstance'];
  },
): void {
  if (verdict.error || !verdict.licensee) return;
  const { customerId, licenseId } = verdict.licensee;
  let mine: Map<string, Instance> | null = null;
  for (const checkIn of verdict.report.checkIns) {
    const key = keyOf(customerId, checkIn.instanceId);
    if (into.touched.has(key) || into.fresh.has(key) || mine?.has(key)) continue;
    if (checkIn.reportedAt !== null && isTooFarAhead(checkIn.reportedAt, into.now)) continue;
    const answer = into.admitNewInstance(licenseId);
    if (!answer.ok) {
      verdict.error = new AppError(
        'too_many',
        'Too many new instances for this license; try again later.',
        {
          retryAfter: answer.retryAfter,
        },
      );
      return;
    }
    const at = checkIn.reportedAt ?? into.now;
    mine ??= new Map();
    mine.set(key, newInstance(customerId, checkIn.instanceId, at, checkIn.reportedAt !== null));
  }
  for (const [key, instance] of mine ?? []) into.fresh.set(key, instance);
}

async function readCurrentMetrics(tx: Tx, judged: Verdict[], touched: Map<string, Touched>) {
  const wanted = new Map<number, Touched>();
  for (const { report, licensee, error } of judged) {
    if (!licensee || error) continue;
    for (const checkIn of report.checkIns) {
      const one = touched.get(keyOf(licensee.customerId, checkIn.instanceId));
      if (one && checkIn.metrics) wanted.set(one.instance.id, one);
    }
  }
  if (wanted.size === 0) return;
  const current = await readMetrics(tx, [...wanted.keys()]);
  for (const [id, one] of wanted) {
    const stored = current.get(id) ?? {};
    one.metrics = { stored, current: stored, at: 0 };
  }
}
