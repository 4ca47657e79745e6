import type { ClientToServer, ServerToClient } from '#contract/socket.ts';
import { type Socket, io } from 'socket.io-client';
import { type Wire, createWire } from './wire.ts';

export interface Connection {
  wire: Wire;
  /** Opens the connection now if it is not open, without waiting for the next attempt. */
  hurry(): void;
  /** Opens it if it was closed, here or by the server. */
  open(): void;
  /** Called when the server closes the connection or does not let it in: it is not tried again by itself. */
  onRefused(hear: () => void): void;
  close(): void;
}

/** How a page connects, and how it tries again: for ever, and each page at moments of its own. */
export const dialing = {
  // Straight to WebSocket; where a proxy does not let it through, polling.
  transports: ['websocket', 'polling'],
  tryAllTransports: true,
  reconnectionDelay: 500,
  reconnectionDelayMax: 5_000,
  timeout: 10_000,
};

/** After so many failed attempts the waiting begins anew: far enough out, doubling it gives no number any more, and no wait. */
const attemptsInARow = 64;

/**
 * Opens the page's one live connection, by default to the server the page came from. It reconnects by itself for ever.
 * @param auth asked anew for each attempt: who it is, where a cookie alone does not say it
 */
export function connect(address?: string, auth?: () => object): Connection {
  const options = {
    ...dialing,
    ...(auth && { auth: (tell: (said: object) => void) => tell(auth()) }),
  };
  return connectionOf(address === undefined ? io(options) : io(address, options));
}

/** A socket that connects by `dialing`, as the page uses it. */
export function connectionOf(socket: Socket<ServerToClient, ClientToServer>): Connection {
  let refused = () => {};
  socket.on('disconnect', (reason) => {
    if (reason === 'io server disconnect') refused();
  });
  socket.on('connect_error', () => {
    if (!socket.active) refused();
  });
  const hurry = () => {
    if (!socket.connected) socket.disconnect().connect();
  };
  socket.io.on('reconnect_attempt', (attempt) => {
    if (attempt >= attemptsInARow) hurry();
  });
  return {
    wire: createWire(socket),
    hurry,
    open() {
      if (!socket.active) socket.connect();
    },
    onRefused: (hear) => void (refused = hear),
    close: () => void socket.disconnect(),
  };
}
