import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, in letters that go into headers and links as they are. */
export const makeSecret = (): string => randomBytes(32).toString('base64url');

/**
 * What is kept of a secret that chance made. It is looked up by this hash, so how long that takes says nothing of the
 * secret; and nobody guesses 256 bits, so nothing slower is needed.
 */
export const hashSecret = (secret: string): string =>
  createHash('sha256').update(secret).digest('hex');
