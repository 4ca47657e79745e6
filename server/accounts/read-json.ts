import type { Context } from 'hono';
import type { z } from 'zod';
import { describeIssues } from '#server/describe-issues.ts';
import { AppError } from '#server/errors.ts';
import { isStorable } from '#server/text.ts';

/** The request's body by a schema of the contract. @throws AppError invalid, naming the first fault */
export async function readJson<T extends z.ZodType>(c: Context, schema: T): Promise<z.infer<T>> {
  let body: unknown;
  try {
    body = JSON.parse(await c.req.text());
  } catch {
    throw new AppError('invalid', 'The body is not JSON.');
  }
  const parsed = schema.safeParse(body, { reportInput: true });
  if (!parsed.success) throw new AppError('invalid', describeIssues(parsed.error.issues));
  const texts = Object.values(parsed.data as object).filter((value) => typeof value === 'string');
  if (!texts.every(isStorable))
    throw new AppError('invalid', 'A text of the body holds a character that cannot be stored.');
  return parsed.data;
}

/** An id, or another name, in the address. @throws AppError not_found for what can be none */
export function readId(c: Context, what: string, parameter = 'id'): string {
  const id = c.req.param(parameter) ?? '';
  if (id === '' || !isStorable(id)) throw new AppError('not_found', `There is no such ${what}.`);
  return id;
}

/** As `readId`, where ids are numbers. */
export function readNumber(c: Context, what: string): number {
  const id = readId(c, what);
  if (!/^\d{1,15}$/.test(id)) throw new AppError('not_found', `There is no such ${what}.`);
  return Number(id);
}
