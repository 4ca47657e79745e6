import { type ShellCursor, Unreadable } from './shell-cursor.ts';

const operator = /<<(-?)[ \t]*(\\?)(['"]?)([A-Za-z_]\w*)\3(?=[\s;&|<>()]|$)/y;

interface HereDocument {
  end: string;
  /** Written `<<-`: tabs before its lines mean nothing. */
  tabs: boolean;
  /** Nothing in it is expanded. */
  literal: boolean;
  at: number;
}

/** The here-documents of some commands: announced on a line, written below it. */
export class HereDocuments {
  readonly #cursor: ShellCursor;
  #pending: HereDocument[] = [];

  constructor(cursor: ShellCursor) {
    this.#cursor = cursor;
  }

  /** At a `<<`. @throws Unreadable */
  announce(): void {
    const cursor = this.#cursor;
    operator.lastIndex = cursor.at;
    const found = operator.exec(cursor.text);
    if (!found) {
      throw new Unreadable(
        'the end of a here-document must be a plain word, such as EOF',
        cursor.at,
      );
    }
    const [whole, tabs, escaped, quote, end] = found;
    const literal = escaped !== '' || quote !== '';
    this.#pending.push({ end: end!, tabs: tabs === '-', literal, at: cursor.at });
    cursor.at += whole.length;
  }

  /** Between the operator and its document no line may end that is inside something else. @throws Unreadable */
  refuseLineEnd(from: number, to: number): void {
    const [waiting] = this.#pending;
    if (!waiting || !this.#cursor.text.slice(from, to).includes('\n')) return;
    throw new Unreadable('a here-document must begin on the line after its <<', waiting.at);
  }

  /** At the beginning of a line: goes past those that begin here. @throws Unreadable */
  skip(): void {
    for (const one of this.#pending) this.#skipOne(one);
    this.#pending = [];
  }

  /** At the end of all. @throws Unreadable */
  finish(): void {
    if (this.#pending[0]) throw new Unreadable('a here-document is missing', this.#pending[0].at);
  }

  #skipOne({ end, tabs, literal, at }: HereDocument): void {
    const cursor = this.#cursor;
    const { text } = cursor;
    while (cursor.at < text.length) {
      const newline = text.indexOf('\n', cursor.at);
      const stop = newline < 0 ? text.length : newline;
      const row = text.slice(cursor.at, stop);
      const next = Math.min(stop + 1, text.length);
      if ((tabs ? row.replace(/^\t+/, '') : row) === end) {
        cursor.at = next;
        return;
      }
      // Where it is expanded, the next line, even the last, is part of this one.
      if (!literal && row.endsWith('\\')) {
        throw new Unreadable('a line of a here-document must not end with a backslash', cursor.at);
      }
      cursor.skipTo(next, 'a here-document');
    }
    throw new Unreadable(`a here-document is not ended by a line ${end}`, at);
  }
}
