import type { Time } from '#domain/model.ts';

/** The database's clock between two of its answers. */
export interface DatabaseClock {
  /** What the database just said. */
  hear(now: Time): void;
  /** What it shows now, or a few milliseconds less; null: too long ago that it was heard. */
  read(): Time | null;
}

/** Milliseconds. Clocks drift, and machines sleep: what was heard is not reckoned on for longer. */
const freshFor = 10_000;

/** @param steady a clock that never jumps, in milliseconds */
export function createDatabaseClock(steady = () => performance.now()): DatabaseClock {
  let heard: { now: Time; at: number } | null = null;
  return {
    hear(now) {
      heard = { now, at: steady() };
    },
    read() {
      if (!heard) return null;
      const since = steady() - heard.at;
      return since > freshFor ? null : Math.floor(heard.now + since);
    },
  };
}
