import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { AppError } from '#server/errors.ts';
import type { DoorEnv } from './env.ts';

/** Bytes. People's requests are short; reports of instances, which are not, have limits of their own. */
const bodyBytes = 64 * 1024;
const headerBytes = 32 * 1024;
/** Where contents of files come in, which have bounds of their own (server/files/). */
const uploads = /^\/api\/apps\/[^/]+\/releases\/[^/]+\/files(\/[^/]+)?$/;

/** What may be longer: pictures, and what people write or sign at length. */
const longer = [
  { method: 'PUT', path: /^\/api\/apps\/[^/]+\/logo$/, megabytes: 2 },
  { method: 'PATCH', path: /^\/api\/apps\/[^/]+(\/releases\/\d+)?$/, megabytes: 1 },
  { method: 'POST', path: /^\/api\/apps\/[^/]+\/releases$/, megabytes: 1 },
  { method: 'PATCH', path: /^\/api\/customers\/[^/]+$/, megabytes: 4 },
];

/** Bounds what one request to the API may make the server read, and keeps its answers out of every cache. */
export function apiLimits(): MiddlewareHandler<DoorEnv> {
  const limitBody = boundBody(bodyBytes, '64 KB');
  const limitLonger = longer.map(({ megabytes, ...route }) => ({
    ...route,
    limit: boundBody(megabytes * 1024 * 1024, `${megabytes} MB`),
  }));
  return async (c, next) => {
    c.header('Cache-Control', 'no-store');
    let size = c.req.url.length;
    for (const [name, value] of Object.entries(c.req.header())) size += name.length + value.length;
    if (size > headerBytes) {
      throw new AppError('headers_too_large', 'Address and headers are longer than 32 KB.');
    }
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    if (uploads.test(c.req.path)) return next();
    const own = limitLonger.find((it) => it.method === c.req.method && it.path.test(c.req.path));
    await (own?.limit ?? limitBody)(c, next);
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
