import type { Random } from './random.ts';

/** Everybody's turn, again and again, in an order that changes a little each round. */
export interface Ring<T> {
  next(): T | undefined;
  add(item: T): void;
}

export function createRing<T>(items: readonly T[], random: Random): Ring<T> {
  const ring = [...items];
  const swap = (left: number, right: number): void => {
    [ring[left], ring[right]] = [ring[right] as T, ring[left] as T];
  };
  for (let index = ring.length - 1; index > 0; index -= 1) swap(index, random.int(0, index));
  let position = 0;
  return {
    next() {
      if (ring.length === 0) return undefined;
      position %= ring.length;
      // Only among the next few, and never past the end: so nobody waits two rounds.
      const reach = Math.min(Math.floor(ring.length / 4), ring.length - 1 - position);
      swap(position, position + random.int(0, reach));
      position += 1;
      return ring[position - 1];
    },
    add: (item) => {
      ring.push(item);
    },
  };
}
