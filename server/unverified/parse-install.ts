import { type InstallCall, installSteps } from '#domain/install-progress.ts';
import { AppError } from '#server/errors.ts';
import { parseJson } from '#server/ingest/index.ts';
import { idLimit, isStorable, textLimit } from '#server/text.ts';

/** What is kept of a report of KOTS's installer. */
export interface InstallBody extends Record<string, unknown> {
  kotsVersion: string | null;
  cause: string | null;
  /** As the sender's clock had it. */
  at: string | null;
}

const momentOf = {
  start_install: 'started',
  fail_install: 'failed',
  finish_install: 'finished',
} as const satisfies Record<InstallCall, string>;

export const isInstallCall = (word: string): word is InstallCall =>
  Object.hasOwn(installSteps, word);

/** @throws AppError invalid */
export function requireInstallId(id: string): string {
  if (id.trim() !== '' && id.length <= idLimit && isStorable(id)) return id;
  throw new AppError('invalid', 'The install ID in the address must be an id.');
}

/**
 * The body of `{start,fail,finish}_install`; fields it does not know are left alone. Pure.
 * @throws AppError invalid, naming the field
 */
export function parseInstall(call: InstallCall, installId: string, text: string): InstallBody {
  const body = parseJson(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new AppError('invalid', 'The body must be a JSON object.');
  const said = body as Record<string, unknown>;
  const named = readText(said, 'install_id', idLimit);
  if (named !== null && named !== installId)
    throw new AppError('invalid', 'install_id must be the one in the address.');
  return {
    kotsVersion: readText(said, 'kots_version', textLimit),
    cause: readText(said, 'cause', Infinity),
    at: readMoment(readText(said, momentOf[call], textLimit)),
  };
}

function readText(said: Record<string, unknown>, field: string, limit: number): string | null {
  const value = Object.hasOwn(said, field) ? said[field] : undefined;
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string' && value.length <= limit && isStorable(value)) return value;
  const most = limit === Infinity ? '' : ` of at most ${limit} characters`;
  throw new AppError('invalid', `${field} must be text${most}.`);
}

/** KOTS writes the year 1 for a moment that has not come. */
function readMoment(text: string | null): string | null {
  const time = text === null ? NaN : Date.parse(text);
  return time > 0 ? new Date(time).toISOString() : null;
}
