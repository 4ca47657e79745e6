import type { Context } from 'hono';
import { AppError } from '#server/errors.ts';
import type { IngestEnv } from './bounded-headers.ts';

/** Longest body, in bytes, with the words for it. */
export interface BodyLimit {
  bytes: number;
  words: string;
}
const ofReport: BodyLimit = { bytes: 1024 * 1024, words: '1 MB' };

/**
 * The body as text. Node holds a sender to its Content-Length, so that may be believed;
 * a body without one (chunked) is counted as it arrives.
 * @throws AppError too_large
 */
export async function readBody(
  c: Pick<Context<IngestEnv>, 'env' | 'req'>,
  { bytes, words } = ofReport,
): Promise<string> {
  const tooLarge = () => new AppError('too_large', `The body is larger than ${words}.`);
  const headers = c.env?.incoming?.headers;
  if (headers?.['content-length'] !== undefined && headers['transfer-encoding'] === undefined) {
    if (Number(headers['content-length']) > bytes) throw tooLarge();
    return c.req.text();
  }
  const body = c.req.raw.body;
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as ReadableStream<Uint8Array>) {
    size += chunk.byteLength;
    if (size > bytes) throw tooLarge();
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
