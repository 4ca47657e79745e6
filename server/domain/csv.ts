import type { Scalar } from '#contract/instance.ts';

/** A spreadsheet would take such a cell for a formula, and run what an instance wrote into it. */
const formula = /^[=+\-@\t\r]/;

/**
 * One line (RFC 4180). A cell that begins like a formula gets an apostrophe before it, a negative number too; null is an
 * empty cell.
 */
export const writeCsvLine = (cells: readonly Scalar[]): string =>
  `${cells.map(writeCell).join(',')}\r\n`;

function writeCell(value: Scalar): string {
  const text = value === null ? '' : String(value);
  const harmless = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
