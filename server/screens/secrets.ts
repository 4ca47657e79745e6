import { createHash, randomBytes } from 'node:crypto';

/** 192 random bits, in letters that go into an address as they are; short enough to be typed with a remote control. */
export const makeToken = (): string => `rcw_${randomBytes(24).toString('base64url')}`;

/** Whether this could be a token at all: what could not is not looked up. */
export const isToken = (text: string): boolean => /^rcw_[\w-]{32}$/.test(text);

/** What is kept of a token. Nobody guesses 192 bits, so nothing slower is needed. */
export const hashToken = (token: string): string =>
  createHash('sha256').update(token).digest('hex');

/** The first characters, to tell a token by; what remains is still past guessing. */
export const hintOf = (token: string): string => token.slice(0, 8);

/** In the name of the screen's cookie and in the handshake. */
export const makeScreenId = (): string => randomBytes(6).toString('hex');
export const isScreenId = (text: unknown): text is string =>
  typeof text === 'string' && /^[0-9a-f]{12}$/.test(text);
