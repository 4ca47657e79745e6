import type { CheckIn } from '#domain/model.ts';
import { AppError } from '#server/errors.ts';
import { isReservedName, isStorable, quote, textLimit } from '#server/text.ts';

export const tagsLimit = 50;

/**
 * The SDK's tag header: base64 of `{"force": bool, "tags": {name: value}}`.
 * @returns null when it holds no tags at all (not reported)
 * @throws AppError invalid, naming `where`
 */
export function parseTagData(base64: string, where: string): CheckIn['tags'] {
  const data = decode(base64, where);
  const tags = data.tags;
  if (tags === undefined || tags === null) return null;
  if (typeof tags !== 'object' || Array.isArray(tags)) throw fault(where, 'tags must be an object');
  if (data.force !== undefined && typeof data.force !== 'boolean') {
    throw fault(where, 'force must be true or false');
  }
  const problem = findTagProblem(tags as Record<string, unknown>);
  if (problem) throw fault(where, problem);
  return { force: data.force ?? false, values: tags as Record<string, string> };
}

/** What is wrong with a set of tags; null: nothing, and every value is a string. */
export function findTagProblem(tags: Record<string, unknown>): string | null {
  const entries = Object.entries(tags);
  if (entries.length > tagsLimit) return `at most ${tagsLimit} tags are taken`;
  for (const [name, value] of entries) {
    if (name === '' || name.length > textLimit || !isStorable(name) || isReservedName(name)) {
      return `the tag name ${quote(name)} cannot be taken`;
    }
    if (typeof value !== 'string') return `the tag ${quote(name)} must be text`;
    if (value.length > textLimit || !isStorable(value)) {
      return `the tag ${quote(name)} must be at most ${textLimit} characters of text`;
    }
  }
  return null;
}

function decode(base64: string, where: string): Record<string, unknown> {
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(base64)) throw fault(where, 'it is not base64');
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
  } catch {
    throw fault(where, 'it is not base64 of JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw fault(where, 'it is not base64 of a JSON object');
  }
  return parsed as Record<string, unknown>;
}

const fault = (where: string, problem: string) =>
  new AppError('invalid', `${where} cannot be read: ${problem}.`);
