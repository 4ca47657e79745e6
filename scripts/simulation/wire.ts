import http from 'node:http';
import https from 'node:https';

export interface Request {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** Milliseconds after which no answer is expected any more; what the public clients wait when left out. */
  patience?: number;
}

export interface Reply {
  /** HTTP status; 0: no answer at all. */
  status: number;
  body: string;
  /** Seconds the server asks to wait, when it does. */
  retryAfter: number | null;
  /** From asking to the end of the answer, waiting for a free connection included. */
  milliseconds: number;
}

/** The one way out of the simulator: a bounded number of kept-alive connections to one server. */
export interface Wire {
  send(request: Request): Promise<Reply>;
  /** Requests that have no answer yet. */
  waiting(): number;
  readonly inFlight: number;
  close(): void;
}

/** Both public clients give up on an answer after that long. */
const usualPatience = 10_000;
/** A long archive takes the server longer than a report does. */
export const archivePatience = 60_000;

/** Never rejects: whatever goes wrong on the way is a reply with status 0. */
export function createWire(
  base: URL,
  options: { inFlight: number; heard?: (reply: Reply) => void },
): Wire {
  const secure = base.protocol === 'https:';
  const settings = { keepAlive: true, maxSockets: options.inFlight, scheduling: 'lifo' as const };
  const agent = secure ? new https.Agent(settings) : new http.Agent(settings);
  const ask = secure ? https.request : http.request;
  let waiting = 0;

  const send = ({ method, path, headers, body, patience }: Request): Promise<Reply> =>
    new Promise((resolve) => {
      const began = performance.now();
      waiting += 1;
      const settle = (status: number, text: string, retryAfter: number | null = null): void => {
        waiting -= 1;
        const reply = { status, body: text, retryAfter, milliseconds: performance.now() - began };
        options.heard?.(reply);
        resolve(reply);
      };
      const length =
        body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
      const request = ask(
        new URL(path, base),
        { method, agent, headers: { ...headers, ...length }, timeout: patience ?? usualPatience },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.once('end', () => {
            const retryAfter = Number(response.headers['retry-after']);
            settle(
              response.statusCode ?? 0,
              Buffer.concat(parts).toString(),
              Number.isFinite(retryAfter) ? retryAfter : null,
            );
          });
          response.once('error', (error) => request.destroy(error));
        },
      );
      request.once('timeout', () => request.destroy(new Error('No answer in time.')));
      let failed = false;
      request.on('error', (error) => {
        if (!failed) settle(0, error.message);
        failed = true;
      });
      request.end(body);
    });

  return { send, waiting: () => waiting, inFlight: options.inFlight, close: () => agent.destroy() };
}
