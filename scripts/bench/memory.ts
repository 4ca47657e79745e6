import type { Figure } from './figures.ts';
import { memoryOf } from './processes.ts';
import type { Stage } from './stage.ts';

/** What the server holds in memory after all that was asked of it. */
export function measureMemory({ pid }: Stage): Promise<Figure[]> {
  const { now, most } = memoryOf(pid);
  return Promise.resolve([
    {
      name: 'server memory (RSS)',
      value: now,
      unit: 'MB',
      target: { most: 300 },
      note: `at most ${Math.round(most)} MB`,
    },
  ]);
}
