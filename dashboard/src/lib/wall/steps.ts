import type { CellRule } from './grid.ts';

/** How much one thing on the wall is given, the most first. */
export const steps = ['bars', 'tiles', 'dots', 'counts'] as const;
export type Step = (typeof steps)[number];

/** All in pixels of a screen of 1920×1080; others scale them. */
export const keyText = 40;
/** The least for what repeats or explains what the key text says. */
export const quietText = 22;

export const rules: Record<Step | 'problem' | 'roomy' | 'roomyBars', CellRule> = {
  bars: { minWidth: 196, minHeight: 100, gap: 10, aspect: 2 },
  tiles: { minWidth: 124, minHeight: 32, gap: 4, aspect: 3.6 },
  dots: { minWidth: 16, minHeight: 16, gap: 4, aspect: 1 },
  /** A customer with its counts. */
  counts: { minWidth: 300, minHeight: 100, gap: 10, aspect: 2.6 },
  /** Pinned: its name and its state are key text. */
  problem: { minWidth: 430, minHeight: 116, gap: 10, aspect: 3.2 },
  /** So large that every tile's name is key text, and problems need no room of their own. */
  roomy: { minWidth: 440, minHeight: 120, gap: 12, aspect: 2.4 },
  roomyBars: { minWidth: 440, minHeight: 168, gap: 12, aspect: 2 },
};

/** Text sizes of one kind of cell, in pixels. */
export interface TileText {
  name: number;
  /** The word for its state, and for how long. */
  word: number;
  /** Lines of text; one: only the name. */
  lines: 1 | 2;
  /** Height of uptime bars; 0: none. */
  bars: number;
  pad: number;
}

const clamp = (value: number, least: number, most: number) =>
  Math.floor(Math.min(most, Math.max(least, value)));
/** Line height, as a multiple of the text. */
const line = 1.2;

/**
 * Text that fits a cell. Pure.
 * @param key its text is key text
 * @param scale of the screen, against 1920×1080
 */
export function sizeText(
  kind: Step | 'problem',
  cell: { width: number; height: number },
  scale: number,
  key: boolean,
): TileText {
  const { width, height } = cell;
  const most = 120 * scale;
  const pad = clamp(Math.min(width, height) * 0.08, 2, 28 * scale);
  const room = height - 2 * pad;
  // Key text is never cut down to a fraction of a pixel below its promise.
  const least = Math.ceil((key ? keyText : quietText) * scale);
  if (kind === 'dots') return { name: 0, word: 0, lines: 1, bars: 0, pad: 0 };
  const hasBars = kind === 'bars';
  const share = hasBars ? 0.4 : 0.5;
  // A name of a dozen letters beside its shape; "Unavailable" and how long beside it.
  const wide = width - 2.5 * pad;
  const name = clamp(Math.min((room * share) / line, wide / (key ? 8.4 : 7)), least, most);
  const word = key
    ? clamp(Math.min(name * 0.85, wide / 10), least, most)
    : clamp(name * 0.8, Math.ceil(quietText * scale * 0.9), most);
  const both = Math.ceil(name * line) + Math.ceil(word * line);
  if (both > room) {
    // What a narrow cell cannot hold of a name is left out; its size stays as promised, to the fraction of a pixel.
    const only = Math.max(1, Math.min(room / line, Math.max(width / 5.4, least), most));
    return { name: only, word, lines: 1, bars: 0, pad };
  }
  const rest = room - both - 10 * scale;
  const bars = hasBars && rest >= 16 * scale ? Math.floor(Math.min(rest, 220 * scale)) : 0;
  return { name, word, lines: 2, bars, pad };
}
