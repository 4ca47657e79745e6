import type { UptimeRange } from '#contract/activity.ts';
import type { InstanceReport } from '#contract/reports.ts';
import { type ApiError, api, toApiError } from '../api.ts';
import { RowState } from '../fleet/row-state.svelte.ts';
import type { Known } from '../live/digest.ts';
import type { News, WatchState } from '../live/watcher.ts';
import { Activity } from './activity.svelte.ts';
import type { ActivityFilter } from './activity-filter.ts';
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

  async fetch(signal: AbortSignal) {
    const [report, activity, uptime, metrics] = await Promise.all([
      api.instance(this.customerId, this.instanceId, signal),
      this.activity.fetch(signal),
      this.uptime.fetch(signal),
      this.metrics.fetch(signal),
    ]);
    return { report, activity, uptime, metrics };
  }

  apply({ report, activity, uptime, metrics }: Awaited<ReturnType<InstanceView['fetch']>>) {
    this.report = report;
    if (this.state === null) this.state = new RowState(report.row, report.asOf);
    else this.state.update(report.row, report.asOf);
    this.activity.apply(activity);
    this.uptime.apply(uptime);
    this.metrics.apply(metrics);
  }

  hear({ event, message }: News) {
    const id = this.state?.row.id;
    if (id === undefined) return;
    if (event === 'instances:changed') {
      const mine = message.instances.find((instance) => instance.id === id);
      if (mine !== undefined) this.state?.update(mine, message.asOf);
    } else if (event === 'instances:seen') {
      for (const [seen, at] of message.seen) if (seen === id) this.state?.see(at);
    } else if (event === 'events:recorded') {
      const mine = message.events.filter(({ instance }) => instance === id);
      this.activity.hear(mine);
      this.metrics.hear(mine);
    }
  }

  *known(): Iterable<Known> {
    if (this.state !== null) yield this.state.row;
  }

  heed({ error }: WatchState) {
    this.error = error === null ? null : toApiError(error);
  }
}
