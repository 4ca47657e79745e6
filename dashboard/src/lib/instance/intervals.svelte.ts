import type { UptimeInterval, UptimeIntervals } from '#contract/activity.ts';
import type { Instant } from '#contract/instance.ts';
import { type ApiError, toApiError } from '../api.ts';
import { instanceApi } from './instance-api.ts';

type Named = Parameters<typeof instanceApi.intervals>[0];

/** What a ratio counted, read a page at a time. */
export class Intervals {
  totals = $state.raw<UptimeIntervals['totals'] | null>(null);
  shown = $state.raw<readonly UptimeInterval[]>([]);
  next = $state.raw<Instant | null>(null);
  error = $state.raw<ApiError | null>(null);
  busy = $state(false);
  readonly from: Instant;
  readonly to: Instant;
  readonly #instance: Named;

  constructor(instance: Named, from: Instant, to: Instant) {
    this.#instance = instance;
    this.from = from;
    this.to = to;
  }

  async load() {
    if (this.busy) return;
    this.busy = true;
    try {
      const read = await instanceApi.intervals(this.#instance, this.from, this.to, this.next);
      this.totals = read.totals;
      this.shown = [...this.shown, ...read.intervals];
      this.next = read.next;
      this.error = null;
    } catch (error) {
      this.error = toApiError(error);
    } finally {
      this.busy = false;
    }
  }
}
