import type { Context } from 'hono';
import { routePath } from 'hono/route';
import type { Logger } from 'pino';
import { AppError, type ErrorStatus } from '#server/errors.ts';

/** Seconds after which a client that was turned away may come again, where nothing better is known. */
const retryAfter = 5;

export interface PlainAnswer {
  status: ErrorStatus;
  headers: Record<string, string>;
  text: string;
}

/**
 * An error as the protocol paths answer it: one sentence of plain text, nothing of the inside.
 * @param request where it happened, for the log
 */
export function sayPlainly(
  error: unknown,
  log: Pick<Logger, 'error'>,
  request: { method: string; route: string; requestId?: string },
): PlainAnswer {
  const headers: Record<string, string> = { 'Content-Type': 'text/plain; charset=UTF-8' };
  if (!(error instanceof AppError)) {
    log.error({ err: error, ...request }, 'a protocol call failed');
    return { status: 500, headers, text: 'Rollcall could not answer; try again later.' };
  }
  if (error.code === 'unauthorized') headers['WWW-Authenticate'] = 'Basic realm="Rollcall"';
  if (error.code === 'too_many' || error.code === 'overloaded')
    headers['Retry-After'] = String(error.retryAfter ?? retryAfter);
  return { status: error.status, headers, text: error.message };
}

export function answerPlainly(error: Error, c: Context, log: Pick<Logger, 'error'>): Response {
  const requestId = c.res.headers.get('X-Request-Id') ?? undefined;
  const request = { method: c.req.method, route: routePath(c), requestId };
  const { status, headers, text } = sayPlainly(error, log, request);
  return c.body(text, status, headers);
}
