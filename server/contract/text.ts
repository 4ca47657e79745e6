/** Longest id that is taken from a report, in UTF-16 units; a longer one is refused. */
export const idLimit = 300;
/** Largest whole number: what a PostgreSQL integer holds. */
export const integerLimit = 2_147_483_647;

/** Whether PostgreSQL can keep the text: neither NUL nor half a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** Names that would reach an object's prototype instead of naming a value. */
export function isReservedName(name: string): boolean {
  return name in Object.prototype;
}
