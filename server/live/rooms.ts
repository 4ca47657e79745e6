import type { Scope } from '#contract/socket.ts';
import { canonical } from '#server/canonical.ts';
import {
  type Asked,
  beginRoom,
  nameRoom,
  type Room,
  type RoomKind,
  roomKinds,
  type Watched,
} from './room.ts';
import { RoomIndex } from './room-index.ts';

/** The rooms of this process: who is in them, and which rooms a given instance concerns. Does no I/O. */
export class Rooms {
  readonly byName = new Map<string, Room>();
  /** Lists by the instances they show. */
  readonly #showing = new RoomIndex<number>();
  /** Instance rooms by internal id and, while that is not known, by customer. */
  readonly #watching = new RoomIndex<number>();
  readonly #unresolved = new RoomIndex<string>();
  readonly lists = new Set<Room>();
  /** Lists of customers, and those by the customers they show. */
  readonly customerLists = new Set<Room>();
  readonly #showingCustomer = new RoomIndex<string>();
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
    const name = scope.kind === 'screen' ? this.#nameWall(scope) : nameRoom(socketId, scope);
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
    const found = [...this.#showing.of(id), ...this.#watching.of(id)];
    const customer = customerId === null ? null : this.byName.get(`customer:${customerId}`);
    if (customer) found.push(customer);
    return found;
  }

  /** Lists of customers that show this one. */
  showingCustomer(customerId: string): Iterable<Room> {
    return this.#showingCustomer.of(customerId);
  }

  /** Instance rooms that wait for an instance of this customer to be known. */
  unresolvedOf(customerId: string): Iterable<Room> {
    return this.#unresolved.of(customerId);
  }

  /** From now on the room hears of this instance by its internal id. */
  resolve(room: Room, id: number): void {
    const { watched } = room;
    if (watched.kind !== 'instance' || watched.id !== null || room.sockets.size === 0) return;
    watched.id = id;
    this.#unresolved.delete(watched.customerId, room);
    this.#watching.add(id, room);
  }

  #nameWall({ scope, redaction }: Extract<Asked, { kind: 'screen' }>): string {
    const key = canonical({ scope, redaction });
    const name = this.#wallNames.get(key) ?? `screen:${(this.#wallsEver += 1)}`;
    this.#wallNames.set(key, name);
    return name;
  }

  #open(name: string, scope: Asked): Room {
    const room = beginRoom(name, scope, this.#highest);
    const { watched } = room;
    this.byName.set(name, room);
    if (watched.kind === 'list') this.lists.add(room);
    if (watched.kind === 'customers') this.customerLists.add(room);
    if (watched.kind === 'screen') this.walls.add(room);
    if (watched.kind === 'instance') this.#unresolved.add(watched.customerId, room);
    return room;
  }

  #show(room: Room, scope: Extract<Scope, { kind: 'list' }>): void {
    this.#hide(room);
    const shown = new Set(scope.shown.map(([id]) => id));
    room.watched = { kind: 'list', query: scope.query, shown };
    for (const id of shown) this.#showing.add(id, room);
  }

  #showCustomers(room: Room, scope: Extract<Scope, { kind: 'customers' }>): void {
    this.#hide(room);
    const shown = new Set(scope.shown.map(([id]) => id));
    room.watched = { kind: 'customers', query: scope.query, shown };
    for (const id of shown) this.#showingCustomer.add(id, room);
  }

  #hide(room: Room): void {
    const { watched } = room;
    if (watched.kind === 'list') for (const id of watched.shown) this.#showing.delete(id, room);
    if (watched.kind === 'customers')
      for (const id of watched.shown) this.#showingCustomer.delete(id, room);
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
    if (room.watched.id === null) this.#unresolved.delete(room.watched.customerId, room);
    else this.#watching.delete(room.watched.id, room);
  }
}
