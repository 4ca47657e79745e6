import type { Reply } from './wire.ts';

export interface Totals {
  sent: number;
  accepted: number;
  /** Answered, but not with success; by status. */
  refused: Record<number, number>;
  /** Not answered at all. */
  lost: number;
  /** Milliseconds; null: nothing was answered. */
  p50: number | null;
  p99: number | null;
}

/** Counts replies, over the whole run and since the last look. */
export interface Tally {
  count(reply: Reply): void;
  /** What came since the last call of this. */
  recent(): Totals;
  total(): Totals;
}

/** Latencies are kept in steps of 5 % up to 100 s: as exact as a report needs, and never more than 250 numbers. */
const step = Math.log(1.05);
const slot = (milliseconds: number): number =>
  Math.min(249, Math.max(0, Math.ceil(Math.log(Math.max(0.5, milliseconds) / 0.5) / step)));

interface Part {
  refused: Map<number, number>;
  sent: number;
  accepted: number;
  lost: number;
  slots: Uint32Array;
}

const empty = (): Part => ({
  refused: new Map(),
  sent: 0,
  accepted: 0,
  lost: 0,
  slots: new Uint32Array(250),
});

function quantile({ slots }: Part, share: number): number | null {
  const count = slots.reduce((sum, value) => sum + value, 0);
  if (count === 0) return null;
  let seen = 0;
  const index = slots.findIndex((value) => (seen += value) >= count * share);
  return 0.5 * Math.exp(index * step);
}

function summarise(part: Part): Totals {
  const { sent, accepted, lost, refused } = part;
  return {
    sent,
    accepted,
    lost,
    refused: Object.fromEntries(refused),
    p50: quantile(part, 0.5),
    p99: quantile(part, 0.99),
  };
}

function add(part: Part, { status, milliseconds }: Reply): void {
  part.sent += 1;
  if (status === 0) {
    part.lost += 1;
    return;
  }
  part.slots[slot(milliseconds)]! += 1;
  if (status >= 200 && status < 300) part.accepted += 1;
  else part.refused.set(status, (part.refused.get(status) ?? 0) + 1);
}

export function createTally(): Tally {
  const whole = empty();
  let part = empty();
  return {
    count: (reply) => {
      add(whole, reply);
      add(part, reply);
    },
    recent: () => {
      const totals = summarise(part);
      part = empty();
      return totals;
    },
    total: () => summarise(whole),
  };
}

/** `sent 312, accepted 309, refused 3 (403: 3), p50 4 ms, p99 21 ms` */
export function describeTotals({ sent, accepted, refused, lost, p50, p99 }: Totals): string {
  const statuses = Object.entries(refused);
  const sum = statuses.reduce((total, [, count]) => total + count, 0);
  const why =
    statuses.length > 0
      ? ` (${statuses.map(([code, count]) => `${code}: ${count}`).join(', ')})`
      : '';
  const time = (value: number | null): string =>
    value === null ? '–' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
  const unanswered = lost > 0 ? `, no answer ${lost}` : '';
  return `sent ${sent}, accepted ${accepted}, refused ${sum}${why}${unanswered}, p50 ${time(p50)}, p99 ${time(p99)}`;
}
