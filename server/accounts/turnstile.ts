import { AppError } from '#server/errors.ts';

export interface Turnstile {
  /** Runs `work` once it is its turn. @throws AppError overloaded when too many wait */
  pass<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Lets `atOnce` works run at a time, and `waiting` wait. Whoever hammers at the door with passwords makes others at the
 * door wait, and nobody else: check-ins keep the machine and the database connections.
 */
export function createTurnstile({ atOnce = 2, waiting = 50 } = {}): Turnstile {
  let running = 0;
  const queue: (() => void)[] = [];
  return {
    async pass(work) {
      if (running >= atOnce) {
        if (queue.length >= waiting) {
          throw new AppError('overloaded', 'Too many are signing in; try again in a moment.', {
            retryAfter: 5,
          });
        }
        await new Promise<void>((resolve) => queue.push(resolve));
      } else running += 1;
      try {
        return await work();
      } finally {
        const next = queue.shift();
        if (next) next();
        else running -= 1;
      }
    },
  };
}
