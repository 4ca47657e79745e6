export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Equal cells in rows, in whole pixels. */
export interface Grid {
  box: Box;
  cols: number;
  rows: number;
  gap: number;
  /** Of one cell. */
  width: number;
  height: number;
}

export interface CellRule {
  minWidth: number;
  minHeight: number;
  gap: number;
  /** Width ÷ height at which a cell's text is the largest. */
  aspect: number;
}

/** The grid of `cols` columns that fills the box; its cells may be too small. */
export function layGrid(box: Box, cols: number, rows: number, gap: number): Grid {
  const width = Math.floor((box.width - gap * (cols - 1)) / cols);
  const height = Math.floor((box.height - gap * (rows - 1)) / rows);
  return { box, cols, rows, gap, width, height };
}

/**
 * The grid with the largest cells for `count` things in the box; null: not even the smallest cells fit. Pure.
 * @param wish so many columns are taken if cells of the least size still fit
 */
export function fitGrid(
  box: Box,
  count: number,
  rule: CellRule,
  wish: number | null = null,
): Grid | null {
  const { minWidth, minHeight, gap, aspect } = rule;
  const most = Math.floor((box.width + gap) / (minWidth + gap));
  let best: Grid | null = null;
  let bestSize = 0;
  for (let cols = 1; cols <= Math.min(most, count); cols++) {
    const grid = layGrid(box, cols, Math.ceil(count / cols), gap);
    if (grid.height < minHeight) continue;
    if (cols === wish) return grid;
    const size = Math.min(grid.height, grid.width / aspect);
    if (size <= bestSize) continue;
    best = grid;
    bestSize = size;
  }
  return best;
}

/** The grid with the most cells of at least the least size; at least one cell, whatever its size. */
export function fillGrid(box: Box, rule: CellRule, wish: number | null = null): Grid {
  const { minWidth, minHeight, gap } = rule;
  const most = Math.max(1, Math.floor((box.width + gap) / (minWidth + gap)));
  const rows = Math.max(1, Math.floor((box.height + gap) / (minHeight + gap)));
  return layGrid(box, wish === null ? most : Math.min(most, wish), rows, gap);
}

/** Where the cell of that number is. */
export function cellAt({ box, cols, gap, width, height }: Grid, index: number): Box {
  const col = index % cols;
  const row = (index - col) / cols;
  return { x: box.x + col * (width + gap), y: box.y + row * (height + gap), width, height };
}

export const cellsOf = ({ cols, rows }: Grid): number => cols * rows;
