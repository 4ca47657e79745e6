import { z } from 'zod';

/**
 * Values by name. `z.record` alone would drop one that is named `__proto__` without a word.
 * @param error what is wrong with that name
 */
export const namedValues = <Value extends z.ZodType>(
  name: z.ZodType<string, string>,
  value: Value,
  error: string,
) =>
  z
    .unknown()
    .superRefine((given, context) => {
      if (typeof given !== 'object' || given === null || !Object.hasOwn(given, '__proto__')) return;
      context.addIssue({ code: 'custom', path: ['__proto__'], message: error });
    })
    .pipe(z.record(name, value));
