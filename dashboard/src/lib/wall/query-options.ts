import { type WallOptions, wallDensities, wallThemes } from '#contract/wall.ts';

/**
 * The options of a screen with those of the page's own address over them, for sticks that can be typed at only once:
 * `theme`, `cols`, `tz`, `rotate`, `density`. What cannot be read is left as the screen has it. Pure.
 */
export function withQuery(options: WallOptions, query: Pick<URLSearchParams, 'get'>): WallOptions {
  const theme = wallThemes.find((name) => name === query.get('theme')) ?? options.theme;
  const density = wallDensities.find((name) => name === query.get('density')) ?? options.density;
  const cols = readNumber(query.get('cols'), 1, 60) ?? options.cols;
  const rotate = readNumber(query.get('rotate'), 5, 3600) ?? options.rotate;
  const tz = readZone(query.get('tz')) ?? options.tz;
  return { ...options, theme, density, cols, rotate, tz };
}

function readNumber(text: string | null, least: number, most: number): number | null {
  if (text === null || !/^\d{1,4}$/.test(text)) return null;
  const value = Number(text);
  return value >= least && value <= most ? value : null;
}

function readZone(text: string | null): string | null {
  if (text === null || text === '') return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** For people who look without a screen. */
export const plainOptions: WallOptions = {
  mode: 'instances',
  theme: 'auto',
  density: 'auto',
  rotate: 20,
  sound: false,
  night: null,
  tz: null,
  cols: null,
};
