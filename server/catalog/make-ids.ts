/** The longest id that is made from names; room is left for a number. */
const longest = 180;

/** Ids for a channel, the first of them the one to have: "acme", "Long term" → acme-long-term, acme-long-term-2 … Pure. */
export function* idsFor(appSlug: string, name: string): Generator<string, never> {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const base = `${appSlug}-${slug || 'channel'}`.slice(0, longest);
  yield base;
  for (let number = 2; ; number += 1) yield `${base}-${number}`;
}
