import type { Box, CellRule } from './grid.ts';
import { rules } from './steps.ts';

export type CellRuleName = keyof typeof rules;

export interface Frame {
  scale: number;
  header: Box;
  banner: Box | null;
  board: Box;
  ticker: Box;
}

/** In pixels of a screen of 1920×1080. Against burn-in everything moves by up to 4 px: the edge is never less than 8. */
const edge = 24;
const heights = { header: 132, ticker: 60, banner: 112, gap: 16 };
/** Upright there is less width: the header has two lines more, the ticker one. */
const upright = { header: 320, ticker: 124 };

/** How large things are against a screen of 1920×1080, upright or not. */
export function scaleOf(width: number, height: number): number {
  return Math.min(Math.max(width, height) / 1920, Math.min(width, height) / 1080);
}

/** A rule in the pixels of this screen. */
export function scaled(name: CellRuleName, scale: number): CellRule {
  const { minWidth, minHeight, gap, aspect } = rules[name];
  return {
    minWidth: Math.ceil(minWidth * scale),
    minHeight: Math.ceil(minHeight * scale),
    gap: Math.max(2, Math.round(gap * scale)),
    aspect,
  };
}

/** Header, notice, board and ticker below one another. Pure. */
export function frameOf(width: number, height: number, hasBanner: boolean): Frame {
  const scale = scaleOf(width, height);
  const px = (value: number) => Math.round(value * scale);
  const pad = Math.max(8, px(edge));
  const tall = height > width ? upright : heights;
  const x = pad;
  const wide = Math.floor(width) - 2 * pad;
  const gap = px(heights.gap);
  const header = { x, y: pad, width: wide, height: px(tall.header) };
  const banner = hasBanner
    ? { x: 0, y: header.y + header.height + gap, width, height: px(heights.banner) }
    : null;
  const above = banner ?? header;
  const ticker = {
    x,
    y: Math.floor(height) - pad - px(tall.ticker),
    width: wide,
    height: px(tall.ticker),
  };
  const y = above.y + above.height + gap;
  const board = { x, y, width: wide, height: ticker.y - gap - y };
  return { scale, header, banner, board, ticker };
}
