import { fieldEvent } from './events.ts';
import type { InstanceEvent, Time } from './model.ts';

/** The calls by which KOTS tells how its installation goes, and what each comes to. */
export const installSteps = {
  start_install: 'started',
  fail_install: 'failed',
  finish_install: 'finished',
} as const;
export type InstallCall = keyof typeof installSteps;

/** One such report. Nobody has vouched for it. */
export interface InstallReport {
  call: InstallCall;
  cause: string | null;
  receivedAt: Time;
}

/** Longest cause in an event; the whole of it stays with the report. */
const causeLimit = 500;

/** What a report says, as it stands in the activity. */
export function describeInstallStep({
  call,
  cause,
}: Pick<InstallReport, 'call' | 'cause'>): string {
  const step = installSteps[call];
  if (call !== 'fail_install' || cause === null || cause === '') return step;
  const short = cause.length > causeLimit ? `${cause.slice(0, causeLimit)}…` : cause;
  return `${step}: ${short.toWellFormed()}`;
}

/**
 * The event of an unverified report, at the moment it was received.
 * @param before the report before it of the same installation
 */
export function installEvent(
  report: InstallReport,
  before: Pick<InstallReport, 'call' | 'cause'> | null,
): InstanceEvent {
  const was = before && describeInstallStep(before);
  return fieldEvent(
    'installProgress',
    report.receivedAt,
    was,
    describeInstallStep(report),
    'unverified',
  );
}
