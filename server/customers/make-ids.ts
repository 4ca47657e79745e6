import { randomInt } from 'node:crypto';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const licenseIdLength = 27;

/** A license id that nobody guesses: some 160 random bits, in the form that Replicated's have. */
export const makeLicenseId = (): string =>
  Array.from({ length: licenseIdLength }, () => base62[randomInt(base62.length)]).join('');

/** The longest id that is made from a name; room is left for a number. */
const slugLength = 60;

/** "Geeglo: Söhne & Co" → "geeglo-sohne-co". Pure. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, slugLength)
    .replace(/^-+|-+$/g, '');
  return slug || 'customer';
}
