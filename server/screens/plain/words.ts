import type { Attention } from '#contract/status.ts';

/** A shape, a word and a tone for each, so that none depends on its colour. */
export const marks: Record<Attention, { mark: string; word: string; tone: string }> = {
  unavailable: { mark: '✕', word: 'Unavailable', tone: 'bad' },
  missing: { mark: '✕', word: 'Missing', tone: 'bad' },
  degraded: { mark: '▲', word: 'Degraded', tone: 'warn' },
  refused: { mark: '⊘', word: 'Refused', tone: 'warn' },
  late: { mark: '?', word: 'Late', tone: 'warn' },
  updating: { mark: '↻', word: 'Updating', tone: 'quiet' },
  unreported: { mark: '?', word: 'No status reported', tone: 'quiet' },
  inactive: { mark: '?', word: 'Inactive', tone: 'quiet' },
  ready: { mark: '✓', word: 'Ready', tone: 'good' },
};

/** Whole units, the largest of which there is one: "3 h". */
export function describeAge(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
  ] as const)
    if (seconds >= length) return `${Math.floor(seconds / length)} ${unit}`;
  return `${seconds} s`;
}

/** By the clock of a zone: "24 Nov 2026, 13:45:10 UTC". */
export function describeMoment(at: number, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'long',
    timeZone: zone,
  }).format(at);
}
