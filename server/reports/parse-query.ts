import type { z } from 'zod';
import { AppError } from '#server/errors.ts';

/** Reads a query string by a schema of the contract. Throws AppError('invalid') that names the first bad parameter. */
export function parseQuery<T extends z.ZodType>(
  schema: T,
  given: Record<string, string[]>,
): z.infer<T> {
  for (const [name, values] of Object.entries(given)) {
    // PostgreSQL has no such character.
    if (values.some((value) => value.includes('\0'))) refuse(name, 'it holds a NUL character');
  }
  const query = Object.fromEntries(
    Object.entries(given).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  return refuse(String(path[0]), message);
}

export function refuse(parameter: string, why: string): never {
  throw new AppError('invalid', `The query parameter "${parameter}" is wrong: ${why}.`);
}
