import type { StatusValue } from '#contract/status.ts';
import type { Span } from '#domain/model.ts';
import type { Totals } from '#domain/uptime.ts';
import { second } from './build.ts';

/** What one report said, at a whole second. */
export interface Said {
  at: number;
  status: StatusValue | null;
}

export interface Rules {
  /** Seconds of heard silence to inactivity, and of listening after a start before we tell. */
  inactive: number;
  grace: number;
  /** Spans of listening and how far they go, in seconds. */
  ears: Span[];
  now: number;
}

/**
 * The semantics, second by second and the dumb way: for every second of 0…now the status that is known, or null.
 * Reports are sorted; nothing here shares a line with the domain.
 */
export function knownPerSecond(reports: Said[], rules: Rules): (StatusValue | null)[] {
  const known: (StatusValue | null)[] = new Array<StatusValue | null>(rules.now).fill(null);
  const hears = new Array<boolean>(rules.now).fill(false);
  for (const { from, to } of rules.ears) {
    for (let at = Math.max(0, from); at < Math.min(to, rules.now); at++) hears[at] = true;
  }
  const firstHeard = hears.indexOf(true);
  let next = 0;
  let status: StatusValue | null = null;
  let heardSilence = 0;
  let listeningSince = -Infinity;
  let deafSinceReport = false;
  let inactive = false;
  let pending: number[] = [];
  for (let at = 0; at < rules.now; at++) {
    for (; next < reports.length && (reports[next] as Said).at <= at; next++) {
      const report = reports[next] as Said;
      if (report.status !== null) {
        // The deaf stretch is bridged by a report that names the same status, and only by that.
        if (report.status === status) for (const it of pending) known[it] = status;
        pending = [];
        status = report.status;
      }
      heardSilence = 0;
      deafSinceReport = false;
      inactive = false;
    }
    if (hears[at] === true && hears[at - 1] !== true) listeningSince = at;
    const listened = deafSinceReport ? at - listeningSince >= rules.grace : true;
    if (hears[at] === true && heardSilence >= rules.inactive && listened && !inactive) {
      inactive = true;
      pending = [];
    }
    if (!inactive && status !== null) {
      if (hears[at] === true || at < firstHeard) known[at] = status;
      else pending.push(at);
    }
    if (hears[at] === true) heardSilence++;
    else deafSinceReport = true;
  }
  return known;
}

const states: Record<StatusValue, keyof Totals | null> = {
  ready: 'up',
  updating: 'up',
  degraded: 'degraded',
  missing: 'down',
  unavailable: 'down',
  unmonitored: null,
};

/** Known milliseconds between neighbouring edges (seconds). */
export function totalsPerBucket(known: (StatusValue | null)[], edges: number[]): Totals[] {
  return edges.slice(1).map((to, index) => {
    const totals: Totals = { up: 0, degraded: 0, down: 0 };
    for (let at = Math.max(0, edges[index] as number); at < Math.min(to, known.length); at++) {
      const status = known[at] ?? null;
      const state = status === null ? null : states[status];
      if (state !== null) totals[state] += second;
    }
    return totals;
  });
}
