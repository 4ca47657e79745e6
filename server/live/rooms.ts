import type { InstanceEventView, Instant } from '#contract/instance.ts';
import type { CustomersQuery } from '#contract/customers.ts';
import type { FleetQuery } from '#contract/reports.ts';
import type { Scope } from '#contract/socket.ts';
import type { ScreenScope } from '#contract/screens.ts';
import type { Redaction } from '#contract/wall.ts';
import { canonical } from '#server/canonical.ts';

export type Watched =
  | { kind: 'list'; query: FleetQuery; shown: Set<number> }
  | { kind: 'customer'; customerId: string }
  /** `id` is null while no instance of that name is known. */
  | { kind: 'instance'; customerId: string; instanceId: string; id: number | null }
  | { kind: 'customers'; query: CustomersQuery; shown: Set<string> }
  | { kind: 'catalog' }
  | Wall
  | { kind: 'screens' };

/** All screens of one scope and redaction, and people who look at the same. */
export interface Wall {
  kind: 'screen';
  scope: ScreenScope;
  redaction: Redaction;
  /** Instances in scope, by internal id; null: not read yet, or no longer right. */
  members: Set<number> | null;
  /** Instances that are being read just now: some of them will be members. */
  arriving: Set<number>;
}

/** A scope with what the server alone knows of it: which instances a screen may see, and how much of their names. */
export type Asked =
  | Exclude<Scope, { kind: 'screen' | 'wall' }>
  | { kind: 'screen'; scope: ScreenScope; redaction: Redaction };

export const kinds = ['stale', 'left', 'events', 'seen', 'moved', 'changed', 'customers'] as const;
export type Kind = (typeof kinds)[number];

/** What a room has yet to be told. Sets and maps by id, so that a flood cannot make them grow past the fleet. */
export interface Pending {
  changed: Set<number>;
  left: Set<number>;
  seen: Map<number, Instant>;
  events: Map<number, InstanceEventView>;
  /** Customers whose rows are others now. */
  customers: Set<string>;
  moved: boolean;
  stale: boolean;
}

export interface Room {
  name: string;
  watched: Watched;
  /** Number of the last message sent to this room. */
  seq: number;
  sockets: Set<string>;
  pending: Pending;
  /** When a message of each kind last went out, on the process's monotonic clock. */
  sentAt: Record<Kind, number>;
}

export const roomKinds = [
  'list',
  'customer',
  'instance',
  'customers',
  'catalog',
  'screen',
  'screens',
] as const;
export type RoomKind = (typeof roomKinds)[number];

/** The rooms of this process: who is in them, and which rooms a given instance concerns. Does no I/O. */
export class Rooms {
  readonly byName = new Map<string, Room>();
  /** Lists by the instances they show. */
  readonly #showing = new Map<number, Set<Room>>();
  /** Instance rooms by internal id and, while that is not known, by customer. */
  readonly #watching = new Map<number, Set<Room>>();
  readonly #unresolvedOf = new Map<string, Set<Room>>();
  readonly lists = new Set<Room>();
  /** Lists of customers, and those by the customers they show. */
  readonly customerLists = new Set<Room>();
  readonly #showingCustomer = new Map<string, Set<Room>>();
  /** Rooms of walls, and by what they show. Their names say nothing of that: a screen may not know whom it shows. */
  readonly walls = new Set<Room>();
  readonly #wallNames = new Map<string, string>();
  #wallsEver = 0;
  readonly #entered = new Map<string, Map<Watched['kind'], Room>>();
  /**
   * Highest number ever given. A new room begins there, so a room that emptied and came back
   * never repeats a number that a viewer could mistake for one it already has.
   */
  #highest = 0;

  /** Puts a socket into the scope's room, out of the one of the same kind it was in. */
  enter(socketId: string, scope: Asked): { room: Room; left: Room | null } {
    const name = scope.kind === 'screen' ? this.#nameWall(scope) : roomName(socketId, scope);
    const mine = this.#entered.get(socketId) ?? new Map<Watched['kind'], Room>();
    this.#entered.set(socketId, mine);
    const before = mine.get(scope.kind);
    const left = before && before.name !== name ? before : null;
    if (left) this.#remove(socketId, left);
    const room = this.byName.get(name) ?? this.#open(name, scope);
    if (scope.kind === 'list') this.#show(room, scope);
    if (scope.kind === 'customers') this.#showCustomers(room, scope);
    room.sockets.add(socketId);
    mine.set(scope.kind, room);
    return { room, left };
  }

  leave(socketId: string, name: string): boolean {
    const mine = this.#entered.get(socketId);
    for (const kind of roomKinds) {
      const room = mine?.get(kind);
      if (room?.name !== name) continue;
      mine?.delete(kind);
      this.#remove(socketId, room);
      return true;
    }
    return false;
  }

  leaveAll(socketId: string): void {
    for (const room of this.#entered.get(socketId)?.values() ?? []) this.#remove(socketId, room);
    this.#entered.delete(socketId);
  }

  of(socketId: string): Iterable<Room> {
    return this.#entered.get(socketId)?.values() ?? [];
  }

  /** How many of each kind are watched. */
  count(): Record<RoomKind, number> {
    const counts = Object.fromEntries(roomKinds.map((kind) => [kind, 0])) as Record<
      RoomKind,
      number
    >;
    for (const { watched } of this.byName.values()) counts[watched.kind] += 1;
    return counts;
  }

  /** Rooms that want to hear of this instance; `customerId` is null when only its id is known. */
  concernedBy(id: number, customerId: string | null): Room[] {
    const found = [...(this.#showing.get(id) ?? []), ...(this.#watching.get(id) ?? [])];
    const customer = customerId === null ? null : this.byName.get(`customer:${customerId}`);
    if (customer) found.push(customer);
    return found;
  }

  /** Lists of customers that show this one. */
  showingCustomer(customerId: string): Iterable<Room> {
    return this.#showingCustomer.get(customerId) ?? [];
  }

  /** Instance rooms that wait for an instance of this customer to be known. */
  unresolvedOf(customerId: string): Iterable<Room> {
    return this.#unresolvedOf.get(customerId) ?? [];
  }

  /** From now on the room hears of this instance by its internal id. */
  resolve(room: Room, id: number): void {
    const { watched } = room;
    if (watched.kind !== 'instance' || watched.id !== null || room.sockets.size === 0) return;
    watched.id = id;
    removeFrom(this.#unresolvedOf, watched.customerId, room);
    addTo(this.#watching, id, room);
  }

  #nameWall({ scope, redaction }: Extract<Asked, { kind: 'screen' }>): string {
    const key = canonical({ scope, redaction });
    const name = this.#wallNames.get(key) ?? `screen:${(this.#wallsEver += 1)}`;
    this.#wallNames.set(key, name);
    return name;
  }

  #open(name: string, scope: Asked): Room {
    const watched = beginWatched(scope);
    const room: Room = {
      name,
      watched,
      seq: this.#highest,
      sockets: new Set(),
      pending: nothing(),
      sentAt: {
        stale: -Infinity,
        left: -Infinity,
        events: -Infinity,
        seen: -Infinity,
        moved: -Infinity,
        changed: -Infinity,
        customers: -Infinity,
      },
    };
    this.byName.set(name, room);
    if (watched.kind === 'list') this.lists.add(room);
    if (watched.kind === 'customers') this.customerLists.add(room);
    if (watched.kind === 'screen') this.walls.add(room);
    if (watched.kind === 'instance') addTo(this.#unresolvedOf, watched.customerId, room);
    return room;
  }

  #show(room: Room, scope: Extract<Scope, { kind: 'list' }>): void {
    this.#hide(room);
    const shown = new Set(scope.shown.map(([id]) => id));
    room.watched = { kind: 'list', query: scope.query, shown };
    for (const id of shown) addTo(this.#showing, id, room);
  }

  #showCustomers(room: Room, scope: Extract<Scope, { kind: 'customers' }>): void {
    this.#hide(room);
    const shown = new Set(scope.shown.map(([id]) => id));
    room.watched = { kind: 'customers', query: scope.query, shown };
    for (const id of shown) addTo(this.#showingCustomer, id, room);
  }

  #hide(room: Room): void {
    const { watched } = room;
    if (watched.kind === 'list')
      for (const id of watched.shown) removeFrom(this.#showing, id, room);
    if (watched.kind === 'customers')
      for (const id of watched.shown) removeFrom(this.#showingCustomer, id, room);
  }

  #remove(socketId: string, room: Room): void {
    room.sockets.delete(socketId);
    if (room.sockets.size > 0) return;
    this.#highest = Math.max(this.#highest, room.seq);
    this.byName.delete(room.name);
    this.lists.delete(room);
    this.customerLists.delete(room);
    this.#hide(room);
    if (this.walls.delete(room))
      for (const [key, name] of this.#wallNames)
        if (name === room.name) this.#wallNames.delete(key);
    if (room.watched.kind !== 'instance') return;
    if (room.watched.id === null) removeFrom(this.#unresolvedOf, room.watched.customerId, room);
    else removeFrom(this.#watching, room.watched.id, room);
  }
}

export function nothing(): Pending {
  return {
    changed: new Set(),
    left: new Set(),
    seen: new Map(),
    events: new Map(),
    customers: new Set(),
    moved: false,
    stale: false,
  };
}

/** What is watched before anything is known of it: which rows a list shows is noted on its own. */
function beginWatched(scope: Asked): Watched {
  switch (scope.kind) {
    case 'list':
      return { kind: 'list', query: scope.query, shown: new Set() };
    case 'customers':
      return { kind: 'customers', query: scope.query, shown: new Set() };
    case 'instance':
      return { ...scope, id: null };
    case 'screen':
      return { ...scope, members: null, arriving: new Set() };
    case 'customer':
    case 'catalog':
    case 'screens':
      return scope;
  }
}

/** A list is its socket's own: what is shown there differs from viewer to viewer. */
function roomName(socketId: string, scope: Exclude<Asked, { kind: 'screen' }>): string {
  if (scope.kind === 'list') return `list:${socketId}`;
  if (scope.kind === 'customers') return `customers:${socketId}`;
  if (scope.kind === 'catalog' || scope.kind === 'screens') return scope.kind;
  if (scope.kind === 'customer') return `customer:${scope.customerId}`;
  return `instance:${JSON.stringify([scope.customerId, scope.instanceId])}`;
}

function addTo<Key>(index: Map<Key, Set<Room>>, key: Key, room: Room): void {
  const rooms = index.get(key);
  if (rooms) rooms.add(room);
  else index.set(key, new Set([room]));
}

function removeFrom<Key>(index: Map<Key, Set<Room>>, key: Key, room: Room): void {
  const rooms = index.get(key);
  if (rooms?.delete(room) && rooms.size === 0) index.delete(key);
}
