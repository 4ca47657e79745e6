import type { InstanceRow, InstanceSummary, Instant } from '#contract/instance.ts';

/** A row as a page keeps it: with the moment of which its state and `today` speak. */
export type LiveRow = InstanceRow & { asOf: Instant };
export type Rows = ReadonlyMap<number, LiveRow>;

/*
 * Pure. Messages and snapshots may come in any order and more than once; what is known in the end is the same:
 * the state of the highest revision (of equal ones, the later reading), and the newest check-in of all.
 * A function that changes nothing returns what it was given, so that nothing is drawn again.
 */

/** The rows of a snapshot, in its order. */
export function rowsOf(snapshot: { asOf: Instant; rows: InstanceRow[] }): Map<number, LiveRow> {
  return new Map(snapshot.rows.map((row) => [row.id, { ...row, asOf: snapshot.asOf }]));
}

/** Takes a state of the instance; `closedDays` stay, unless the state brings its own. */
export function mergeState(
  row: LiveRow,
  state: InstanceSummary & { closedDays?: InstanceRow['closedDays'] },
  asOf: Instant,
): LiveRow {
  const isLater =
    state.revision > row.revision || (state.revision === row.revision && asOf > row.asOf);
  if (!isLater) return mergeSeenAt(row, state.lastCheckInAt);
  const merged = { ...row, ...state, asOf };
  return mergeSeenAt(merged, row.lastCheckInAt);
}

/** Takes a check-in: it counts when it is the newest, and the row is late that much later. */
export function mergeSeenAt(row: LiveRow, at: Instant): LiveRow {
  if (at <= row.lastCheckInAt) return row;
  const { lateAfter } = row;
  const lateAt =
    lateAfter === null ? null : new Date(Date.parse(at) + lateAfter * 1000).toISOString();
  return { ...row, lastCheckInAt: at, lateAt };
}

/**
 * Takes `instances:changed`. Of instances that are not in the rows it takes none, or, with `inserting`, all: those have
 * no known past, and `closedDays` empty says so.
 */
export function mergeChanged(
  rows: Rows,
  message: { instances: InstanceSummary[]; asOf: Instant },
  inserting = false,
): Rows {
  return replaceRows(rows, message.instances, (instance) => {
    const row = rows.get(instance.id);
    if (row) return mergeState(row, instance, message.asOf);
    return inserting ? { ...instance, closedDays: [], asOf: message.asOf } : undefined;
  });
}

/** Takes `instances:seen`. */
export function mergeSeen(rows: Rows, seen: [id: number, lastCheckInAt: Instant][]): Rows {
  const pairs = seen.map(([id, at]) => ({ id, at }));
  return replaceRows(rows, pairs, ({ id, at }) => {
    const row = rows.get(id);
    return row && mergeSeenAt(row, at);
  });
}

/** Takes `instances:left`. */
export function removeLeft(rows: Rows, ids: number[]): Rows {
  if (!ids.some((id) => rows.has(id))) return rows;
  const left = new Set(ids);
  return new Map([...rows].filter(([id]) => !left.has(id)));
}

function replaceRows<Item extends { id: number }>(
  rows: Rows,
  items: Item[],
  replace: (item: Item) => LiveRow | undefined,
): Rows {
  let merged: Map<number, LiveRow> | null = null;
  for (const item of items) {
    const row = replace(item);
    if (row === undefined || row === rows.get(item.id)) continue;
    merged ??= new Map(rows);
    merged.set(item.id, row);
  }
  return merged ?? rows;
}
