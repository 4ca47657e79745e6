export { idLimit, integerLimit, isReservedName, isStorable } from '#contract/text.ts';

/** Longest other text. */
export const textLimit = 256;

/** Text quoted in a message: short, whatever was sent. */
export function quote(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return JSON.stringify(short.toWellFormed());
}
