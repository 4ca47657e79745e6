import { slugOf } from '#domain/slug.ts';

/** The longest id that is made from names; room is left for a number. */
const longest = 180;

/** Ids for a channel, the first of them the one to have: "acme", "Long term" → acme-long-term, acme-long-term-2 … Pure. */
export function* idsFor(appSlug: string, name: string): Generator<string, never> {
  const base = `${appSlug}-${slugOf(name, longest, 'channel')}`.slice(0, longest);
  yield base;
  for (let number = 2; ; number += 1) yield `${base}-${number}`;
}
