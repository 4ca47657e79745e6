import type { Context } from 'hono';
import { integerLimit } from '#contract/text.ts';
import { missing } from './hold.ts';

/** A sequence in the address. @throws AppError not_found for what can be none */
export function sequenceParam(c: Context, name: string): number {
  return readSequence(c.req.param(name)) ?? missing('release');
}

/** Null: it is none. */
export function readSequence(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return null;
  const sequence = Number(text);
  return sequence <= integerLimit ? sequence : null;
}
