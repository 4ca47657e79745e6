import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** Milliseconds in which a request's body must have come in whole. */
const bodyWithin = 60_000;
/** Milliseconds for which a body that may take its time may stand still. */
const standsStill = 60_000;

const patient = new WeakSet<IncomingMessage>();

/**
 * Lets the body of a request whose sender is known take as long as it takes, while it does not stand still: a file of
 * many gigabytes. Absent where a test hands the request in without a socket.
 */
export function allowLongBody(incoming: IncomingMessage | undefined, idle = standsStill): void {
  if (!incoming) return;
  patient.add(incoming);
  incoming.socket.setTimeout(idle);
  // What is done with it afterwards may take longer than that without a byte on the wire.
  incoming.once('end', () => incoming.socket.setTimeout(0));
}

/**
 * Ends connections whose request does not come in whole in time: who sends slower than that holds one for nothing.
 * Stands for Node's own `requestTimeout`, which knows no exceptions and has to be off.
 */
export function watchSenders(server: Server, within = bodyWithin): void {
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (!hasBody(incoming)) return;
    const timer = setTimeout(() => cut(incoming, outgoing), within);
    timer.unref();
    incoming.once('close', () => clearTimeout(timer));
  });
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

function cut(incoming: IncomingMessage, outgoing: ServerResponse): void {
  if (incoming.complete || patient.has(incoming)) return;
  const { socket } = incoming;
  if (!outgoing.headersSent)
    socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
  socket.destroySoon();
}
