import type { IncomingMessage } from 'node:http';
import { isOwnOrigin as isOwn } from '#server/doors/index.ts';

/**
 * Whether a page of this origin may open the live connection. Browsers do not keep pages of other sites from opening
 * one, and they would send the viewer's cookie along; so only our own address may: the one the request was sent to, or
 * PUBLIC_URL. Software that is no browser names no origin.
 */
export function isOwnOrigin(request: IncomingMessage, publicUrl: string): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  return isOwn(origin, host, publicUrl);
}
