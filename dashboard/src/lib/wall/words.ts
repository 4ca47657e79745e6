import type { Attention } from '#contract/status.ts';
import type { Millis, WallTransition } from '#contract/wall.ts';
import { formatDuration } from '../format/time.ts';
import { attentionWords } from '../words.ts';

/** How long in its state: "12 min"; below a minute seconds would only flicker. */
export function sayAge(since: Millis | null, now: Millis): string {
  if (since === null) return '';
  return now - since < 60_000 ? '< 1 min' : formatDuration(now - since);
}

/** The age of a moment, to the second where it is young: "12 s". */
export const sayExactAge = (at: Millis, now: Millis): string => formatDuration(now - at);

type End = WallTransition['from'];

/** The word for one end of a transition. */
export function sayEnd(end: End): string {
  if (end === null) return 'No status';
  if (end === 'unmonitored') return 'Not monitored';
  if (end === 'active') return 'Active';
  return attentionWords[end];
}

/** The shape that goes with it; none where nothing is known. */
export function shapeOfEnd(end: End): Attention {
  if (end === null || end === 'active') return 'unreported';
  return end === 'unmonitored' ? 'ready' : end;
}

/** "Geeglo · prod": of whom it speaks. */
export const sayWho = ({ customer, customerName, label }: WallTransition): string =>
  `${customerName ?? `Customer ${customer}`} · ${label}`;
