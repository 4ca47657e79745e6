/** Without what is mistaken for something else when it is read aloud or copied by hand: 0 O 1 l I. */
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Four groups of five: 100 bits, which nobody guesses and somebody can type. */
export function makePassword(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(20));
  // 32 letters: every byte falls on each of them equally often.
  const letters = [...bytes].map((byte) => alphabet[byte % alphabet.length]);
  return [0, 5, 10, 15].map((at) => letters.slice(at, at + 5).join('')).join('-');
}
