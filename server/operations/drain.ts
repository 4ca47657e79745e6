import type { IncomingMessage, Server, ServerResponse } from 'node:http';

export interface Drain {
  /**
   * Takes no new connection, has every connection end after the answer that is due on it, and waits until all
   * requests that came in are answered; at most `patience` milliseconds.
   */
  close(patience: number): Promise<void>;
}

/** Keeps count of the requests that wait for their answer. Those of live connections are left out: they never end. */
export function watchRequests(server: Server): Drain {
  const due = new Set<ServerResponse>();
  let onIdle: (() => void) | null = null;

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith('/socket.io/')) return;
    due.add(response);
    if (onIdle) response.shouldKeepAlive = false;
    response.once('close', () => {
      due.delete(response);
      if (due.size === 0) onIdle?.();
    });
  });

  return {
    async close(patience) {
      const idle = new Promise<void>((resolve) => (onIdle = resolve));
      server.close();
      for (const response of due) response.shouldKeepAlive = false;
      if (due.size === 0) return;
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise((resolve) => (timer = setTimeout(resolve, patience)));
      await Promise.race([idle, enough]);
      clearTimeout(timer);
    },
  };
}
