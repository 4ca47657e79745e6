import type { InstanceEventView } from '#contract/instance.ts';

const newestFirst = (a: InstanceEventView, b: InstanceEventView) =>
  a.at === b.at ? b.id - a.id : a.at < b.at ? 1 : -1;

/** Adds events by id, newest first; an event may be told twice. Pure. */
export function mergeEvents(events: readonly InstanceEventView[], told: InstanceEventView[]) {
  const known = new Set(events.map(({ id }) => id));
  const added = told.filter(({ id }) => !known.has(id));
  const merged = added.length === 0 ? events : [...events, ...added].sort(newestFirst);
  return { events: merged, added: added.map(({ id }) => id) };
}

/** True where both lists hold one and the same event, so that no hole lies between them. */
export function areTouching(events: readonly InstanceEventView[], newest: InstanceEventView[]) {
  const known = new Set(events.map(({ id }) => id));
  return newest.some(({ id }) => known.has(id));
}

export const joinIds = (ids: ReadonlySet<number>, more: number[]): ReadonlySet<number> =>
  new Set([...ids, ...more]);

export const noIds: ReadonlySet<number> = new Set();
