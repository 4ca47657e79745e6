import type { Context } from 'hono';
import { routePath } from 'hono/route';
import type { Logger } from 'pino';
import { AppError } from '#server/errors.ts';

/** Seconds after which a client that was turned away may come again, where nothing better is known. */
const retryAfter = 5;

/** An error as the protocol paths answer it: one sentence of plain text, nothing of the inside. */
export function answerPlainly(error: Error, c: Context, log: Pick<Logger, 'error'>): Response {
  if (!(error instanceof AppError)) {
    const route = { method: c.req.method, route: routePath(c) };
    const requestId = c.res.headers.get('X-Request-Id') ?? undefined;
    log.error({ err: error, ...route, requestId }, 'a protocol call failed');
    return c.text('Rollcall could not answer; try again later.', 500);
  }
  if (error.code === 'unauthorized') c.header('WWW-Authenticate', 'Basic realm="Rollcall"');
  if (error.code === 'too_many' || error.code === 'overloaded') {
    c.header('Retry-After', String(error.retryAfter ?? retryAfter));
  }
  return c.text(error.message, error.status);
}
