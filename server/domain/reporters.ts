import { settleCloud } from './named-cloud.ts';
import { crossing, lateAfter, usualSilence } from './presence.ts';
import type { FactTable } from './said.ts';
import type { Door, FactName, Facts, Instance, Reporter, Time, World } from './model.ts';

/** Software that uses the plain door speaks for itself, as the SDK does. */
export const reporterOf = (door: Door): Reporter => (door === 'kots' ? 'kots' : 'sdk');

export const lastSpoke = (
  instance: Pick<Instance, 'kotsReportedAt' | 'sdkReportedAt'>,
  reporter: Reporter,
): Time | null => (reporter === 'kots' ? instance.kotsReportedAt : instance.sdkReportedAt);

/** What holds when the winner's word counts for every field it has ever reported. */
export function mergeReports(reports: Record<Reporter, Facts>, winner: Reporter): Facts {
  const [louder, other] =
    winner === 'kots' ? [reports.kots, reports.sdk] : [reports.sdk, reports.kots];
  return settleCloud({ ...other, ...louder }, louder, other);
}

export function sameFacts(a: Facts, b: Facts): boolean {
  if (a === b) return true;
  const left: FactTable = a;
  const right: FactTable = b;
  const names = Object.keys(left) as FactName[];
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => left[name] === right[name]);
}

/**
 * The moment at which KOTS had been silent for longer than it may be, so that its word no longer wins; null while
 * it speaks. As everywhere, only silence that we could hear counts.
 */
export function kotsFellSilentAt(
  instance: Pick<Instance, 'kotsReportedAt'>,
  world: Pick<World, 'now' | 'ears'>,
): Time | null {
  const spoke = instance.kotsReportedAt;
  if (spoke === null || world.now - spoke <= usualSilence) return null;
  const at = crossing(spoke, usualSilence, usualSilence, world.ears);
  return at !== null && at < world.now ? at : null;
}

/** Whether the SDK, by its own promise, was still to be believed at that moment. */
export function sdkIsFreshAt(
  at: Time,
  instance: Pick<Instance, 'sdkReportedAt' | 'nextWithin'>,
  world: Pick<World, 'ears'>,
): boolean {
  if (instance.sdkReportedAt === null) return false;
  const limit = lateAfter(instance.nextWithin);
  if (at - instance.sdkReportedAt <= limit) return true;
  const late = crossing(instance.sdkReportedAt, limit, limit, world.ears);
  return late === null || late >= at;
}
