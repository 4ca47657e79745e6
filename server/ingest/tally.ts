import { AppError } from '#server/errors.ts';
import type { Recorder } from '#server/record-check-ins.ts';

/** Hears what became of reports. */
export interface Tally {
  accepted(door: string, checkIns: number): void;
  refused(reason: string, times?: number): void;
}

/** The error's code; `internal` for what was nobody's refusal. */
export const reasonOf = (error: unknown): string =>
  error instanceof AppError ? error.code : 'internal';

/** The recorder, with what it takes counted. What it refuses whole is counted by the door, which sees all refusals. */
export function countRecorded(
  recorder: Pick<Recorder, 'record' | 'requireRoom'>,
  tally: Tally,
): Pick<Recorder, 'record' | 'requireRoom'> {
  return {
    requireRoom: () => recorder.requireRoom(),
    record: (report) =>
      recorder.record(report).then((outcome) => {
        if (outcome.recorded > 0) tally.accepted(report.checkIns[0]!.door, outcome.recorded);
        if (outcome.refused.length > 0) tally.refused('future', outcome.refused.length);
        return outcome;
      }),
  };
}
