import type { UptimeRange, UptimeReport } from '#contract/activity.ts';
import type { Bar, InstanceSummary } from '#contract/instance.ts';
import { growBar } from '#domain/uptime.ts';
import { type ApiError, toApiError } from '../api.ts';
import { holdsNow, statusValue } from '../instance-words.ts';
import { instanceApi } from './instance-api.ts';

type Named = Parameters<typeof instanceApi.uptime>[0];

/** The graph of an instance's uptime, kept current with its page. */
export class UptimeView {
  range: UptimeRange;
  report = $state.raw<UptimeReport | null>(null);
  /** Why the range that was asked for is not here. */
  error = $state.raw<ApiError | null>(null);
  readonly #instance: Named;
  #asking = new AbortController();

  constructor(instance: Named, range: UptimeRange) {
    this.#instance = instance;
    this.range = $state.raw(range);
  }

  /** The range that was asked for is not here yet. */
  get loading(): boolean {
    return this.report?.range !== this.range && this.error === null;
  }

  async ask(range: UptimeRange) {
    if (range === this.range && this.error === null) return;
    this.#asking.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.range = range;
    this.error = null;
    try {
      this.apply(await this.fetch(signal));
    } catch (error) {
      if (!signal.aborted) this.error = toApiError(error);
    }
  }

  fetch = (signal: AbortSignal): Promise<UptimeReport> =>
    instanceApi.uptime(this.#instance, this.range, signal);

  apply(report: UptimeReport) {
    if (report.range !== this.range) return;
    this.report = report;
    this.error = null;
  }

  /** A range could not be read. Hands back whether an older report of it stays. */
  fail(range: UptimeRange, error: unknown): boolean {
    if (this.report?.range === range) return true;
    if (range === this.range) this.error = toApiError(error);
    return false;
  }

  stop() {
    this.#asking.abort();
  }
}

/**
 * The bars at `now` (milliseconds), the last one grown by the status that holds, at most to the end of the axis.
 * @param row null: its status is not known, so nothing grows
 */
export function growBars(
  { bars, axis, asOf }: UptimeReport,
  row: InstanceSummary | null,
  now: number,
): Bar[] {
  const end = Date.parse(axis.edges.at(-1) ?? '');
  const last = bars.at(-1);
  if (last === undefined || row === null) return bars;
  const until = Math.min(now, end);
  const grown = growBar(last, Date.parse(asOf), until, statusValue(row), holdsNow(row));
  return [...bars.slice(0, -1), grown];
}
