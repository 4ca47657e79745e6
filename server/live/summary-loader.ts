import type { InstanceSummary } from '#contract/instance.ts';
import type { Reports } from '#server/reports/index.ts';
import type { Logger } from 'pino';

const mostInLoad = 1_000;
const longestRest = 2_000;

/** Reads the summaries that rooms wait for, and knows how well that goes. */
export class SummaryLoader {
  readonly #reports: Pick<Reports, 'summaries'>;
  readonly #log: Logger;
  /** Failures in a row. */
  failures = 0;
  failuresEver = 0;
  loadedEver = 0;
  /** When the last try ended, on the process's monotonic clock. */
  triedAt = -Infinity;
  newestCheckInAt: string | null = null;
  #failingSince: number | null = null;

  constructor(reports: Pick<Reports, 'summaries'>, log: Logger) {
    this.#reports = reports;
    this.#log = log;
  }

  /** Milliseconds for which nothing could be read; 0 while all is well. */
  get failingFor(): number {
    return this.#failingSince === null ? 0 : performance.now() - this.#failingSince;
  }

  /** Milliseconds to wait after the last try before the next one. */
  get rest(): number {
    return this.failures === 0 ? 0 : Math.min(longestRest, 100 * 2 ** this.failures);
  }

  /** Nothing is waited for any more, so nothing is failing. */
  forget(): void {
    this.failures = 0;
    this.#failingSince = null;
  }

  /** Null: they could not be read now. Never rejects. */
  async load(ids: Set<number>): Promise<Map<number, InstanceSummary> | null> {
    const found = new Map<number, InstanceSummary>();
    try {
      const all = [...ids];
      for (let from = 0; from < all.length; from += mostInLoad) {
        const chunk = await this.#reports.summaries(all.slice(from, from + mostInLoad));
        for (const summary of chunk) this.#add(found, summary);
      }
      this.forget();
      this.loadedEver += found.size;
      return found;
    } catch (error) {
      this.failures += 1;
      this.failuresEver += 1;
      this.#failingSince ??= performance.now();
      this.#log.warn(
        { err: error, failures: this.failures },
        'changed instances could not be read',
      );
      return null;
    } finally {
      this.triedAt = performance.now();
    }
  }

  #add(found: Map<number, InstanceSummary>, summary: InstanceSummary): void {
    found.set(summary.id, summary);
    const newest = this.newestCheckInAt;
    if (newest === null || newest < summary.lastCheckInAt)
      this.newestCheckInAt = summary.lastCheckInAt;
  }
}
