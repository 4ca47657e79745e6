import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { AppError } from '#server/errors.ts';
import type { DoorEnv } from './env.ts';

/** Bytes. People's requests are short; reports of instances, which are not, have limits of their own. */
const bodyBytes = 64 * 1024;
const headerBytes = 32 * 1024;
/** Where contents of files come in, which have bounds of their own (server/files/). */
const uploads = /^\/api\/apps\/[^/]+\/releases\/[^/]+\/files(\/[^/]+)?$/;
/** An edit of a customer may bring a whole license document. */
const longer = { method: 'PATCH', path: /^\/api\/customers\/[^/]+$/, bytes: 4 * 1024 * 1024 };

/** Bounds what one request to the API may make the server read, and keeps its answers out of every cache. */
export function apiLimits(): MiddlewareHandler<DoorEnv> {
  const limitBody = boundBody(bodyBytes, '64 KB');
  const limitLonger = boundBody(longer.bytes, '4 MB');
  return async (c, next) => {
    c.header('Cache-Control', 'no-store');
    let size = c.req.url.length;
    for (const [name, value] of Object.entries(c.req.header())) size += name.length + value.length;
    if (size > headerBytes) {
      throw new AppError('headers_too_large', 'Address and headers are longer than 32 KB.');
    }
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    if (uploads.test(c.req.path)) return next();
    const isLonger = c.req.method === longer.method && longer.path.test(c.req.path);
    await (isLonger ? limitLonger : limitBody)(c, next);
  };
}

function boundBody(maxSize: number, words: string): MiddlewareHandler<DoorEnv> {
  return bodyLimit({
    maxSize,
    onError() {
      throw new AppError('too_large', `The body is larger than ${words}.`);
    },
  });
}
