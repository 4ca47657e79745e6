import type { Db } from '#db/client.ts';
import type { ActivityPage, InstanceActivityQuery } from '#contract/activity.ts';
import { pageSize } from '#contract/reports.ts';
import { presentEvent, type StoredEvent } from '#server/store/events.ts';
import { type EventPosition, findEvent, readEvents } from '#server/store/reads-events.ts';
import { findInstance } from '#server/store/reads-instance.ts';
import { readCursor, writeCursor } from './event-cursor.ts';

/** So many events stand above the one that a page is opened around. */
const above = 20;

type Read = (
  side: 'older' | 'newer',
  position: EventPosition | null,
  limit: number,
) => Promise<StoredEvent[]>;

/** A page of an instance's events, newest first; null: there is no such instance. */
export async function readActivity(
  db: Db,
  customerId: string,
  instanceId: string,
  query: InstanceActivityQuery,
): Promise<ActivityPage | 'no such event' | null> {
  const { cursor: text, around, ...filter } = query;
  const cursor = text === undefined ? null : readCursor(text);
  const instance = await findInstance(db, customerId, instanceId);
  if (instance === null) return null;
  const read: Read = (side, position, limit) =>
    readEvents(db, { instances: [instance], filter, side, position, limit });
  if (around !== undefined) {
    const position = await findEvent(db, instance, around);
    return position === null ? 'no such event' : readAround(read, position);
  }
  if (cursor?.side === 'newer') return readNewer(read, cursor.position);
  const found = await read('older', cursor?.position ?? null, pageSize + 1);
  return presentPage(found.slice(0, pageSize), {
    hasNewer: cursor !== null,
    hasOlder: found.length > pageSize,
  });
}

async function readNewer(read: Read, position: EventPosition): Promise<ActivityPage> {
  const found = await read('newer', position, pageSize + 1);
  const hasNewer = found.length > pageSize;
  return presentPage(found.slice(0, pageSize).reverse(), { hasNewer, hasOlder: true });
}

async function readAround(read: Read, position: EventPosition): Promise<ActivityPage> {
  const [newer, older] = await Promise.all([
    read('newer', position, above + 1),
    // The event itself is the first that is older than the place right above it.
    read('older', { ...position, id: position.id + 1 }, pageSize - above + 1),
  ]);
  const events = [...newer.slice(0, above).reverse(), ...older.slice(0, pageSize - above)];
  return presentPage(events, {
    hasNewer: newer.length > above,
    hasOlder: older.length > pageSize - above,
  });
}

/** An empty page leads nowhere. */
function presentPage(
  found: StoredEvent[],
  { hasNewer, hasOlder }: { hasNewer: boolean; hasOlder: boolean },
): ActivityPage {
  const events = found.map(presentEvent);
  const [first, last] = [events[0], events.at(-1)];
  return {
    events,
    next: hasOlder && last ? writeCursor({ side: 'older', position: last }) : null,
    newer: hasNewer && first ? writeCursor({ side: 'newer', position: first }) : null,
  };
}
