import { type AppStatus, appStatuses } from '#contract/status.ts';
import { AppError } from '#server/errors.ts';
import { idLimit, integerLimit, isStorable, quote, textLimit } from '#server/text.ts';
import type { HeaderReader } from './bounded-headers.ts';
import { decodeHeader } from './decode-header.ts';

/** Typed reading of headers that remembers which of them it could not read. */
export class HeaderValues {
  readonly ignored: string[] = [];
  readonly #read: HeaderReader;

  constructor(read: HeaderReader) {
    this.#read = read;
  }

  /** The header's text; undefined when it is absent or empty. */
  raw(header: string): string | undefined {
    const value = this.#read(lowerCaseOf(header))?.trim();
    return value ? decodeHeader(value) : undefined;
  }

  /** @throws AppError invalid */
  id(header: string): string | undefined {
    const value = this.raw(header);
    if (value === undefined || (value.length <= idLimit && isStorable(value))) return value;
    throw new AppError('invalid', `${header} must be at most ${idLimit} characters of text.`);
  }

  text(header: string): string | undefined {
    const value = this.raw(header);
    if (value === undefined || (value.length <= textLimit && isStorable(value))) return value;
    return this.ignore(header);
  }

  flag(header: string): boolean | undefined {
    const value = this.raw(header)?.toLowerCase();
    if (value === 'true' || value === '1') return true;
    if (value === 'false' || value === '0') return false;
    return value === undefined ? undefined : this.ignore(header);
  }

  integer(header: string): number | undefined {
    const value = this.raw(header);
    if (value === undefined) return undefined;
    const number = parseInteger(value);
    return number ?? this.ignore(header);
  }

  /** @throws AppError invalid */
  count(header: string): number | undefined {
    const value = this.raw(header);
    if (value === undefined) return undefined;
    const number = parseInteger(value);
    if (number !== undefined) return number;
    throw new AppError('invalid', `${header} must be a whole number, not ${quote(value)}.`);
  }

  /** @throws AppError invalid */
  status(header: string): AppStatus | undefined {
    const value = this.raw(header);
    const known = appStatuses.find((status) => status === value);
    if (value === undefined || known) return known;
    throw new AppError(
      'invalid',
      `${header} must be one of ${appStatuses.join(', ')}, not ${quote(value)}.`,
    );
  }

  ignore(header: string): undefined {
    this.ignored.push(header);
  }
}

function parseInteger(value: string): number | undefined {
  const number = /^\d{1,10}$/.test(value) ? Number(value) : NaN;
  return number <= integerLimit ? number : undefined;
}

/** Header names are few and known; their lower-case form is worked out once. */
const lowerCase = new Map<string, string>();

function lowerCaseOf(header: string): string {
  let name = lowerCase.get(header);
  if (name === undefined) lowerCase.set(header, (name = header.toLowerCase()));
  return name;
}
