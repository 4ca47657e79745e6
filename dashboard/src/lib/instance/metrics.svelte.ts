import type { MetricHistory, MetricSummary, UptimeRange } from '#contract/activity.ts';
import type { InstanceEventView } from '#contract/instance.ts';
import { type ApiError, toApiError } from '../api.ts';
import { Fetches } from '../list/fetches.ts';
import { Book } from './book.ts';
import { instanceApi } from './instance-api.ts';

type Named = Parameters<typeof instanceApi.metrics>[0];

/** Points that a screen can show; live ones beyond that make the series be read again, thinned. */
const longest = 4_000;

type ReadSeries = (name: string, range: UptimeRange, signal: AbortSignal) => Promise<MetricHistory>;

/** The history of one custom metric, as far as the range reaches. */
export class MetricSeries {
  readonly name: string;
  history = $state.raw<MetricHistory | null>(null);
  error = $state.raw<ApiError | null>(null);
  #range: UptimeRange | null = null;
  readonly #read: ReadSeries;
  readonly #fetches = new Fetches<UptimeRange>();

  constructor(name: string, read: ReadSeries) {
    this.name = name;
    this.#read = read;
  }

  /** Reads it for a range, unless it is here. */
  async show(range: UptimeRange, again = false) {
    if (range === this.#range && !again && this.error === null) return;
    if (range !== this.#range) this.#fetches.abort();
    this.#range = range;
    const signal = this.#fetches.begin(range);
    if (signal === null) return;
    try {
      this.history = await this.#read(this.name, range, signal);
      this.error = null;
    } catch (error) {
      if (!signal.aborted) this.error = toApiError(error);
    } finally {
      this.#fetches.end(range, signal);
    }
  }

  /** A value that was just reported. */
  hear({ at, after }: InstanceEventView) {
    const { history } = this;
    if (history === null || this.#range === null) return;
    const last = history.points.at(-1);
    // One that was uploaded stands somewhere in the past.
    const isNewest = last === undefined || last[0] <= at;
    if (!isNewest || history.points.length >= longest) return void this.show(this.#range, true);
    if (last?.[0] === at && last[1] === after) return;
    this.history = {
      ...history,
      to: at > history.to ? at : history.to,
      points: [...history.points, [at, after]],
      recorded: history.recorded + 1,
    };
  }

  stop() {
    this.#fetches.abort();
  }
}

/** The custom metrics of an instance, those of today and those that are no longer reported. */
export class Metrics {
  list = $state.raw<readonly MetricSummary[] | null>(null);
  /** Why there is no list. */
  error = $state.raw<ApiError | null>(null);
  readonly #instance: Named;
  readonly #series = new Book<MetricSeries>();

  constructor(instance: Named) {
    this.#instance = instance;
  }

  fetch = (signal: AbortSignal) => instanceApi.metrics(this.#instance, signal);

  apply(list: MetricSummary[]) {
    this.list = list;
    this.error = null;
  }

  /** It could not be read. Hands back whether an older list stays. */
  fail(error: unknown): boolean {
    if (this.list === null) this.error = toApiError(error);
    return this.list !== null;
  }

  series(name: string): MetricSeries {
    return this.#series.get(
      name,
      () =>
        new MetricSeries(name, (metric, range, signal) =>
          instanceApi.metric(this.#instance, metric, range, signal),
        ),
    );
  }

  hear(events: readonly InstanceEventView[]) {
    for (const event of events) {
      if (event.category === 'custom metrics') this.#series.find(event.field)?.hear(event);
    }
  }

  stop() {
    this.#series.stop();
  }
}
