import type { Db } from '#db/client.ts';
import type { EventsPage, EventsQuery, ListedEvent } from '#contract/activity.ts';
import { pageSize } from '#contract/reports.ts';
import { fieldLabel } from '#domain/fields.ts';
import { presentEvent, type StoredEvent } from '#server/store/events.ts';
import { findInstances, readEventOwners } from '#server/store/reads-event-owners.ts';
import { type EventPosition, readEvents } from '#server/store/reads-events.ts';
import { readCursor, writeCursor } from './event-cursor.ts';
import { refuse } from './parse-query.ts';

/** Events read at once for a stream: so much of it is in memory, however long it is. */
const streamed = 1_000;

/** Events of all instances that are asked for, newest first. Throws AppError('invalid') when the cursor is none. */
export async function readEventsPage(db: Db, query: EventsQuery): Promise<EventsPage> {
  const limit = query.limit ?? pageSize;
  const { read, position } = await openEvents(db, query);
  const found = await read(position, limit + 1);
  const events = await list(db, found.slice(0, limit));
  const last = found.length > limit ? events.at(-1) : undefined;
  return { events, next: last ? writeCursor({ side: 'older', position: last }) : null };
}

/**
 * The same events, up to `limit` of them or all, part by part: the next is read when it is asked for.
 * Throws as `readEventsPage`, before the first part.
 */
export async function openEventStream(
  db: Db,
  query: EventsQuery,
): Promise<AsyncGenerator<ListedEvent[], void>> {
  const { read, position } = await openEvents(db, query);
  return streamEvents(db, read, position, query.limit ?? Infinity);
}

async function* streamEvents(
  db: Db,
  read: Read,
  from: EventPosition | null,
  limit: number,
): AsyncGenerator<ListedEvent[], void> {
  let position = from;
  for (let left = limit; left > 0; left -= streamed) {
    const size = Math.min(streamed, left);
    const events = await list(db, await read(position, size));
    if (events.length > 0) yield events;
    const last = events.at(-1);
    if (last === undefined || events.length < size) return;
    position = last;
  }
}

type Read = (position: EventPosition | null, limit: number) => Promise<StoredEvent[]>;

async function openEvents(
  db: Db,
  query: EventsQuery,
): Promise<{ read: Read; position: EventPosition | null }> {
  const { customerIds, instanceIds, cursor, types, text, after, before } = query;
  const at = cursor === undefined ? null : readCursor(cursor);
  if (at?.side === 'newer') refuse('cursor', 'these events are read from the newest on');
  const instances = await findInstances(db, { customerIds, instanceIds });
  const filter = { types, text, after, before };
  return {
    read: (position, limit) =>
      readEvents(db, { instances, filter, side: 'older', position, limit }),
    position: at?.position ?? null,
  };
}

async function list(db: Db, events: StoredEvent[]): Promise<ListedEvent[]> {
  const owners = await readEventOwners(db, [...new Set(events.map(({ instance }) => instance))]);
  return events.map((event) => {
    const { instanceId, name, customer } = owners.get(event.instance)!;
    const label = fieldLabel(event.category, event.field);
    return { ...presentEvent(event), label, instanceId, instanceName: name, customer };
  });
}
