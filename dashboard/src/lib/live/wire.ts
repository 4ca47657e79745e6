import type {
  ClientToServer,
  Digest,
  Refusable,
  Scope,
  ServerToClient,
  Watching,
} from '#contract/socket.ts';
import type { Socket } from 'socket.io-client';

/** Milliseconds a server has to answer. */
const patience = 10_000;

export type LiveEvents = ServerToClient & { connect: () => void; disconnect: () => void };

/** The live connection as watchers see it: the one seam between them and Socket.IO. */
export interface Wire {
  connected(): boolean;
  /** Hands back its `off`. */
  on<E extends keyof LiveEvents>(event: E, hear: LiveEvents[E]): () => void;
  /** Rejects if there is no answer. `owner` is whoever calls: see `unwatch`. */
  watch(scope: Scope, owner: object): Promise<Refusable<Watching>>;
  /** Leaves the room, unless another owner has watched it since. */
  unwatch(room: string, owner: object): void;
  digest(room: string): Promise<Refusable<Digest>>;
}

export function createWire(socket: Socket<ServerToClient, ClientToServer>): Wire {
  const owners = new Map<string, object>();
  /** Watches that were not answered yet: which room they are of, only the answer tells. */
  let awaited = 0;
  /** Rooms to leave once it is known that none of those is of them. */
  const leaving = new Map<string, object>();
  const leaveRooms = (): void => {
    if (awaited > 0) return;
    for (const [room, owner] of leaving) {
      if (owners.get(room) !== owner) continue;
      owners.delete(room);
      if (socket.connected) socket.emit('unwatch', room);
    }
    leaving.clear();
  };
  // A connection that was cut without a word looks alive for a while; one that does not answer is opened anew.
  const orReopen = (error: unknown): never => {
    if (socket.connected) socket.io.engine?.close();
    throw error;
  };
  return {
    connected: () => socket.connected,
    on(event, hear) {
      const listener = hear as never;
      socket.on(event as never, listener);
      return () => void socket.off(event as never, listener);
    },
    async watch(scope, owner) {
      awaited += 1;
      try {
        const answer = await socket.timeout(patience).emitWithAck('watch', scope).catch(orReopen);
        if (!('error' in answer)) owners.set(answer.room, owner);
        return answer;
      } finally {
        awaited -= 1;
        leaveRooms();
      }
    },
    unwatch(room, owner) {
      if (owners.get(room) !== owner) return;
      leaving.set(room, owner);
      leaveRooms();
    },
    digest: (room) => socket.timeout(patience).emitWithAck('digest', room).catch(orReopen),
  };
}
