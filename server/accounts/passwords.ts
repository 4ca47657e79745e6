import { hashPassword, verifyPassword } from 'better-auth/crypto';
import type { Turnstile } from './turnstile.ts';

/** Passwords other than people's, hashed as theirs are and waiting in the same line. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** @param hash null: there is none, which takes as long to find out as that the password is wrong */
  verify(hash: string | null, password: string): Promise<boolean>;
}

/** Of no password: it has the form, and nothing hashes to it. */
const noHash = `${'0'.repeat(32)}:${'0'.repeat(128)}`;

export function createPasswords(turnstile: Turnstile): Passwords {
  return {
    hash: (password) => turnstile.pass(() => hashPassword(password)),
    verify: async (hash, password) => {
      const fits = await turnstile.pass(() => verifyPassword({ hash: hash ?? noHash, password }));
      return fits && hash !== null;
    },
  };
}
