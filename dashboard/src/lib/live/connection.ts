import type { ClientToServer, ServerToClient } from '#contract/socket.ts';
import { type Socket, io } from 'socket.io-client';
import { type Wire, createWire } from './wire.ts';

export interface Connection {
  wire: Wire;
  /** Opens the connection now if it is not open, without waiting for the next attempt. */
  hurry(): void;
  close(): void;
}

/** Opens the page's one live connection, by default to the server the page came from. It reconnects by itself for ever. */
export function connect(address?: string): Connection {
  const options = {
    // Straight to WebSocket; where a proxy does not let it through, polling.
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    timeout: 10_000,
  };
  const socket: Socket<ServerToClient, ClientToServer> =
    address === undefined ? io(options) : io(address, options);
  return {
    wire: createWire(socket),
    hurry() {
      if (!socket.connected) socket.disconnect().connect();
    },
    close: () => void socket.disconnect(),
  };
}
