import type { Random } from './random.ts';

/** Things that are yet to happen; all of them can be called off at once. */
export interface Timers {
  later(milliseconds: number, act: () => void): void;
  /** Again and again, on its own time around a mean. */
  repeat(mean: number, random: Random, act: () => void): void;
  clear(): void;
}

export function createTimers(): Timers {
  const pending = new Set<NodeJS.Timeout>();
  const later = (milliseconds: number, act: () => void): void => {
    const timer = setTimeout(() => {
      pending.delete(timer);
      act();
    }, milliseconds);
    pending.add(timer);
  };
  const repeat = (mean: number, random: Random, act: () => void): void => {
    const again = (): void => {
      act();
      later(Math.min(random.wait(mean), 4 * mean), again);
    };
    later(Math.min(random.wait(mean), 2 * mean), again);
  };
  return {
    later,
    repeat,
    clear: () => {
      for (const timer of pending) clearTimeout(timer);
      pending.clear();
    },
  };
}
