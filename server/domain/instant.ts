import type { Instant } from '#contract/instance.ts';
import type { Time } from './model.ts';

/** A moment as it stands on the wire and in statements; null stays null. */
export function toInstant<T extends Time | null>(at: T): Instant | Extract<T, null> {
  return (at === null ? null : new Date(at).toISOString()) as Instant | Extract<T, null>;
}
