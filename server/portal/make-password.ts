import { randomInt } from 'node:crypto';

/** Without what is mistaken for something else when it is read aloud or copied by hand: 0 O 1 l I. */
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

/** 20 letters by chance: 100 bits, which nobody guesses and somebody can type. */
export const makePassword = (): string =>
  Array.from({ length: 20 }, () => alphabet[randomInt(alphabet.length)]).join('');
