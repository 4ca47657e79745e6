import { hash } from 'node:crypto';

/** A short stand-in for a longer part of a report: SHA-1 of its JSON, base64url. Callers sort what has no order. */
export function digest(content: unknown): string {
  return hash('sha1', JSON.stringify(content), 'base64url');
}
