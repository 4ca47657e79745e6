import type { InstanceSummary, Instant } from '#contract/instance.ts';
import type { Reports } from '#server/reports/index.ts';
import type { Logger } from 'pino';

const mostInLoad = 1_000;
const longestRest = 2_000;

export interface Loaded {
  /** The earliest moment up to which one of them is reckoned. */
  asOf: Instant;
  summaries: Map<number, InstanceSummary>;
}

/** Reads the summaries that rooms wait for, and knows how well that goes. */
export class SummaryLoader {
  readonly #reports: Pick<Reports, 'summariesAsOf'>;
  readonly #log: Logger;
  /** Failures in a row. */
  failures = 0;
  failuresEver = 0;
  loadedEver = 0;
  /** When the last try ended, on the process's monotonic clock. */
  triedAt = -Infinity;
  newestCheckInAt: string | null = null;
  #failingSince: number | null = null;

  constructor(reports: Pick<Reports, 'summariesAsOf'>, log: Logger) {
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
  async load(ids: Set<number>): Promise<Loaded | null> {
    const all = [...ids];
    const loaded: Loaded = { asOf: '', summaries: new Map() };
    try {
      for (let from = 0; from < all.length; from += mostInLoad) {
        const { asOf, instances } = await this.#reports.summariesAsOf(
          all.slice(from, from + mostInLoad),
        );
        loaded.asOf ||= asOf;
        for (const summary of instances) this.#add(loaded.summaries, summary);
      }
      this.forget();
      this.loadedEver += loaded.summaries.size;
      return loaded;
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
