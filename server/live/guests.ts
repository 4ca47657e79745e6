import type { Logger } from 'pino';
import { permissionsOf } from '#contract/accounts.ts';
import type { Guest, Guests } from '#server/accounts/index.ts';
import type { Scope } from '#contract/socket.ts';
import type { ScreenSeat } from '#server/screens/index.ts';
import { within } from './beat.ts';
import type { LiveServer, LiveSocket } from './io.ts';

/** What is known of a socket: who sits there, a person or a screen. */
export interface Seat {
  guest: Guest | null;
  screen: ScreenSeat | null;
}

/** Milliseconds that the database has to say who still holds a session; then the next time counts. */
const recheckWithin = 4_000;

/** Lets nobody connect whom the handshake's cookies do not name. Pages that are refused ask for the session. */
export function letIn(
  io: LiveServer,
  guests: Guests,
  log: Pick<Logger, 'warn'>,
  /** Of these another one decides (screen-seats.ts). */
  isScreen: (auth: unknown) => boolean,
): void {
  io.use((socket, next) => {
    if (isScreen(socket.handshake.auth)) return next();
    guests.admit(socket.handshake.headers.cookie).then(
      (guest) => {
        if (guest === null) return next(new Error('Sign in first.'));
        socket.data = { guest, screen: null };
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
  const people = [...io.of('/').sockets.values()].flatMap((socket) => {
    const { guest } = socket.data;
    return guest ? [{ socket, guest }] : [];
  });
  if (people.length === 0) return;
  const ids = [...new Set(people.map(({ guest }) => guest.sessionId))];
  try {
    const roles = await within(recheckWithin, guests.recheck(ids));
    for (const { socket, guest } of people) {
      const { sessionId, role } = guest;
      if (roles.get(sessionId) !== role) socket.disconnect(true);
    }
  } catch (error) {
    log.warn({ err: error }, 'the sessions of live connections could not be checked');
  }
}

/** Whether whoever sits there may ask for anything at all. */
export const mayAsk = ({ data: { guest, screen } }: LiveSocket): boolean =>
  screen !== null || (guest !== null && permissionsOf[guest.role].includes('read'));

/** Whether whoever sits there may watch this: screens what is theirs, people everything else. */
export function mayWatch({ data: { guest, screen } }: LiveSocket, { kind }: Scope): boolean {
  if (screen !== null) return kind === 'screen';
  if (guest === null || kind === 'screen') return false;
  return permissionsOf[guest.role].includes(kind === 'screens' ? 'manage' : 'read');
}
