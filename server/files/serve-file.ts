import { createReadStream } from 'node:fs';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { DoorEnv } from '#server/doors/index.ts';
import { AppError } from '#server/errors.ts';
import type { FileRecord } from '#server/store/files.ts';
import { attachment } from './content-disposition.ts';
import { type Part, planAnswer } from './plan-answer.ts';

/** Milliseconds for which somebody who downloads may take nothing. */
const patience = 120_000;
const chunk = 256 * 1024;

/** What hears of a download. */
export interface Witness {
  /** Content is about to go out; nothing does before this settles. */
  begin(part: Part): Promise<void>;
  /** Its last byte was handed over. */
  end(part: Part): void;
}

/** Of whatever is downloaded: saved and not shown, and if shown all the same, as nothing that could act. */
export const attachmentHeaders = (name: string): Record<string, string> => ({
  'Content-Disposition': attachment(name),
  'Content-Security-Policy': "sandbox; default-src 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
});

/**
 * Streams a stored file, whole or in part, in constant memory.
 * @throws AppError not_found when its content is gone
 */
export async function serveFile<Env extends DoorEnv>(
  c: Context<Env>,
  folder: string,
  file: FileRecord,
  witness?: Witness,
): Promise<Response> {
  const asked = { method: c.req.method, headers: c.req.header() };
  const { status, headers, part } = await planAnswer(folder, file, asked);
  if (status === 404 || status >= 500)
    throw new AppError('not_found', 'The content of this file is gone.');
  const code = status as ContentfulStatusCode;
  const all = { ...headers, ...attachmentHeaders(file.name) };
  if (part === null) return c.body(null, code, all);
  await witness?.begin(part);
  const incoming = c.env?.incoming;
  incoming?.socket.setTimeout(patience);
  const content = ReadableStream.from(
    handOver(part, () => {
      incoming?.socket.setTimeout(0);
      witness?.end(part);
    }),
  ) as ReadableStream<Uint8Array>;
  return c.body(content, code, all);
}

/** Read only as fast as it is taken; whoever goes away ends it, and closes the file. */
async function* handOver({ path, start, end }: Part, whole: () => void): AsyncGenerator<Buffer> {
  for await (const bytes of createReadStream(path, { start, end, highWaterMark: chunk }))
    yield bytes as Buffer;
  whole();
}
