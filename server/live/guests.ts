import type { Logger } from 'pino';
import { permissionsOf } from '#contract/accounts.ts';
import type { Guest, Guests } from '#server/accounts/index.ts';
import { within } from './beat.ts';
import type { LiveServer, LiveSocket } from './io.ts';

/** What is known of a socket: who sits there. */
export interface Seat {
  guest: Guest;
}

/** Milliseconds that the database has to say who still holds a session; then the next time counts. */
const recheckWithin = 4_000;

/** Lets nobody connect whom the handshake's cookies do not name. Pages that are refused ask for the session. */
export function letIn(io: LiveServer, guests: Guests, log: Pick<Logger, 'warn'>): void {
  io.use((socket, next) => {
    guests.admit(socket.handshake.headers.cookie).then(
      (guest) => {
        if (guest === null) return next(new Error('Sign in first.'));
        socket.data.guest = guest;
        next();
      },
      (error: unknown) => {
        log.warn({ err: error }, 'a live connection could not be let in');
        next(new Error('The database does not answer.'));
      },
    );
  });
}

/**
 * Ends the connections of this process whose session has ended or expired, or whose person has another role than when
 * they came in: those come in again with the new one. Never rejects; while the database is away nobody is ended, since
 * nothing is told then either.
 */
export async function showOut(
  io: LiveServer,
  guests: Guests,
  log: Pick<Logger, 'warn'>,
): Promise<void> {
  const sockets = [...io.of('/').sockets.values()];
  if (sockets.length === 0) return;
  const ids = [...new Set(sockets.map(({ data }) => data.guest.sessionId))];
  try {
    const roles = await within(recheckWithin, guests.recheck(ids));
    for (const socket of sockets) {
      const { sessionId, role } = socket.data.guest;
      if (roles.get(sessionId) !== role) socket.disconnect(true);
    }
  } catch (error) {
    log.warn({ err: error }, 'the sessions of live connections could not be checked');
  }
}

/** Whether whoever sits there may watch anything at all. */
export const mayWatch = ({ data }: LiveSocket): boolean =>
  permissionsOf[data.guest.role].includes('read');
