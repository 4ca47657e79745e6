export interface CountSizes {
  /** Pixels of the numbers. */
  number: number;
  /** Pixels of the words below them; 0: there is no room for words. */
  word: number;
  rows: 1 | 2;
}

/** Widths as multiples of the text: digits are equally wide, words are about so. */
const digit = 0.64;
const shape = 1.05;
const letter = 0.6;
const between = 0.55;

const textOf = (count: number) => count.toLocaleString('en').length;

/** How wide one count is. */
function widthOf({ count, word }: { count: number; word: string }, number: number, words: number) {
  const digits = (shape + digit * textOf(count)) * number;
  return Math.max(digits, words * letter * word.length) + between * number;
}

/**
 * The largest numbers with which all counts fit: numbers are key text and never below `least`; words go first.
 * Pure. All in pixels.
 */
export function sizeCounts(
  counts: readonly { count: number; word: string }[],
  room: { width: number; height: number },
  least: number,
): CountSizes {
  const fits = (number: number, words: number, width: number) =>
    counts.reduce((sum, one) => sum + widthOf(one, number, words), 0) <= width;
  const biggest = Math.min(room.height * 0.56, least * 1.8);
  for (let number = biggest; number >= least; number -= 1) {
    const word = number * 0.5;
    if (word >= least * 0.5 && fits(number, word, room.width)) return { number, word, rows: 1 };
  }
  for (let number = biggest; number >= least; number -= 1)
    if (fits(number, 0, room.width)) return { number, word: 0, rows: 1 };
  const half = Math.max(least, Math.min(biggest, room.height * 0.4));
  return { number: half, word: 0, rows: 2 };
}
