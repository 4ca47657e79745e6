import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

export interface Relay {
  port: number;
  /** Ends all connections and takes no new ones, as a machine that is gone. */
  cut(): void;
  /** Lets nothing through and says nothing, in either direction, as a cable that was pulled: connections look open. */
  hang(): void;
  /** As at the beginning. What hung is ended: its bytes are lost. */
  mend(): void;
  close(): Promise<void>;
}

/** A TCP connection between two parts of a test that can be broken in the ways of networks. */
export async function startRelay(to: { host: string; port: number }): Promise<Relay> {
  const pairs = new Set<[Socket, Socket]>();
  let state: 'open' | 'cut' | 'hung' = 'open';
  const endAll = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
    pairs.clear();
  };
  const server = createServer((near) => {
    if (state === 'cut') return near.destroy();
    const far = connect(to.port, to.host);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    const end = () => {
      if (state === 'hung') return;
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const [from, into] of [pair, [far, near]] as const) {
      from.on('data', (bytes) => {
        if (state === 'open') into.write(bytes);
      });
      from.on('error', end);
      from.on('close', end);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      state = 'cut';
      endAll();
    },
    hang: () => void (state = 'hung'),
    mend() {
      endAll();
      state = 'open';
    },
    async close() {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
