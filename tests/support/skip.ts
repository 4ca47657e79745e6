import type { Test } from 'uvu';

/** Leaves a test out and says so, with the reason, in the run's output. */
export function skipAloud(test: Test, name: string, reason: string): void {
  console.log(`skipped: ${name} (${reason})`);
  test.skip(name);
}
