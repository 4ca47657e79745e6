import type { ClientToServer, ServerToClient } from '#contract/socket.ts';
import type { Server as HttpServer } from 'node:http';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import { isOwnOrigin } from './check-origin.ts';
import type { BetweenServers } from './cluster.ts';
import type { Seat } from './guests.ts';

export type LiveServer = Server<ClientToServer, ServerToClient, BetweenServers, Seat>;
export type LiveSocket = Socket<ClientToServer, ServerToClient, BetweenServers, Seat>;

export interface IoDeps {
  http: HttpServer;
  publicUrl: string;
  log: Logger;
}

/**
 * The live endpoint on the HTTP server's own port. Socket.IO's connection state recovery stays off: watch-then-fetch
 * restores everything, also what no buffer kept.
 */
export function openIo({ http, publicUrl, log }: IoDeps): LiveServer {
  return new Server(http, {
    serveClient: false,
    pingInterval: 10_000,
    pingTimeout: 10_000,
    // The largest message a client may send: a list of a thousand rows is about 20 KB.
    maxHttpBufferSize: 256 * 1024,
    perMessageDeflate: false,
    // Who is not let in need not stay.
    connectTimeout: 10_000,
    allowRequest(request, decide) {
      const allowed = isOwnOrigin(request, publicUrl);
      if (!allowed)
        log.warn(
          { origin: request.headers.origin },
          'a live connection from a foreign page was refused',
        );
      decide(allowed ? null : 'This address does not serve pages of other sites.', allowed);
    },
  });
}
