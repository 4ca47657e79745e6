import { HereDocuments } from './here-documents.ts';
import { type Piece, ShellCursor, Unreadable } from './shell-cursor.ts';

/** What a reader of commands found. */
export interface Commands {
  pieces: Piece[];
  faults: { line: number; message: string }[];
  /** False: blank lines and comments are all there is. */
  holdsCommand: boolean;
}

/** Expansions whose end is plain to see: no quotes and no further expansions in them. */
const simpleParameter = /\$\{[^{}'"`\\$\n]*\}/y;
const simpleBackticks = /`(?:[^`'"\\${}\n]|\{\{[^{}\n]*\}\})*`/y;

/**
 * Reads commands of a POSIX shell as far as it takes to know where a quoted value may stand. What cannot be read with
 * certainty is a fault: a shell that reads it otherwise might take a value for commands. Pure.
 * @param firstLine number of the text's first line in its template
 */
export function readCommands(text: string, firstLine: number): Commands {
  const reader = new ShellReader(new ShellCursor(text, firstLine));
  return reader.read();
}

class ShellReader {
  readonly #cursor: ShellCursor;
  readonly #documents: HereDocuments;
  #holdsCommand = false;

  constructor(cursor: ShellCursor) {
    this.#cursor = cursor;
    this.#documents = new HereDocuments(cursor);
  }

  read(): Commands {
    const cursor = this.#cursor;
    try {
      this.#readList(null);
      this.#documents.finish();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      cursor.fault(error.message, error.at);
      // It stands there all the same.
      this.#holdsCommand = true;
    }
    return { pieces: cursor.finish(), faults: cursor.faults, holdsCommand: this.#holdsCommand };
  }

  /** @param inside what the commands stand in, up to its `)`; null: nothing, up to the end of the text */
  #readList(inside: string | null): void {
    const cursor = this.#cursor;
    const opened = cursor.at;
    let depth = 0;
    let wordBegins = true;
    while (cursor.at < cursor.text.length) {
      const char = cursor.text[cursor.at]!;
      if (inside !== null) {
        if (char === ')' && depth === 0) {
          cursor.at += 1;
          return;
        }
        if (wordBegins) refuseIntricate(cursor, inside);
        if (char === '(') depth += 1;
        if (char === ')') depth -= 1;
      }
      const isComment: boolean = char === '#' && wordBegins;
      if (!isComment && !/\s/.test(char)) this.#holdsCommand = true;
      if (isComment) skipComment(cursor);
      else this.#readOne(char, inside);
      // A continued line is one line: where a word was to begin it still is.
      const continued = char === '\\' && cursor.text[cursor.at - 1] === '\n';
      wordBegins = isComment || (continued ? wordBegins : /[\s;&|()<>]/.test(char));
    }
    if (inside !== null) throw new Unreadable(`${inside} is not closed`, opened);
  }

  #readOne(char: string, inside: string | null): void {
    const cursor = this.#cursor;
    if (char === '\\') escape(cursor);
    else if (char === "'") this.#skipSingle();
    else if (char === '"') this.#readDouble();
    else if (char === '$') this.#readExpansion(inside);
    else if (char === '`') cursor.skipShape(simpleBackticks, 'backticks');
    else if (cursor.startsWith('{{')) cursor.readPlaceholder(inside);
    else if (cursor.startsWith('<<<')) cursor.at += 3;
    else if (cursor.startsWith('<<')) this.#announce(inside);
    else if (char === '\n') this.#endLine(inside);
    else cursor.at += 1;
  }

  #skipSingle(): void {
    const cursor = this.#cursor;
    const end = cursor.text.indexOf("'", cursor.at + 1);
    if (end < 0) throw new Unreadable('a single quote is not closed', cursor.at);
    this.#documents.refuseLineEnd(cursor.at, end);
    cursor.skipTo(end + 1, 'single quotes');
  }

  #readDouble(): void {
    const cursor = this.#cursor;
    const opened = cursor.at;
    cursor.at += 1;
    while (cursor.at < cursor.text.length) {
      const char = cursor.text[cursor.at]!;
      if (char === '"') {
        this.#documents.refuseLineEnd(opened, cursor.at);
        cursor.at += 1;
        return;
      }
      if (char === '\\') cursor.at += 2;
      else if (char === '$') this.#readExpansion('double quotes');
      else if (char === '`') cursor.skipShape(simpleBackticks, 'backticks');
      else if (cursor.startsWith('{{')) cursor.readPlaceholder('double quotes');
      else cursor.at += 1;
    }
    throw new Unreadable('a double quote is not closed', opened);
  }

  #readExpansion(inside: string | null): void {
    const cursor = this.#cursor;
    if (cursor.startsWith('${{')) {
      cursor.fault('a placeholder must not follow a $');
      cursor.at += 1;
    } else if (cursor.startsWith('$(')) {
      cursor.at += 2;
      this.#readList('$(…)');
    } else if (cursor.startsWith('${')) cursor.skipShape(simpleParameter, '${…}');
    else if (cursor.startsWith('$[') || (cursor.startsWith("$'") && inside !== 'double quotes')) {
      throw new Unreadable(
        `${cursor.text.slice(cursor.at, cursor.at + 2)} is not read alike by all shells`,
        cursor.at,
      );
    } else cursor.at += 1;
  }

  #announce(inside: string | null): void {
    if (inside === null) this.#documents.announce();
    else throw new Unreadable(`a here-document must not stand inside ${inside}`, this.#cursor.at);
  }

  #endLine(inside: string | null): void {
    const cursor = this.#cursor;
    cursor.at += 1;
    if (inside === null) this.#documents.skip();
    else this.#documents.refuseLineEnd(cursor.at - 1, cursor.at);
  }
}

/** Where these stand inside a `$(…)`, its end is not plain to see. */
function refuseIntricate(cursor: ShellCursor, inside: string): void {
  const found = /^(#|case\b)/.exec(cursor.text.slice(cursor.at, cursor.at + 5))?.[1];
  if (!found) return;
  const what = found === '#' ? 'a comment' : found;
  throw new Unreadable(`${what} must not stand inside ${inside}`, cursor.at);
}

function skipComment(cursor: ShellCursor): void {
  const end = cursor.text.indexOf('\n', cursor.at);
  cursor.skipTo(end < 0 ? cursor.text.length : end, 'a comment');
}

function escape(cursor: ShellCursor): void {
  const next = cursor.text.slice(cursor.at + 1, cursor.at + 3);
  if (next === '{{') cursor.fault('a placeholder must not follow a backslash');
  // The shell joins the lines before it looks at what begins there.
  if (next[0] === '\n' && /[$<]/.test(cursor.text[cursor.at - 1] ?? '')) {
    throw new Unreadable('a line must not be continued here', cursor.at);
  }
  cursor.at = Math.min(cursor.at + (next === '{{' ? 1 : 2), cursor.text.length);
}
