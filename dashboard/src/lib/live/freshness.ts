/** Milliseconds without a good word from the server after which a page says so, and after which it cries out. */
export const amberAfter = 15_000;
export const alarmAfter = 30_000;

export interface Freshness {
  level: 'connecting' | 'fresh' | 'amber' | 'alarm';
  /** Milliseconds by the server's clock: until when what is on screen was vouched for; null: never yet. */
  since: number | null;
  /** Why it is not vouched for, when that is known: one sentence without its full stop. */
  reason: string | null;
}

export interface FreshnessInput {
  /** Milliseconds since the server last vouched for what it sends (a good beat); null: never yet. */
  sinceGoodBeat: number | null;
  /** Milliseconds since the page opened its connection. */
  sinceStart: number;
  /** The last beat's own words, if it was not a good one. */
  badBeat: string | null;
  /** Milliseconds for which something on the page waits to be fetched again; null: all is as the messages say. */
  behindFor: number | null;
  /** This machine was asleep, or its clock was set, and the server has not told the time since. */
  isUnproven: boolean;
  /** The server's present in milliseconds. */
  serverNow: number;
}

/** How current the page is. Pure. Data older than `alarmAfter` is never shown as if it were current. */
export function judgeFreshness(input: FreshnessInput): Freshness {
  const { sinceGoodBeat, behindFor, badBeat } = input;
  const reason = badBeat?.replace(/\.$/, '') ?? null;
  if (sinceGoodBeat === null) {
    const level = levelAfter(input.sinceStart);
    return { level: level === 'fresh' ? 'connecting' : level, since: null, reason };
  }
  const silence = Math.max(sinceGoodBeat, behindFor ?? 0);
  const level = input.isUnproven ? doubt(levelAfter(silence)) : levelAfter(silence);
  const since = input.serverNow - silence;
  if (level === 'fresh') return { level, since, reason: null };
  const behind = 'The server answers, but this page could not be read again';
  if (input.isUnproven && silence < amberAfter) return { level, since, reason: reason ?? asleep };
  return { level, since, reason: reason ?? (sinceGoodBeat < amberAfter ? behind : null) };
}

const asleep = 'This machine was asleep, or its clock was set';

const doubt = (level: 'fresh' | 'amber' | 'alarm') => (level === 'fresh' ? 'amber' : level);

function levelAfter(silence: number): 'fresh' | 'amber' | 'alarm' {
  if (silence >= alarmAfter) return 'alarm';
  return silence >= amberAfter ? 'amber' : 'fresh';
}
