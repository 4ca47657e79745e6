import type { UptimeRange } from '#contract/activity.ts';
import type { InstanceReport } from '#contract/reports.ts';
import { type ApiError, api, toApiError } from '../api.ts';
import { RowState } from '../fleet/row-state.svelte.ts';
import type { Known } from '../live/digest.ts';
import type { Lack, News, WatchState } from '../live/watch-options.ts';
import { Activity } from './activity.svelte.ts';
import { type ActivityFilter, isSameFilter } from './activity-filter.ts';
import { Metrics } from './metrics.svelte.ts';
import { UptimeView } from './uptime-view.svelte.ts';

/** What the address says of what is looked at. */
export interface Looked {
  filter: ActivityFilter;
  /** The activity begins around it. */
  event: number | null;
  range: UptimeRange;
}

/** One instance with its activity, kept current. */
export class InstanceView {
  readonly customerId: string;
  readonly instanceId: string;
  readonly activity: Activity;
  readonly uptime: UptimeView;
  readonly metrics: Metrics;
  report = $state.raw<InstanceReport | null>(null);
  state = $state.raw<RowState | null>(null);
  /** Something of it has been read; what is missing says so in its own place. */
  begun = $state(false);
  /** Why there is no report. */
  reportError = $state.raw<ApiError | null>(null);
  /** Why nothing of it can be shown. */
  error = $state.raw<ApiError | null>(null);

  constructor(customerId: string, instanceId: string, { filter, event, range }: Looked) {
    this.customerId = customerId;
    this.instanceId = instanceId;
    this.activity = new Activity(
      (part, ask, signal) => api.events(customerId, instanceId, part, ask, signal),
      filter,
      event,
    );
    const instance = { customer: { id: customerId }, instanceId };
    this.uptime = new UptimeView(instance, range);
    this.metrics = new Metrics(instance);
  }

  stop() {
    this.activity.stop();
    this.uptime.stop();
    this.metrics.stop();
  }

  /** Rejects if there is no such instance, or if nothing of it could be read. */
  async fetch(signal: AbortSignal) {
    const { filter } = this.activity;
    const { range } = this.uptime;
    const parts = await Promise.allSettled([
      api.instance(this.customerId, this.instanceId, signal),
      this.activity.fetch(signal),
      this.uptime.fetch(signal),
      this.metrics.fetch(signal),
    ]);
    const [report, activity, uptime, metrics] = parts;
    const isNowhere = report.status === 'rejected' && toApiError(report.reason).status === 404;
    if (isNowhere || parts.every(({ status }) => status === 'rejected')) {
      throw (report as PromiseRejectedResult).reason;
    }
    return { report, activity, uptime, metrics, filter, range };
  }

  /** What could not be read says so in its own place, and the rest lives on. */
  apply(read: Awaited<ReturnType<InstanceView['fetch']>>): Lack | undefined {
    const { report, activity, uptime, metrics, filter, range } = read;
    const old: boolean[] = [];
    if (report.status === 'fulfilled') this.#take(report.value);
    else old.push(this.#failReport(report.reason));
    if (activity.status === 'fulfilled') this.activity.apply(activity.value);
    else old.push(this.#failActivity(filter, activity.reason));
    if (uptime.status === 'fulfilled') this.uptime.apply(uptime.value);
    else old.push(this.uptime.fail(range, uptime.reason));
    if (metrics.status === 'fulfilled') this.metrics.apply(metrics.value);
    else old.push(this.metrics.fail(metrics.reason));
    this.begun = true;
    if (old.length === 0) return undefined;
    return old.includes(true) ? 'old' : 'unread';
  }

  #take(report: InstanceReport) {
    this.report = report;
    this.reportError = null;
    if (this.state === null) this.state = new RowState(report.row, report.asOf);
    else this.state.update(report.row, report.asOf);
  }

  #failReport(error: unknown): boolean {
    if (this.report === null) this.reportError = toApiError(error);
    return this.report !== null;
  }

  #failActivity(filter: ActivityFilter, error: unknown): boolean {
    const { activity } = this;
    if (!isSameFilter(filter, activity.filter)) return false;
    if (activity.phase === 'shown') return true;
    activity.phase = 'failed';
    activity.error = toApiError(error);
    return false;
  }

  hear({ event, message }: News) {
    const id = this.state?.row.id;
    if (event === 'instances:changed') {
      const mine = message.instances.find((instance) => instance.id === id);
      if (mine !== undefined) this.state?.update(mine, message.asOf);
    } else if (event === 'instances:seen') {
      for (const [seen, at] of message.seen) if (seen === id) this.state?.see(at);
    } else if (event === 'events:recorded') {
      // Its room is told of this instance alone, so its activity goes on even while the report is not here.
      this.activity.hear(message.events);
      this.metrics.hear(message.events);
    }
  }

  *known(): Iterable<Known> {
    if (this.state !== null) yield this.state.row;
  }

  heed({ error }: WatchState) {
    this.error = error === null ? null : toApiError(error);
  }
}
