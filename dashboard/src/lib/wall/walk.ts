import type { Box } from './grid.ts';

const directions: Record<string, { x: number; y: number }> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

const centre = ({ x, y, width, height }: Box) => ({ x: x + width / 2, y: y + height / 2 });

/**
 * Which of the boxes a remote control's arrow leads to: the nearest one in that direction, or none. Pure.
 * @param at null: nothing has the focus yet, and any arrow goes to the first
 * @returns null: the key leads nowhere
 */
export function walkTo(boxes: readonly Box[], at: number | null, key: string): number | null {
  const direction = directions[key];
  if (direction === undefined || boxes.length === 0) return null;
  const here = at === null ? undefined : boxes[at];
  if (here === undefined) return 0;
  const from = centre(here);
  let best: number | null = null;
  let least = Infinity;
  boxes.forEach((box, index) => {
    const to = centre(box);
    const along = (to.x - from.x) * direction.x + (to.y - from.y) * direction.y;
    if (along <= 1) return;
    const across =
      Math.abs((to.x - from.x) * direction.y) + Math.abs((to.y - from.y) * direction.x);
    const cost = along + 3 * across;
    if (cost >= least) return;
    least = cost;
    best = index;
  });
  return best;
}
