import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  /** Null: the answer has no such header. */
  retryAfter: number | null;
}

/** Sends requests that were built beforehand, over connections that are kept; as little work for each as possible. */
export interface Sender {
  /** One that finds no free connection waits for one. */
  send(bytes: Buffer): Promise<Answer>;
  /** Requests that wait for a connection. */
  waiting(): number;
  close(): void;
}

interface Errand {
  bytes: Buffer;
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

/** @param most connections at once; they are opened as they are needed */
export function openSender(url: string, most: number): Sender {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const free: ((errand: Errand) => void)[] = [];
  const queue: Errand[] = [];
  let head = 0;

  const next = (): Errand | undefined => {
    const errand = queue[head];
    if (errand === undefined) return undefined;
    head += 1;
    if (head === 1000) {
      queue.splice(0, head);
      head = 0;
    }
    return errand;
  };

  function open(first: Errand): void {
    const socket = connect(Number(port), hostname);
    sockets.add(socket);
    socket.setNoDelay(true);
    let errand: Errand | undefined;
    let received = '';
    const run = (one: Errand) => {
      errand = one;
      socket.write(one.bytes);
    };
    socket.on('data', (chunk) => {
      received = received === '' ? chunk.toString('latin1') : received + chunk.toString('latin1');
      const answer = readAnswer(received);
      if (answer === null) return;
      received = '';
      const done = errand;
      errand = undefined;
      const following = next();
      if (following) run(following);
      else free.push(run);
      done?.resolve(answer);
    });
    const fail = (error: Error) => {
      sockets.delete(socket);
      const at = free.indexOf(run);
      if (at >= 0) free.splice(at, 1);
      errand?.reject(error);
      errand = undefined;
    };
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('The server closed the connection.')));
    run(first);
  }

  return {
    send: (bytes) =>
      new Promise((resolve, reject) => {
        const errand = { bytes, resolve, reject };
        const run = free.pop();
        if (run) run(errand);
        else if (sockets.size < most) open(errand);
        else queue.push(errand);
      }),
    waiting: () => queue.length - head,
    close() {
      for (const socket of sockets) socket.removeAllListeners('close').destroy();
    },
  };
}

/** Null: it is not whole yet. Every answer of the server names its length. */
export function readAnswer(received: string): Answer | null {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const length = /\r\ncontent-length: (\d+)/i.exec(received);
  if (received.length < end + 4 + Number(length?.[1] ?? 0)) return null;
  const status = Number(received.slice(9, 12));
  const retryAfter = status === 200 ? null : /\r\nretry-after: (\d+)/i.exec(received.slice(0, end));
  return { status, retryAfter: retryAfter ? Number(retryAfter[1]) : null };
}
