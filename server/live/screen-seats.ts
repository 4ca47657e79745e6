import { unknownScreen } from '#contract/wall.ts';
import { findClientAddress } from '#server/doors/index.ts';
import { AppError } from '#server/errors.ts';
import type { ScreenDoor, ScreenSeat } from '#server/screens/index.ts';
import type { ScreenAnnouncement } from '#server/store/announce.ts';
import type { Logger } from 'pino';
import { within } from './beat.ts';
import type { LiveServer, LiveSocket } from './io.ts';
import type { Rooms } from './rooms.ts';

/** Milliseconds that the database has to say which screens hold; then the next time counts. */
const recheckWithin = 4_000;

export interface SeatDeps {
  io: LiveServer;
  rooms: Rooms;
  door: ScreenDoor;
  trustProxy: number;
  log: Pick<Logger, 'warn'>;
}

/** The screens among the sockets of this process. */
export interface ScreenSeats {
  tell(said: Extract<ScreenAnnouncement, { kind: 'screen' }>): void;
  /** Finds out whose token or settings are others now, should nobody have said so. Never rejects. */
  recheck(): Promise<void>;
}

/** Lets screens in, hands them what is said to them, and ends the connections of those that were revoked. */
export function seatScreens({ io, rooms, door, trustProxy, log }: SeatDeps): ScreenSeats {
  io.use((socket, next) => {
    const { auth, headers, address } = socket.handshake;
    if (!door.isScreen(auth)) return next();
    const forwarded = headers['x-forwarded-for'];
    const knock = {
      connectionId: socket.id,
      cookies: headers.cookie,
      auth: auth as unknown,
      address: findClientAddress(forwarded?.toString(), address, trustProxy),
      userAgent: headers['user-agent'],
    };
    const leave = () => door.left(socket.id);
    socket.conn.once('close', leave);
    door.admit(knock).then(
      (screen) => {
        // It may have gone while the database was asked.
        if (socket.conn.readyState !== 'open') leave();
        if (screen === null) return next(new Error(unknownScreen));
        socket.data = { guest: null, screen };
        socket.once('disconnect', leave);
        next();
      },
      (error: unknown) => {
        if (error instanceof AppError) return next(new Error(error.message));
        log.warn({ err: error }, 'a screen could not be let in');
        next(new Error('The database does not answer.'));
      },
    );
  });

  /** Screens that are being read again: for so long they may ask for nothing. */
  const refreshing = new Map<LiveSocket, { seat: ScreenSeat; again: boolean }>();

  const seated = (): { socket: LiveSocket; seat: ScreenSeat }[] =>
    [...io.of('/').sockets.values()].flatMap((socket) => {
      const seat = socket.data.screen ?? refreshing.get(socket)?.seat;
      return seat ? [{ socket, seat }] : [];
    });

  const refresh = async (socket: LiveSocket, seat: ScreenSeat): Promise<void> => {
    const running = refreshing.get(socket);
    if (running) {
      running.again = true;
      return;
    }
    // Nothing more is told by what held before.
    socket.data.screen = null;
    for (const room of [...rooms.of(socket.id)]) {
      rooms.leave(socket.id, room.name);
      void socket.leave(room.name);
    }
    const mine = { seat, again: true };
    refreshing.set(socket, mine);
    try {
      let now: ScreenSeat | null = seat;
      while (mine.again && now !== null) {
        mine.again = false;
        now = await within(recheckWithin, door.find(seat.tokenHash));
      }
      if (now === null) return cut(socket);
      socket.data.screen = now;
      socket.emit('screen:edited', { revision: now.revision });
    } catch (error) {
      // It comes in again, and is asked then.
      log.warn({ err: error }, 'a screen could not be read again');
      socket.disconnect(true);
    } finally {
      refreshing.delete(socket);
    }
  };

  return {
    tell({ id, what }) {
      for (const { socket, seat } of seated()) {
        if (seat.id !== id) continue;
        if (what === 'reload') socket.emit('screen:reload');
        else if (what === 'identify') socket.emit('screen:identify', { name: seat.name });
        else void refresh(socket, seat);
      }
    },
    async recheck() {
      const here = seated();
      if (here.length === 0) return;
      try {
        const hashes = [...new Set(here.map(({ seat }) => seat.tokenHash))];
        const revisions = await within(recheckWithin, door.recheck(hashes));
        for (const { socket, seat } of here) {
          if (socket.data.screen === seat && revisions.get(seat.tokenHash) !== seat.revision)
            void refresh(socket, seat);
        }
      } catch (error) {
        log.warn({ err: error }, 'the tokens of screens could not be checked');
      }
    },
  };
}

/** It is told first, so that it can show why. */
function cut(socket: LiveSocket): void {
  socket.emit('screen:revoked');
  socket.disconnect(true);
}
