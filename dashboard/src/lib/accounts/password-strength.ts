/** As the server wants it: `server/contract/accounts.ts`. */
export const shortestPassword = 12;
export const longestPassword = 200;

export interface Strength {
  /** 0: not accepted; 1: accepted, and easy to guess; 2: good; 3: strong. */
  level: 0 | 1 | 2 | 3;
  words: string;
}

const common = /password|passwort|qwert[yz]|asdf|letmein|welcome|admin|rollcall|iloveyou|dragon/g;
const classes: [pattern: RegExp, size: number][] = [
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/[0-9]/, 10],
  [/[^a-zA-Z0-9]/, 32],
];

/**
 * A hint, not a rule: about how much there is to guess. What others know of the person, common words, repetitions and
 * runs count as next to nothing. Pure.
 * @param known words that somebody else would try first, such as name and email address
 */
export function judgePassword(password: string, known: string[]): Strength {
  const missing = shortestPassword - [...password].length;
  if (missing > 0) {
    return { level: 0, words: `${missing} more character${missing === 1 ? '' : 's'} needed` };
  }
  if (password.length > longestPassword) {
    return { level: 0, words: `At most ${longestPassword} characters` };
  }
  const rest = withoutGuessable(password, known);
  const alphabet = classes.reduce((sum, [of, size]) => sum + (of.test(password) ? size : 0), 0);
  const bits = rest * Math.log2(Math.max(alphabet, 2));
  if (bits < 50) return { level: 1, words: 'Easy to guess: add words that do not belong together' };
  if (bits < 80) return { level: 2, words: 'Good' };
  return { level: 3, words: 'Strong' };
}

/** How many characters are left that must be guessed one by one. */
function withoutGuessable(password: string, known: string[]): number {
  let text = password.toLowerCase().replaceAll(common, '\u0000');
  const parts = known.flatMap((words) => words.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  for (const part of parts) {
    if (part.length >= 3) text = text.replaceAll(part, '\u0000');
  }
  const codes = [...text].map((letter) => letter.codePointAt(0) ?? 0);
  const fresh = codes.filter((code, index) => {
    const before = codes[index - 1];
    return before === undefined || Math.abs(code - before) > 1;
  });
  // The same few letters over and over say little more than once.
  return Math.min(fresh.length, 2.5 * new Set(fresh).size);
}
