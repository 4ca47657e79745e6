/** Rows in one page from the server; the contract's `pageSize`, whose file would bring its validator along. */
export const pageSize = 100;

/** Which row stands where in the list; `undefined` where its page is not here. Pure. */
export interface Order<Id = number> {
  ids: (Id | undefined)[];
  /** Length of the whole list. */
  matching: number;
}

/** Pages kept on either side of the viewport; a watch takes at most 1,000 rows. */
const keptAround = 3;

/**
 * The order with a page in its place. Pages far from those on screen are forgotten, and a row that moved between two
 * fetches does not stand twice.
 */
export function placePage<Id>(
  order: Order<Id>,
  page: { page: number; matching: number; rows: { id: Id }[] },
  onScreen: { first: number; last: number },
): Order<Id> {
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

/**
 * How many rows stand elsewhere, are new or are gone, of those known in both: the least number of moves that turns
 * the one order into the other. One that rises to the top counts once, though it pushes all others down.
 */
export function countMoved<Id>(shown: Order<Id>, held: Order<Id>): number {
  const places = new Map(shown.ids.map((id, index) => [id, index]));
  const after = held.ids.filter((id) => id !== undefined);
  const before = after.flatMap((id) => places.get(id) ?? []);
  const gone = Math.max(0, shown.matching - held.matching);
  return after.length - before.length + (before.length - longestRise(before)) + gone;
}

/** Length of the longest part, not necessarily adjacent, that already stands in order. */
function longestRise(places: number[]): number {
  const ends: number[] = [];
  for (const place of places) {
    const at = ends.findIndex((end) => end >= place);
    ends[at === -1 ? ends.length : at] = place;
  }
  return ends.length;
}

/** True where the newer order, as far as it is known, is the one shown. */
export function isSameOrder<Id>(order: Order<Id>, shown: Order<Id>): boolean {
  if (order.matching !== shown.matching) return false;
  return order.ids.every((id, index) => id === undefined || id === shown.ids[index]);
}

/** Ids that a newer list has no row of. */
export function findGone(ids: Iterable<number>, rows: { id: number }[]): number[] {
  const present = new Set(rows.map(({ id }) => id));
  return [...ids].filter((id) => !present.has(id));
}
