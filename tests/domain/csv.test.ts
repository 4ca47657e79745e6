import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeCsvLine } from '#domain/csv.ts';

/** Reads one line as a spreadsheet does (RFC 4180). */
export function readCsvLine(line: string): string[] {
  const cells: string[] = [];
  let rest = line;
  for (;;) {
    const quoted = /^"((?:[^"]|"")*)"(,|\r\n$)/.exec(rest);
    const [all, cell, end] = quoted ?? /^([^",\r\n]*)(,|\r\n$)/.exec(rest) ?? [];
    if (all === undefined) throw new Error(`no CSV: ${rest}`);
    cells.push(quoted ? cell!.replaceAll('""', '"') : cell!);
    if (end !== ',') return cells;
    rest = rest.slice(all.length);
  }
}

test('cells are written plainly, and in quotes where they must be', () => {
  assert.is(writeCsvLine(['a', 1, true, null, 'b c']), 'a,1,true,,b c\r\n');
  assert.is(writeCsvLine(['a,b', 'say "so"', 'two\nlines']), '"a,b","say ""so""","two\nlines"\r\n');
});

test('no cell is a formula, however it begins', () => {
  const cells = ['=1+1', '+1', -5, '@SUM(A1)', '\t=1', '\r=1', 'a=1', ' =1'];
  const written = "'=1+1,'+1,'-5,'@SUM(A1),'\t=1,\"'\r=1\",a=1, =1\r\n";
  assert.is(writeCsvLine(cells), written);
});

test('whatever an instance wrote is read back as it was, behind an apostrophe where it began like a formula', () => {
  const text = fc.string({ unit: fc.constantFrom(...'=+-@\t\r\n",\'aé ') });
  fc.assert(
    fc.property(fc.array(text, { minLength: 1 }), (cells) => {
      const read = readCsvLine(writeCsvLine(cells));
      assert.equal(
        read,
        cells.map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)),
      );
    }),
  );
});

test.run();
