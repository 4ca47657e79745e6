/** Repeatable chance: the same seed tells the same story, whatever the machine. Never for secrets. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A number from `low` up to, not including, `high`. */
  between(low: number, high: number): number;
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Waiting times of things that happen on their own: mostly short, now and then long. */
  wait(mean: number): number;
  bytes(count: number): Uint8Array;
  /** Chance of its own for one part, so that a new draw elsewhere does not change this part's story. */
  fork(label: string): Random;
}

/** FNV-1a: spreads a label over 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

/** mulberry32: small, fast, and even enough for stories. */
export function createRandom(seed: string | number): Random {
  const name = String(seed);
  let state = hash(name);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    int,
    between: (low, high) => low + next() * (high - low),
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[int(0, items.length - 1)];
      if (item === undefined) throw new Error('There is nothing to pick from.');
      return item;
    },
    wait: (mean) => -Math.log(1 - next()) * mean,
    bytes: (count) => Uint8Array.from({ length: count }, () => int(0, 255)),
    fork: (label) => createRandom(`${name}/${label}`),
  };
}
