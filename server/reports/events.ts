import type { Db } from '#db/client.ts';
import type { EventsPage, EventsQuery, ListedEvent } from '#contract/activity.ts';
import { pageSize } from '#contract/reports.ts';
import { fieldLabel } from '#domain/fields.ts';
import { presentEvent, type StoredEvent } from '#server/store/events.ts';
import { findInstances, readEventOwners } from '#server/store/reads-event-owners.ts';
import type { EventPosition } from '#server/store/reads-events.ts';
import { readCursor, writeCursor } from './event-cursor.ts';
import { refuse } from './parse-query.ts';
import { positionOf, readStretch, type StretchesAsked } from './read-stretch.ts';

/** Events read at once for a stream: so much of it is in memory, however long it is. */
const streamed = 1_000;
/** How far is looked for what is rare: events that one statement looks through, and statements for one page. */
const usual = { slice: 50_000, slices: 20 };

/**
 * Events of all instances that are asked for, newest first; fewer than asked for, with a cursor to go on from, where they
 * are rare. Throws AppError('invalid') when the cursor is none.
 */
export async function readEventsPage(
  db: Db,
  query: EventsQuery,
  { slice, slices } = usual,
): Promise<EventsPage> {
  const limit = query.limit ?? pageSize;
  const { asked, from } = await openEvents(db, query, slice);
  const found: StoredEvent[] = [];
  let position = from;
  for (let read = 0; read < slices && found.length <= limit; read += 1) {
    const { events, next } = await readStretch(db, asked, position, limit + 1 - found.length);
    found.push(...events);
    position = next;
    if (next === null) break;
  }
  const last = found.length > limit ? positionOf(found[limit - 1]!) : position;
  return {
    events: await list(db, found.slice(0, limit)),
    next: last === null ? null : writeCursor({ side: 'older', position: last }),
  };
}

/**
 * The same events, up to `limit` of them or all, part by part: the next is read when it is asked for. A part may be empty.
 * Throws as `readEventsPage`, before the first part.
 */
export async function openEventStream(
  db: Db,
  query: EventsQuery,
  { slice }: Pick<typeof usual, 'slice'> = usual,
): Promise<AsyncGenerator<ListedEvent[], void>> {
  const { asked, from } = await openEvents(db, query, slice);
  return streamEvents(db, asked, from, query.limit ?? Infinity);
}

async function* streamEvents(
  db: Db,
  asked: StretchesAsked,
  from: EventPosition | null,
  limit: number,
): AsyncGenerator<ListedEvent[], void> {
  let position = from;
  let left = limit;
  do {
    const { events, next } = await readStretch(db, asked, position, Math.min(streamed, left));
    yield await list(db, events);
    left -= events.length;
    position = next;
  } while (position !== null && left > 0);
}

async function openEvents(
  db: Db,
  query: EventsQuery,
  slice: number,
): Promise<{ asked: StretchesAsked; from: EventPosition | null }> {
  const { customerIds, instanceIds, cursor, types, text, after, before } = query;
  const at = cursor === undefined ? null : readCursor(cursor);
  if (at?.side === 'newer') refuse('cursor', 'these events are read from the newest on');
  const instances = await findInstances(db, { customerIds, instanceIds });
  const filter = { types, text, after, before };
  return { asked: { instances, filter, slice }, from: at?.position ?? null };
}

async function list(db: Db, events: StoredEvent[]): Promise<ListedEvent[]> {
  const owners = await readEventOwners(db, [...new Set(events.map(({ instance }) => instance))]);
  return events.map((event) => {
    const { instanceId, name, customer } = owners.get(event.instance)!;
    const label = fieldLabel(event.category, event.field);
    return { ...presentEvent(event), label, instanceId, instanceName: name, customer };
  });
}
