import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { AppError } from '#server/errors.ts';
import type { DoorEnv } from './env.ts';

/** Bytes. People's requests are short; reports of instances, which are not, have limits of their own. */
const bodyBytes = 64 * 1024;
const headerBytes = 32 * 1024;
/** Where contents of files come in, which have bounds of their own (server/files/). */
const uploads = /^\/api\/apps\/[^/]+\/releases\/[^/]+\/files(\/[^/]+)?$/;

/** Bounds what one request to the API may make the server read, and keeps its answers out of every cache. */
export function apiLimits(): MiddlewareHandler<DoorEnv> {
  const limitBody = bodyLimit({
    maxSize: bodyBytes,
    onError() {
      throw new AppError('too_large', 'The body is larger than 64 KB.');
    },
  });
  return async (c, next) => {
    c.header('Cache-Control', 'no-store');
    let size = c.req.url.length;
    for (const [name, value] of Object.entries(c.req.header())) size += name.length + value.length;
    if (size > headerBytes) {
      throw new AppError('headers_too_large', 'Address and headers are longer than 32 KB.');
    }
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    if (uploads.test(c.req.path)) return next();
    await limitBody(c, next);
  };
}
