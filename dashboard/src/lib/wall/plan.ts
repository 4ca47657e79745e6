import { type CellRuleName, frameOf, scaled } from './frame.ts';
import { type Box, type Grid, cellsOf, fillGrid, fitGrid, layGrid } from './grid.ts';
import { type Step, type TileText, sizeText, steps } from './steps.ts';

export interface PlanInput {
  /** Pixels. */
  width: number;
  height: number;
  /** Things to show, problems among them. */
  items: number;
  problems: number;
  /** Customers that they belong to. */
  customers: number;
  /** The most that a thing is given. */
  density: Step | 'auto';
  /** Columns of tiles, as a wish. */
  cols: number | null;
  /** Whether the past days of the things are known. */
  bars: boolean;
  /** A full-width notice takes room. */
  banner: boolean;
}

export interface Area {
  grid: Grid;
  text: TileText;
  /** Things in it; where there are `more`, one more cell says so. */
  shown: number;
  more: number;
}

/** Where everything on a wall goes. */
export interface Plan {
  /** Against a screen of 1920×1080. */
  scale: number;
  header: Box;
  banner: Box | null;
  board: Box;
  ticker: Box;
  step: Step;
  /** Pinned on every page; null: there are none, or all tiles are large enough to stand in one grid. */
  problems: Area | null;
  /** Of one page; the first things in it are the problems that are not pinned. */
  rest: Area | null;
  pages: number;
}

type Rest = Pick<Plan, 'step' | 'rest' | 'pages'>;

/** Pinned problems take at most this share of the board, while there is anything else to show. */
const mostPinned = 0.5;

/**
 * The largest tiles that fit without scrolling: tile with bars → tile → dot → counts by customer, and several pages only
 * where even dots do not fit. Pure.
 */
export function planWall(input: PlanInput): Plan {
  const frame = frameOf(input.width, input.height, input.banner);
  const { board, scale } = frame;
  const base = { ...frame, problems: null, rest: null, pages: 1 };
  if (input.items === 0) return { ...base, step: 'tiles' };
  const roomy = planRoomy(input, board, scale);
  if (roomy !== null) return { ...base, ...roomy };
  if (input.problems === 0) return { ...base, ...planRest(input, board, input.items, scale) };

  const pinnings = pinProblems(input, board, scale);
  for (const problems of pinnings) {
    const count = input.items - problems.shown;
    if (count === 0) return { ...base, step: 'tiles', problems };
    const rest = fitRest(input, below(board, problems), count, scale);
    if (rest !== null) return { ...base, problems, ...rest };
  }
  const problems = pinnings[0] as Area;
  const count = input.items - problems.shown;
  return { ...base, problems, ...planRest(input, below(board, problems), count, scale) };
}

/** Every tile so large that problems need not stand apart. */
function planRoomy(input: PlanInput, board: Box, scale: number): Rest | null {
  const { items, density, cols } = input;
  if (density === 'dots' || density === 'counts') return null;
  const step: Step = input.bars && density !== 'tiles' ? 'bars' : 'tiles';
  const rule = scaled(step === 'bars' ? 'roomyBars' : 'roomy', scale);
  const grid = fitGrid(board, items, rule, cols);
  if (grid === null) return null;
  const text = sizeText(step, grid, scale, true);
  return { step, rest: { grid, text, shown: items, more: 0 }, pages: 1 };
}

/** Ways to pin problems above the rest, the one that shows the most of them first. */
function pinProblems(input: PlanInput, board: Box, scale: number): Area[] {
  const { problems, items } = input;
  const rule = scaled('problem', scale);
  const whole = fillGrid(board, rule);
  if (problems === items && problems <= cellsOf(whole)) {
    const rows = Math.ceil(problems / whole.cols);
    return [toArea(layGrid(board, Math.ceil(problems / rows), rows, rule.gap), problems, scale)];
  }
  const height = Math.floor(board.height * mostPinned);
  const { cols, rows } = fillGrid({ ...board, height }, rule);
  const needed = Math.min(rows, Math.ceil(problems / cols));
  return Array.from({ length: needed }, (_, less) => {
    const lines = needed - less;
    const tall = lines * Math.round(rule.minHeight * 1.12) + (lines - 1) * rule.gap;
    const box = { ...board, height: Math.min(height, tall) };
    // Where all have room, no line is much shorter than the others.
    const wide = problems <= cols * lines ? Math.ceil(problems / lines) : cols;
    return toArea(layGrid(box, wide, lines, rule.gap), problems, scale);
  });
}

function toArea(grid: Grid, problems: number, scale: number): Area {
  const cells = cellsOf(grid);
  const shown = problems <= cells ? problems : cells - 1;
  const text = sizeText('problem', grid, scale, true);
  return { grid, text, shown, more: problems - shown };
}

/** What the pinned ones leave: two gaps stand between them and the rest. */
function below(board: Box, { grid }: Area): Box {
  const taken = grid.box.height + 2 * grid.gap;
  return { ...board, y: board.y + taken, height: board.height - taken };
}

/** On one page; null: not even dots fit. */
function fitRest(input: PlanInput, box: Box, count: number, scale: number): Rest | null {
  const from = input.density === 'auto' ? 0 : steps.indexOf(input.density);
  for (const step of ['bars', 'tiles', 'dots'] as const) {
    if (steps.indexOf(step) < from || (step === 'bars' && !input.bars)) continue;
    const grid = fitGrid(box, count, scaled(step, scale), step === 'dots' ? null : input.cols);
    if (grid === null) continue;
    const text = sizeText(step, grid, scale, false);
    if (step === 'bars' && text.bars === 0) continue;
    return { step, pages: 1, rest: { grid, text, shown: count, more: 0 } };
  }
  return null;
}

function planRest(input: PlanInput, box: Box, count: number, scale: number): Rest {
  const fitting = fitRest(input, box, count, scale);
  if (fitting !== null) return fitting;
  const grouping = input.customers <= input.items / 2 || input.density === 'counts';
  return grouping
    ? planPages('counts', box, input.customers, input.cols, scale)
    : planPages('dots', box, count, null, scale);
}

function planPages(
  step: CellRuleName & Step,
  box: Box,
  count: number,
  wish: number | null,
  scale: number,
): Rest {
  const rule = scaled(step, scale);
  const grid = fitGrid(box, count, rule, wish) ?? fillGrid(box, rule, wish);
  const pages = Math.ceil(count / cellsOf(grid));
  const text = sizeText(step, grid, scale, false);
  return { step, pages, rest: { grid, text, shown: Math.min(count, cellsOf(grid)), more: 0 } };
}
