import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface Drain {
  /**
   * Takes no new connection, has every connection end after the answer that is due on it, and waits until all
   * requests that came in are answered; at most `patience` milliseconds.
   */
  close(patience: number): Promise<void>;
}

/** Keeps count of the requests that wait for their answer. Those of live connections are left out: they never end. */
export function watchRequests(server: Server): Drain {
  let due = 0;
  let onIdle: (() => void) | null = null;
  // Each connection's answer that is due last. Not a set of answers: one whose members come and go thousands of times a
  // second leaves its outgrown tables behind, which hold on to one another and to all that was in them.
  const last = new Map<Socket, ServerResponse | null>();

  function settle(this: ServerResponse): void {
    due -= 1;
    const { socket } = this.req;
    if (last.get(socket) === this) last.set(socket, null);
    if (due === 0) onIdle?.();
  }

  server.on('connection', (socket: Socket) => {
    last.set(socket, null);
    socket.once('close', () => last.delete(socket));
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith('/socket.io/')) return;
    due += 1;
    if (last.has(request.socket)) last.set(request.socket, response);
    if (onIdle) response.shouldKeepAlive = false;
    response.once('close', settle);
  });

  return {
    async close(patience) {
      const idle = new Promise<void>((resolve) => (onIdle = resolve));
      server.close();
      for (const response of last.values()) if (response) response.shouldKeepAlive = false;
      if (due === 0) return;
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise((resolve) => (timer = setTimeout(resolve, patience)));
      await Promise.race([idle, enough]);
      clearTimeout(timer);
    },
  };
}
