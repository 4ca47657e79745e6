import type { Context } from 'hono';
import { AppError } from '#server/errors.ts';
import type { IngestEnv } from './bounded-headers.ts';

/** Longest body of a report, in bytes. */
export const bodyLimit = 1024 * 1024;

const tooLarge = () => new AppError('too_large', 'The body is larger than 1 MB.');

/**
 * The body as text. Node holds a sender to its Content-Length, so that may be believed;
 * a body without one (chunked) is counted as it arrives.
 * @throws AppError too_large
 */
export async function readBody(c: Context<IngestEnv>): Promise<string> {
  const headers = c.env?.incoming?.headers;
  if (headers?.['content-length'] !== undefined && headers['transfer-encoding'] === undefined) {
    if (Number(headers['content-length']) > bodyLimit) throw tooLarge();
    return c.req.text();
  }
  const body = c.req.raw.body;
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as ReadableStream<Uint8Array>) {
    size += chunk.byteLength;
    if (size > bodyLimit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** @throws AppError invalid */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new AppError('invalid', 'The body is not valid JSON.');
  }
}
