import { randomInt } from 'node:crypto';
import { isReservedCustomerId } from '#contract/catalog.ts';
import { slugOf } from '#domain/slug.ts';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const licenseIdLength = 27;

/** A license id that nobody guesses: some 160 random bits, in the form that Replicated's have. */
export const makeLicenseId = (): string =>
  Array.from({ length: licenseIdLength }, () => base62[randomInt(base62.length)]).join('');

/** Leaves room for a number. */
const slugLength = 60;

/** The id of a customer of this name, if nobody has it yet. */
export function idOf(name: string): string {
  const slug = slugOf(name, slugLength, 'customer');
  return isReservedCustomerId(slug) ? `${slug}-1` : slug;
}
