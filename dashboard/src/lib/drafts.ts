/** By what they hold: what comes from the server is new each time. */
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

const namesOf = <V extends object>(values: V) => Object.keys(values) as (keyof V)[];

/** What is another now than what the typing began with. */
export function findTouched<V extends object>(base: V, typed: V): (keyof V)[] {
  return namesOf(base).filter((name) => !same(base[name], typed[name]));
}

/**
 * What becomes of something that somebody is typing once others have saved it: what was not touched follows (`follow`),
 * what was typed stays; what is another now on the server, too, and not what was typed, is contended.
 */
export function reconcile<V extends object>(
  base: V,
  typed: V,
  present: V,
): { follow: (keyof V)[]; contended: (keyof V)[] } {
  const touched = findTouched(base, typed);
  return {
    follow: namesOf(present).filter((name) => !touched.includes(name)),
    contended: touched.filter(
      (name) => !same(base[name], present[name]) && !same(typed[name], present[name]),
    ),
  };
}
