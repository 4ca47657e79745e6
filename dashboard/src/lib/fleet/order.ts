import type { FleetPage } from '#contract/reports.ts';
import { pageSize } from './query.ts';

/** Which instance stands where in the list; `undefined` where its page is not here. Pure. */
export interface Order {
  ids: (number | undefined)[];
  /** Length of the whole list. */
  matching: number;
}

/** Pages kept on either side of the viewport; a watch takes at most 1,000 rows. */
const keptAround = 3;

/**
 * The order with a page in its place. Pages far from those on screen are forgotten, and a row that moved between two
 * fetches does not stand twice.
 */
export function placePage(
  order: Order,
  page: Pick<FleetPage, 'page' | 'matching' | 'rows'>,
  onScreen: { first: number; last: number },
): Order {
  const arriving = new Set(page.rows.map((row) => row.id));
  const ids = order.ids.slice(0, page.matching).map((id, index) => {
    const number = Math.floor(index / pageSize);
    const isFar = number < onScreen.first - keptAround || number > onScreen.last + keptAround;
    return isFar || (id !== undefined && arriving.has(id)) ? undefined : id;
  });
  page.rows.forEach((row, index) => {
    ids[page.page * pageSize + index] = row.id;
  });
  return { ids, matching: page.matching };
}

/** How many places of those known in both hold another instance. */
export function countMoved(shown: Order, held: Order): number {
  let moved = 0;
  for (let index = 0; index < Math.max(shown.ids.length, held.ids.length); index += 1) {
    const [before, after] = [shown.ids[index], held.ids[index]];
    const isKnown = before !== undefined && after !== undefined;
    const isBeyond = index >= shown.matching || index >= held.matching;
    if ((isKnown && before !== after) || isBeyond) moved += 1;
  }
  return moved;
}

/** True where the newer order, as far as it is known, is the one shown. */
export function isSameOrder(order: Order, shown: Order): boolean {
  if (order.matching !== shown.matching) return false;
  return order.ids.every((id, index) => id === undefined || id === shown.ids[index]);
}

/** Ids that a newer list has no row of. */
export function findGone(ids: Iterable<number>, rows: { id: number }[]): number[] {
  const present = new Set(rows.map(({ id }) => id));
  return [...ids].filter((id) => !present.has(id));
}
