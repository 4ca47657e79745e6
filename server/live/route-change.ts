import type { CustomersQuery } from '#contract/customers.ts';
import type { InstanceEventView } from '#contract/instance.ts';
import type { FleetQuery } from '#contract/reports.ts';
import { toInstant } from '#domain/instant.ts';
import type { Change } from './publisher.ts';
import type { RecentlySeen } from './recently-seen.ts';
import type { Room } from './room.ts';
import type { Rooms } from './rooms.ts';

/** Past this a room is told to fetch again instead of being told each event. */
const mostPendingEvents = 2_000;

/** Plain check-ins of late, by instance and by customer. */
export interface Recently {
  instances: RecentlySeen;
  customers: RecentlySeen<string>;
}

/** Notes in each room what it has yet to be told of this change. Returns the rooms that have news. */
export function routeChange(rooms: Rooms, recently: Recently, change: Change): Set<Room> {
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
    if (rooms.lists.size > 0) recently.instances.note(id, instant);
    for (const room of rooms.concernedBy(id, customerId)) {
      const before = room.pending.seen.get(id);
      if (before === undefined || before < instant) room.pending.seen.set(id, instant);
      dirty.add(room);
    }
  }
  for (const event of change.events) {
    for (const room of rooms.concernedBy(event.instance, null)) {
      if (room.watched.kind !== 'instance') continue;
      noteEvent(room, event);
      dirty.add(room);
    }
  }
  for (const room of rooms.walls) routeToWall(room, change, dirty);
  if (rooms.customerLists.size > 0) routeToCustomerLists(rooms, recently, change, dirty);
  for (const room of rooms.lists) {
    if (room.watched.kind !== 'list' || !mayMove(room.watched.query, change)) continue;
    room.pending.moved = true;
    dirty.add(room);
  }
  return dirty;
}

/** Of what changed or left, whoever tells the wall looks whether it is in scope (wall-news.ts). */
function routeToWall(room: Room, change: Change, dirty: Set<Room>): void {
  const { watched, pending } = room;
  if (watched.kind !== 'screen') return;
  const { customers } = watched.scope;
  // A new instance is no member before it was read; what is told of it meanwhile waits.
  const { members, arriving } = watched;
  const concerns = (id: number) =>
    members === null || members.has(id) || arriving.has(id) || pending.changed.has(id);
  for (const { id, customerId } of [...change.changed, ...change.left]) {
    if (customers.length > 0 && !customers.includes(customerId)) continue;
    pending.changed.add(id);
    dirty.add(room);
  }
  for (const { id, at } of change.seen) {
    if (!concerns(id)) continue;
    const instant = toInstant(at);
    const before = pending.seen.get(id);
    if (before === undefined || before < instant) pending.seen.set(id, instant);
    dirty.add(room);
  }
  for (const event of change.events) {
    if (!isTransition(event) || !concerns(event.instance)) continue;
    noteEvent(room, event);
    dirty.add(room);
  }
}

const isTransition = ({ field, category, before, after }: InstanceEventView): boolean =>
  (category === 'app status' || category === 'presence') &&
  (field === 'status' || field === 'presence') &&
  before !== after;

function noteEvent({ pending }: Room, event: InstanceEventView): void {
  pending.events.set(event.id, event);
  if (pending.events.size <= mostPendingEvents) return;
  pending.events.clear();
  pending.stale = true;
}

function routeToCustomerLists(
  rooms: Rooms,
  recently: Recently,
  change: Change,
  dirty: Set<Room>,
): void {
  for (const { customerId, at } of change.seen) recently.customers.note(customerId, toInstant(at));
  for (const { customerId } of [...change.changed, ...change.left, ...change.seen]) {
    for (const room of rooms.showingCustomer(customerId)) {
      room.pending.customers.add(customerId);
      dirty.add(room);
    }
  }
  for (const room of rooms.customerLists) {
    if (room.watched.kind !== 'customers' || !mayMoveCustomers(room.watched.query, change))
      continue;
    room.pending.moved = true;
    dirty.add(room);
  }
}

/** Notes in each room what an edit of these customers means to it. Returns the rooms that have news. */
export function routeEdit(rooms: Rooms, customerIds: string[]): Set<Room> {
  const dirty = new Set<Room>();
  const ids = new Set(customerIds);
  for (const room of rooms.byName.values()) {
    const { watched, pending } = room;
    if (watched.kind === 'catalog' || watched.kind === 'screens') continue;
    if (watched.kind === 'list') {
      // Its rows may show the customer's name, and stand in its order.
      const { customer } = watched.query;
      if (customer.length > 0 && !customer.some((id) => ids.has(id))) continue;
      pending.moved = true;
    } else if (watched.kind === 'customers') {
      for (const id of ids) if (watched.shown.has(id)) pending.customers.add(id);
      pending.moved = true;
    } else if (watched.kind === 'screen') {
      // Names, channels and licenses decide what is shown, and how.
      const { customers } = watched.scope;
      if (customers.length > 0 && !customers.some((id) => ids.has(id))) continue;
      pending.stale = true;
    } else {
      if (!ids.has(watched.customerId)) continue;
      pending.stale = true;
    }
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

/** The orders that instances have a say in. */
const movedByState = new Set<CustomersQuery['sort']>([
  'active',
  'inactive',
  'airGap',
  'worst',
  'uptime',
  'lastCheckIn',
]);

/** The same of a list of customers, which an edit moves in any case. */
export function mayMoveCustomers({ sort, problems }: CustomersQuery, change: Change): boolean {
  if (change.changed.length + change.left.length > 0 && (problems || movedByState.has(sort)))
    return true;
  return sort === 'lastCheckIn' && change.seen.length > 0;
}
