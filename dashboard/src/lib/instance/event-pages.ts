import type { InstanceEventView } from '#contract/instance.ts';

/** What the server answers: a stretch of activity, newest first. */
export interface Answer {
  events: InstanceEventView[];
  /** Where the next older stretch begins; null at the beginning of history. */
  next: string | null;
  /** Where the next newer one does; null or left out: these are the newest. */
  newer?: string | null;
}
/** How a stretch is asked for, and asked for again after it was let go. */
export type Ask = { cursor: string } | { around: number } | null;

export interface EventPage {
  ask: Ask;
  /** Null: let go, only its length is known. */
  events: readonly InstanceEventView[] | null;
  length: number;
}

/** A long list of which only the pages around the viewport are here. Newest first. Pure. */
export interface EventPages {
  pages: readonly EventPage[];
  next: string | null;
  newer: string | null;
}

/** The list with events that were not in it before, by id. */
export interface Grown {
  list: EventPages;
  added: number[];
}

export const noPages: EventPages = { pages: [], next: null, newer: null };

const toPage = (ask: Ask, events: readonly InstanceEventView[]): EventPage => ({
  ask,
  events,
  length: events.length,
});

export const beginPages = (ask: Ask, { events, next, newer }: Answer): EventPages => ({
  pages: [toPage(ask, events)],
  next,
  newer: newer ?? null,
});

export const countEvents = ({ pages }: EventPages): number =>
  pages.reduce((sum, { length }) => sum + length, 0);

export function appendPage(list: EventPages, ask: Ask, { events, next }: Answer): EventPages {
  const fresh = leaveOutKnown(list, events);
  return { ...list, pages: [...list.pages, toPage(ask, fresh)], next };
}

/** The stretch above; `added` rows push everything down. */
export function prependPage(list: EventPages, ask: Ask, { events, newer }: Answer) {
  const fresh = leaveOutKnown(list, events);
  const pages = [toPage(ask, fresh), ...list.pages];
  return { list: { ...list, pages, newer: newer ?? null }, added: fresh.length };
}

/** A page that had been let go, and is here again; it may have changed its length meanwhile. */
export function restorePage(list: EventPages, number: number, { events }: Answer): EventPages {
  const others = list.pages.filter((_, index) => index !== number);
  const fresh = leaveOutKnown({ pages: others }, events);
  return {
    ...list,
    pages: list.pages.map((page, index) => (index === number ? toPage(page.ask, fresh) : page)),
  };
}

/** Lets the pages go that are further than `around` pages from those between `first` and `last`. The newest page stays. */
export function letGo(list: EventPages, first: number, last: number, around: number): EventPages {
  const isFar = (index: number) => index > 0 && (index < first - around || index > last + around);
  if (!list.pages.some(({ events }, index) => events !== null && isFar(index))) return list;
  return {
    ...list,
    pages: list.pages.map((page, index) => (isFar(index) ? { ...page, events: null } : page)),
  };
}

const newestFirst = (a: InstanceEventView, b: InstanceEventView) =>
  a.at === b.at ? b.id - a.id : a.at < b.at ? 1 : -1;

/**
 * Adds arrivals to the newest page; an event may be told twice. One that is older than that page is left out: it stands
 * where its page is read.
 */
export function addNewest(list: EventPages, told: readonly InstanceEventView[]): Grown {
  const [head, ...rest] = list.pages;
  const known = idsOf(list);
  const oldest = rest.length === 0 && list.next === null ? undefined : head?.events?.at(-1);
  const added = [...new Map(told.map((event) => [event.id, event])).values()].filter(
    (event) => !known.has(event.id) && (oldest === undefined || newestFirst(event, oldest) < 0),
  );
  if (added.length === 0) return { list, added: [] };
  const events = [...(head?.events ?? []), ...added].sort(newestFirst);
  const pages = [toPage(head?.ask ?? null, events), ...rest];
  return { list: { ...list, pages }, added: added.map(({ id }) => id) };
}

/**
 * The newest events as they were just read stand in place of what was here of that stretch: an upload may have rewritten
 * it. What was told since is kept.
 */
export function takeNewest(list: EventPages, read: readonly InstanceEventView[]): Grown {
  const [newest, oldest] = [read[0], read.at(-1)];
  const head = list.pages[0]?.events ?? [];
  if (newest === undefined || oldest === undefined) return { list, added: [] };
  const since = head.filter((event) => newestFirst(event, newest) < 0);
  const older = head.filter((event) => newestFirst(event, oldest) > 0);
  const known = idsOf(list);
  const below = idsOf({ pages: list.pages.slice(1) });
  const stretch = read.filter(({ id }) => !below.has(id));
  const pages = [
    toPage(list.pages[0]?.ask ?? null, [...since, ...stretch, ...older]),
    ...list.pages.slice(1),
  ];
  const added = stretch.filter(({ id }) => !known.has(id)).map(({ id }) => id);
  return { list: { ...list, pages }, added };
}

/** Which page, and which of its rows, stands at a place of the list. */
export function locate({ pages }: EventPages, index: number) {
  let from = 0;
  for (const [number, page] of pages.entries()) {
    if (index < from + page.length) return { number, page, row: index - from };
    from += page.length;
  }
  return null;
}

export function findPlace({ pages }: EventPages, id: number): number | null {
  let from = 0;
  for (const page of pages) {
    const row = page.events?.findIndex((event) => event.id === id) ?? -1;
    if (row >= 0) return from + row;
    from += page.length;
  }
  return null;
}

/** True where the newest page and what was just read hold one and the same event: no hole lies between them. */
export function isTouching(list: EventPages, events: readonly InstanceEventView[]): boolean {
  const known = new Set(list.pages[0]?.events?.map(({ id }) => id));
  return events.some(({ id }) => known.has(id));
}

const idsOf = ({ pages }: Pick<EventPages, 'pages'>): ReadonlySet<number> =>
  new Set(pages.flatMap(({ events }) => events?.map(({ id }) => id) ?? []));

/** No event stands twice, however history was rewritten between two readings. */
function leaveOutKnown(list: Pick<EventPages, 'pages'>, events: readonly InstanceEventView[]) {
  const known = idsOf(list);
  return events.filter(({ id }) => !known.has(id));
}

/** The ids of what arrived last, at most `most` of them. */
export const joinIds = (
  added: readonly number[],
  ids: ReadonlySet<number>,
  most: number,
): ReadonlySet<number> => new Set([...added, ...ids].slice(0, most));
export const noIds: ReadonlySet<number> = new Set();
