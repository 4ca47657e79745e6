import type { IncomingMessage } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { AppError } from '#server/errors.ts';

/** Hono's environment under Node's server; absent where a test hands a request in. */
export interface IngestEnv {
  Bindings: Partial<HttpBindings>;
}

/** Reads one header by its lower-case name. */
export type HeaderReader = (name: string) => string | undefined;

const headersLimit = 16 * 1024;
const nodesHeader = 'x-replicated-embeddedclusternodes';

/**
 * The request's headers, bounded: all of them together may take 16 KB, as Node has it by default, beside the list of
 * embedded cluster nodes, which alone may be long (KOTS puts every pod into it).
 * @throws AppError invalid
 */
export function readHeaders(c: Context<IngestEnv>): HeaderReader {
  const incoming = c.env?.incoming;
  if (incoming) return readHeadersOf(incoming);
  let size = 0;
  c.req.raw.headers.forEach((value, name) => (size += sizeOf(name, value)));
  requireBounds(size);
  return (name) => c.req.raw.headers.get(name) ?? undefined;
}

/** The same of Node's own request. @throws AppError invalid */
export function readHeadersOf({ rawHeaders, headers }: IncomingMessage): HeaderReader {
  let size = 0;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    size += sizeOf(rawHeaders[i]!, rawHeaders[i + 1]!);
  requireBounds(size);
  return (name) => {
    const value = headers[name];
    return typeof value === 'string' ? value : undefined;
  };
}

function requireBounds(size: number): void {
  if (size > headersLimit)
    throw new AppError('invalid', 'The request headers are longer than 16 KB.');
}

function sizeOf(name: string, value: string): number {
  const counted = name.length === nodesHeader.length && name.toLowerCase() === nodesHeader;
  return counted ? 0 : name.length + value.length + 4;
}
