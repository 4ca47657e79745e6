import type { Room } from './room.ts';

/** Rooms by what they are of. */
export class RoomIndex<Key> {
  readonly #rooms = new Map<Key, Set<Room>>();

  of(key: Key): Iterable<Room> {
    return this.#rooms.get(key) ?? [];
  }

  add(key: Key, room: Room): void {
    const rooms = this.#rooms.get(key);
    if (rooms) rooms.add(room);
    else this.#rooms.set(key, new Set([room]));
  }

  delete(key: Key, room: Room): void {
    const rooms = this.#rooms.get(key);
    if (rooms?.delete(room) && rooms.size === 0) this.#rooms.delete(key);
  }
}
