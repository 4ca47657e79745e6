import { type InstanceScript, type Said, day, hour, minute } from './model.ts';
import { type Moment, type Stretch, planGaps, planMoments } from './plot.ts';
import type { Random } from './random.ts';
import { createOpening } from './said.ts';

/** One report of the past: when, and what it says; what it leaves out is as before. */
export interface HistoryReport {
  at: number;
  says: Partial<Said>;
}

export interface History {
  /** Oldest first. */
  reports: HistoryReport[];
  /** What the instance would say at the end of it: where its live life begins. */
  said: Said;
}

/** The plain door takes that many reports at once, and a history is told in one request. */
export const mostReports = 1000;

/** Ninety days of one instance up to `now`; the same script, moment and chance tell the same. */
export function writeHistory(script: InstanceScript, now: number, random: Random): History {
  const until = script.voice === 'airgap' ? now - random.between(0.5, 5) * day : now - 5_000;
  const opening = createOpening(script, script.installedAt, now, random);
  const gaps = planGaps(script, now, random);
  const moments = planMoments(script, opening, until, now, random);
  return report(script, opening, moments, gaps, until, random);
}

/** Turns what happened into what was reported: every four hours and at each change, except while silent. */
function report(
  script: InstanceScript,
  opening: Said,
  moments: Moment[],
  gaps: Stretch[],
  until: number,
  random: Random,
): History {
  const ticks: Moment[] = [];
  for (let at = script.installedAt; at < until; at += 4 * hour + random.between(-4, 4) * minute) {
    // A lost report now and then: the SDK does not repeat it.
    if (at === script.installedAt || !random.chance(0.03)) ticks.push({ at, patch: {} });
  }
  ticks.push({ at: until, patch: {} });
  const silent = (at: number): boolean =>
    gaps.some((gap) => at > gap.from && at < gap.to && at !== until);
  const reports: HistoryReport[] = [];
  let said = opening;
  let untold: Partial<Said> = opening;
  for (const moment of [...ticks, ...moments].sort((left, right) => left.at - right.at)) {
    const changes = differences(said, moment.patch);
    const changed = Object.keys(changes).length > 0;
    if (Object.keys(moment.patch).length > 0 && !changed) continue;
    said = { ...said, ...changes };
    untold = { ...untold, ...changes };
    if (silent(moment.at)) continue;
    const at = Math.max(Math.round(moment.at), (reports.at(-1)?.at ?? 0) + 1000);
    reports.push({ at, says: { status: said.status, ...untold } });
    untold = {};
  }
  return { reports: reports.slice(-mostReports), said };
}

function differences(said: Said, patch: Partial<Said>): Partial<Said> {
  const kept = Object.entries(patch).filter(
    ([key, value]) => JSON.stringify(said[key as keyof Said]) !== JSON.stringify(value),
  );
  return Object.fromEntries(kept) as Partial<Said>;
}
