import type { Numbered, ServerToClient } from '#contract/socket.ts';
import type { Room } from './room.ts';

/** Events of which each message says which one it is. */
export type RoomEvent = {
  [E in keyof ServerToClient]: Parameters<ServerToClient[E]> extends [Numbered] ? E : never;
}[keyof ServerToClient];
export type Body<E extends RoomEvent> = Omit<Parameters<ServerToClient[E]>[0], keyof Numbered>;

export interface PostDeps {
  origin: string;
  /** Hands a numbered message to the sockets of this process that are in the room. */
  emit: (room: string, event: RoomEvent, message: Numbered) => void;
  /** Hears how many seconds after a change was taken a room was told of it. */
  told?: (seconds: number) => void;
}

/** Numbers the messages to rooms, and knows how long their changes wait. */
export class Post {
  messages = 0;
  readonly #deps: PostDeps;
  /** Since when a room waits to be told of changes, on the process's monotonic clock. */
  readonly #waitingSince = new WeakMap<Room, number>();

  constructor(deps: PostDeps) {
    this.#deps = deps;
  }

  send<E extends RoomEvent>(room: Room, event: E, body: Body<E>): void {
    const { origin, emit } = this.#deps;
    room.seq += 1;
    this.messages += 1;
    emit(room.name, event, { ...body, origin, room: room.name, seq: room.seq });
  }

  /** The room has news since then. */
  noteWaiting(room: Room, since: number): void {
    if (room.pending.changed.size > 0 && !this.#waitingSince.has(room))
      this.#waitingSince.set(room, since);
  }

  /** The room was told of what changed. */
  noteTold(room: Room): void {
    const since = this.#waitingSince.get(room);
    if (since === undefined) return;
    this.#deps.told?.((room.sentAt.changed - since) / 1000);
    if (room.pending.changed.size === 0) this.#waitingSince.delete(room);
    else this.#waitingSince.set(room, room.sentAt.changed);
  }
}
