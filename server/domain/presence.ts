import type { Instance, Span, Time } from './model.ts';

const second = 1000;
const minute = 60 * second;

/** Silence that is still in order when nothing is promised: both stock clients speak at least every four hours. */
export const usualSilence: Time = 4.5 * 60 * minute;

/** Milliseconds of silence after which an instance is late. `nextWithin`: its promise in seconds, null for none. */
export function lateAfter(nextWithin: number | null): Time {
  if (nextWithin === null) return usualSilence;
  return Math.max(minute, 1.125 * nextWithin * second);
}

/**
 * Milliseconds of silence after which an instance is inactive: the setting (milliseconds),
 * or ten times its promise (seconds), but at least 15 minutes, where that is sooner.
 */
export function inactiveAfter(nextWithin: number | null, setting: Time): Time {
  if (nextWithin === null) return setting;
  return Math.min(setting, Math.max(15 * minute, 10 * nextWithin * second));
}

/**
 * The moment at which a line of silence was crossed, or null while it is not: the heard silence
 * reached `limit`, and if we began to hear only after the last check-in, we have listened for `grace` since.
 * Silence counts only inside `ears` (oldest first): what we could not hear is nobody's fault but ours.
 */
export function crossing(
  lastCheckInAt: Time,
  limit: Time,
  grace: Time,
  ears: readonly Span[],
): Time | null {
  let heard = 0;
  for (let index = firstEndingAfter(ears, lastCheckInAt); index < ears.length; index++) {
    const span = ears[index];
    if (span === undefined) break;
    const start = Math.max(span.from, lastCheckInAt);
    const earliest = span.from > lastCheckInAt ? span.from + grace : start;
    const at = Math.max(start + limit - heard, earliest);
    if (at < span.to) return at;
    heard += span.to - start;
  }
  return null;
}

/** Spans are many and the last check-in is recent: search from the end. */
function firstEndingAfter(ears: readonly Span[], at: Time): number {
  let index = ears.length;
  while (index > 0 && (ears[index - 1] as Span).to > at) index--;
  return index;
}

type Silent = Pick<Instance, 'lastCheckInAt' | 'nextWithin' | 'airGap' | 'refusal' | 'archivedAt'>;

/**
 * The moment at which an instance was or will be late if it stays silent and we go on listening.
 * Null for those that never are: air gap, refused and archived ones.
 */
export function lateAt(instance: Silent, ears: readonly Span[]): Time | null {
  if (instance.airGap || instance.refusal !== null || instance.archivedAt !== null) return null;
  const limit = lateAfter(instance.nextWithin);
  return crossing(instance.lastCheckInAt, limit, limit, listeningOn(ears, instance.lastCheckInAt));
}

function listeningOn(ears: readonly Span[], since: Time): Span[] {
  const last = ears.at(-1);
  if (last === undefined) return [{ from: since, to: Infinity }];
  return [...ears.slice(0, -1), { from: last.from, to: Infinity }];
}

/**
 * The moment at which an instance turned inactive for want of a check-in, or null, whatever else holds of it:
 * for archived ones, which are not marked inactive, it is where what is known of them ends.
 */
export function silentAt(
  instance: Pick<Instance, 'lastCheckInAt' | 'nextWithin'>,
  setting: Time,
  ears: readonly Span[],
): Time | null {
  const { lastCheckInAt, nextWithin } = instance;
  return crossing(lastCheckInAt, inactiveAfter(nextWithin, setting), lateAfter(nextWithin), ears);
}

/** Stretches of [from, to) between two spans of hearing. Before the first span there was no Rollcall, so nothing. */
export function deafStretches(ears: readonly Span[], from: Time, to: Time): Span[] {
  const stretches: Span[] = [];
  for (let index = ears.length - 1; index > 0; index--) {
    const before = ears[index - 1] as Span;
    const after = ears[index] as Span;
    if (after.from <= from) break;
    const stretch = { from: Math.max(before.to, from), to: Math.min(after.from, to) };
    if (stretch.from < stretch.to) stretches.push(stretch);
  }
  return stretches.reverse();
}
