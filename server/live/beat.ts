import type { Beat } from '#contract/socket.ts';
import type { LiveServer, LiveSocket } from './io.ts';
import type { Rooms } from './rooms.ts';

/** Milliseconds between beats. */
export const beatEvery = 5_000;
/** Time a probe has to come back; less than `beatEvery`, so that a beat speaks of the five seconds before it. */
export const probeWithin = 4_000;

export interface BeatDeps {
  io: LiveServer;
  rooms: Rooms;
  origin: string;
  build: string;
  /** Resolves to null if what this process shows is current, else to one sentence that says why not. */
  probe: () => Promise<string | null>;
  /** Ends the connections of those who may no longer listen. Never rejects. */
  showOut: () => Promise<void>;
  lastCheckInAt: () => string | null;
  /** Milliseconds; tests shorten it. */
  every?: number;
}

/** Probes, then tells every socket of this process how it went. A probe that hangs delays the beat, and viewers notice. */
export function startBeats(deps: BeatDeps): { close: () => void; doubt: () => string | null } {
  const every = deps.every ?? beatEvery;
  let verdict: { reason: string | null; at: number } | null = null;
  let closed = false;
  let timer: NodeJS.Timeout | null = null;

  const send = (socket: LiveSocket, reason: string | null): void => {
    const rooms: Record<string, number> = {};
    for (const room of deps.rooms.of(socket.id)) rooms[room.name] = room.seq;
    const { origin, build } = deps;
    const base = {
      origin,
      at: new Date().toISOString(),
      build,
      rooms,
      lastCheckInAt: deps.lastCheckInAt(),
    };
    const beat: Beat = reason === null ? { ...base, ok: true } : { ...base, ok: false, reason };
    socket.emit('beat', beat);
  };

  const cycle = async (): Promise<void> => {
    const startedAt = performance.now();
    const showingOut = deps.showOut();
    const reason = await deps.probe();
    if (closed) return;
    // At once: what the probe saw is the older, the longer it waits for anything else.
    verdict = { reason, at: performance.now() };
    for (const socket of deps.io.of('/').sockets.values()) send(socket, reason);
    await showingOut;
    if (closed) return;
    timer = setTimeout(() => void cycle(), Math.max(0, startedAt + every - performance.now()));
  };

  // A viewer learns at once how things stand, not only at the next beat.
  deps.io.on('connection', (socket) => {
    if (verdict && performance.now() - verdict.at <= every) send(socket, verdict.reason);
  });
  void cycle();

  return {
    doubt() {
      if (!verdict || performance.now() - verdict.at > 2 * every)
        return 'The server does not answer itself.';
      return verdict.reason;
    },
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}

/** Rejects if the promise takes longer than `ms`. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
