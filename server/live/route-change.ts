import type { FleetQuery } from '#contract/reports.ts';
import { toInstant } from '#domain/instant.ts';
import type { Change } from './publisher.ts';
import type { RecentlySeen } from './recently-seen.ts';
import type { Room, Rooms } from './rooms.ts';

/** Past this a room is told to fetch again instead of being told each event. */
const mostPendingEvents = 2_000;

/** Notes in each room what it has yet to be told of this change. Returns the rooms that have news. */
export function routeChange(rooms: Rooms, recently: RecentlySeen, change: Change): Set<Room> {
  const dirty = new Set<Room>();
  if (rooms.byName.size === 0) return dirty;
  for (const { id, customerId } of change.changed) {
    for (const room of rooms.concernedBy(id, customerId)) noteChanged(room, id, dirty);
    for (const room of rooms.unresolvedOf(customerId)) noteChanged(room, id, dirty);
  }
  for (const { id, customerId } of change.left) {
    for (const room of rooms.concernedBy(id, customerId)) {
      // Customer and instance pages, and lists that ask for archived ones, go on showing it.
      if (room.watched.kind !== 'list' || room.watched.query.archived) noteChanged(room, id, dirty);
      else noteLeft(room, id, dirty);
    }
  }
  for (const { id, customerId, at } of change.seen) {
    const instant = toInstant(at);
    if (rooms.lists.size > 0) recently.note(id, instant);
    for (const room of rooms.concernedBy(id, customerId)) {
      const before = room.pending.seen.get(id);
      if (before === undefined || before < instant) room.pending.seen.set(id, instant);
      dirty.add(room);
    }
  }
  for (const event of change.events) {
    for (const room of rooms.concernedBy(event.instance, null)) {
      if (room.watched.kind !== 'instance') continue;
      room.pending.events.set(event.id, event);
      if (room.pending.events.size > mostPendingEvents) {
        room.pending.events.clear();
        room.pending.stale = true;
      }
      dirty.add(room);
    }
  }
  for (const room of rooms.lists) {
    if (room.watched.kind !== 'list' || !mayMove(room.watched.query, change)) continue;
    room.pending.moved = true;
    dirty.add(room);
  }
  return dirty;
}

function noteChanged(room: Room, id: number, dirty: Set<Room>): void {
  room.pending.left.delete(id);
  room.pending.changed.add(id);
  dirty.add(room);
}

function noteLeft(room: Room, id: number, dirty: Set<Room>): void {
  room.pending.changed.delete(id);
  room.pending.left.add(id);
  dirty.add(room);
}

/**
 * Whether the change may have altered which instances the query finds, or their order. Says yes too often rather
 * than too seldom: what an instance was before is not known here.
 */
export function mayMove(query: FleetQuery, change: Change): boolean {
  const ofQuery = ({ customerId }: { customerId: string }) =>
    query.customer.length === 0 || query.customer.includes(customerId);
  if (change.changed.some(ofQuery) || change.left.some(ofQuery)) return true;
  return query.sort === 'lastCheckIn' && change.seen.some(ofQuery);
}
