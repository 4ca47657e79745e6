import type { StatusValue } from '#contract/status.ts';
import type { Time } from './model.ts';
import { barState } from './status.ts';
import { type Totals, addBars } from './uptime.ts';

/** Known time of several instances together as of one moment, and how it goes on from there. */
export interface Standing {
  asOf: Time;
  totals: Totals;
  /** How many of them gain time, by the state that theirs is of. */
  gaining: Totals;
}

/** One instance's part; `known`: it is present, that is neither inactive, refused nor air gap. */
export interface StandingPart {
  totals: Totals;
  status: StatusValue | null;
  known: boolean;
}

export function addStanding(asOf: Time, parts: readonly StandingPart[]): Standing {
  const gaining: Totals = { up: 0, degraded: 0, down: 0 };
  for (const { status, known } of parts) {
    const state = status === null || !known ? null : barState(status);
    if (state !== null) gaining[state] += 1;
  }
  return { asOf, totals: addBars(...parts.map(({ totals }) => totals)), gaining };
}

/** The same sum at `now`, if nothing but time has passed; `now` must not go beyond the end of the window. */
export function growStanding({ asOf, totals, gaining }: Standing, now: Time): Totals {
  const passed = Math.max(0, now - asOf);
  return {
    up: totals.up + gaining.up * passed,
    degraded: totals.degraded + gaining.degraded * passed,
    down: totals.down + gaining.down * passed,
  };
}
