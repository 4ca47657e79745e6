/** A stretch of text as it is, or a place for a value. */
export type Piece = string | { placeholder: string; line: number };

const placeholder = /\{\{([^{}\n]*)\}\}/y;

/** What no reading goes past: from here on a shell may read the text otherwise. */
export class Unreadable extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** A place in a text of commands, with the pieces and the faults found up to there. */
export class ShellCursor {
  readonly text: string;
  readonly pieces: Piece[] = [];
  readonly faults: { line: number; message: string }[] = [];
  at = 0;
  readonly #firstLine: number;
  /** Where the text begins that is in no piece yet. */
  #from = 0;

  constructor(text: string, firstLine: number) {
    this.text = text;
    this.#firstLine = firstLine;
  }

  startsWith(what: string): boolean {
    return this.text.startsWith(what, this.at);
  }

  lineAt(offset: number): number {
    return this.#firstLine + this.text.slice(0, offset).split('\n').length - 1;
  }

  fault(message: string, at = this.at): void {
    this.faults.push({ line: this.lineAt(at), message });
  }

  /** Goes to `end`; no placeholder may stand on the way. */
  skipTo(end: number, inside: string): void {
    while (this.at < end) {
      const next = this.text.indexOf('{{', this.at);
      if (next < 0 || next >= end) break;
      this.at = next;
      this.readPlaceholder(inside);
    }
    this.at = end;
  }

  /** Goes past what is written in this (sticky) shape. @throws Unreadable */
  skipShape(shape: RegExp, what: string): void {
    shape.lastIndex = this.at;
    const found = shape.exec(this.text);
    if (!found) throw new Unreadable(`${what} is too intricate to be read with certainty`, this.at);
    this.skipTo(this.at + found[0].length, what);
  }

  /** @param inside where no value may stand; null: here it may */
  readPlaceholder(inside: string | null): void {
    placeholder.lastIndex = this.at;
    const found = placeholder.exec(this.text);
    if (!found) {
      this.fault('{{ begins a placeholder that is not closed by }}');
      this.at += 2;
      return;
    }
    const name = found[1]!.trim();
    const end = this.at + found[0].length;
    if (inside !== null) {
      this.fault(`{{${name}}} must not stand inside ${inside}: it brings its own quotes`);
    } else {
      this.pieces.push(this.text.slice(this.#from, this.at));
      this.pieces.push({ placeholder: name, line: this.lineAt(this.at) });
      this.#from = end;
    }
    this.at = end;
  }

  finish(): Piece[] {
    return [...this.pieces, this.text.slice(this.#from)].filter((piece) => piece !== '');
  }
}
