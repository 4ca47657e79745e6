import type { MiddlewareHandler } from 'hono';
import type { Config } from '#server/config.ts';
import type { DoorEnv } from './env.ts';

/** What is no page needs nothing; the pages have a policy of their own (static.ts). */
const nothingAllowed =
  "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const everywhere = {
  'Content-Security-Policy': nothingAllowed,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};
/** A year. Other hosts of the domain are not ours to decide about. */
const transportSecurity = 'max-age=31536000';

/** Headers that every answer carries, errors included. */
export function answerHeaders(config: Pick<Config, 'publicUrl'>): [name: string, value: string][] {
  return Object.entries({
    ...everywhere,
    ...(config.publicUrl.startsWith('https:')
      ? { 'Strict-Transport-Security': transportSecurity }
      : {}),
  });
}

/** Gives answers their headers. A route that sets one of them itself has the last word. */
export function secureHeaders(config: Pick<Config, 'publicUrl'>): MiddlewareHandler<DoorEnv> {
  const headers = answerHeaders(config);
  return async (c, next) => {
    for (const [name, value] of headers) c.header(name, value);
    await next();
    // An answer that was made without the context (by a library) has not taken them along.
    if (c.res.headers.has('X-Content-Type-Options')) return;
    for (const [name, value] of headers) c.res.headers.set(name, value);
    c.res.headers.set('X-Request-Id', c.get('requestId'));
  };
}
