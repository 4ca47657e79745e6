import { z } from 'zod';

/** Several values of one parameter, repeated or parted by commas. */
export const queryList = z
  .union([z.string(), z.array(z.string())])
  .transform((value) =>
    (Array.isArray(value) ? value : value.split(',')).filter((item) => item !== ''),
  );
