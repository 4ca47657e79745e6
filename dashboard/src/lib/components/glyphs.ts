import type { Attention } from '#contract/status.ts';

/**
 * One stroke of a glyph, in a box of 16 × 16: `fill` is filled, `round` filled with round corners, `line` drawn, and `cut`
 * drawn in the colour of what lies below it.
 */
export interface Stroke {
  kind: 'fill' | 'round' | 'line' | 'cut';
  d: string;
  dashes?: string;
}

const circle = (r: number) => `M${8 - r} 8a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;

/** Each kind has its own outline, so that no word depends on its colour. */
export const glyphs: Record<Attention, Stroke[]> = {
  ready: [
    { kind: 'fill', d: circle(7) },
    { kind: 'cut', d: 'm4.8 8.3 2.2 2.2 4.2-4.6' },
  ],
  updating: [
    { kind: 'line', d: 'M13.6 6.2A6 6 0 0 0 3 4.6M2.4 9.8A6 6 0 0 0 13 11.4' },
    { kind: 'line', d: 'M2.9 1.6v3.2h3.2M13.1 14.4v-3.2H9.9' },
  ],
  degraded: [
    { kind: 'round', d: 'M8 1.2 15.2 14H.8z' },
    { kind: 'cut', d: 'M8 6v3.6M8 11.9v.1' },
  ],
  unavailable: [
    { kind: 'fill', d: 'M5 .9h6L15.1 5v6L11 15.1H5L.9 11V5z' },
    { kind: 'cut', d: 'm5.4 5.4 5.2 5.2m0-5.2-5.2 5.2' },
  ],
  missing: [
    { kind: 'line', d: 'M8 1 15 8l-7 7-7-7z', dashes: '3.2 2' },
    { kind: 'line', d: 'M8 5.4v3.2M8 10.7v.1' },
  ],
  refused: [
    { kind: 'line', d: circle(6.2) },
    { kind: 'line', d: 'm3.8 12.2 8.4-8.4' },
  ],
  late: [
    { kind: 'line', d: circle(6.2) },
    { kind: 'line', d: 'M8 4.4V8l2.6 1.7' },
  ],
  inactive: [{ kind: 'line', d: 'M13.6 9.9A6.2 6.2 0 0 1 6.1 2.4a6.2 6.2 0 1 0 7.5 7.5z' }],
  unreported: [{ kind: 'line', d: circle(6.2), dashes: '1.6 2.3' }],
};
