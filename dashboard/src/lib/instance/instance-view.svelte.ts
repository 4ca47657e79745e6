import type { InstanceEventView } from '#contract/instance.ts';
import type { EventPage, InstanceReport } from '#contract/reports.ts';
import { type ApiError, api, toApiError } from '../api.ts';
import { RowState } from '../fleet/row-state.svelte.ts';
import type { Known } from '../live/digest.ts';
import type { News, WatchState } from '../live/watcher.ts';
import { areTouching, joinIds, mergeEvents, noIds } from './merge-events.ts';

export interface InstanceSnapshot {
  report: InstanceReport;
  newest: EventPage;
}

/** One instance with its activity, kept current. */
export class InstanceView {
  readonly customerId: string;
  readonly instanceId: string;
  report = $state.raw<InstanceReport | null>(null);
  state = $state.raw<RowState | null>(null);
  error = $state.raw<ApiError | null>(null);

  /** Newest first. */
  events = $state.raw<readonly InstanceEventView[]>([]);
  /** Where the next older page begins; null at the beginning of history. */
  next = $state.raw<string | null>(null);
  /** Events that arrived while the page was open; they slide in. */
  fresh = $state.raw(noIds);
  older = $state<'idle' | 'loading' | 'failed'>('idle');

  #stopped = new AbortController();

  constructor(customerId: string, instanceId: string) {
    this.customerId = customerId;
    this.instanceId = instanceId;
  }

  stop() {
    this.#stopped.abort();
  }

  async fetch(signal: AbortSignal): Promise<InstanceSnapshot> {
    const [report, newest] = await Promise.all([
      api.instance(this.customerId, this.instanceId, signal),
      api.events(this.customerId, this.instanceId, null, signal),
    ]);
    return { report, newest };
  }

  apply({ report, newest }: InstanceSnapshot) {
    const isFirst = this.report === null;
    this.report = report;
    if (this.state === null) this.state = new RowState(report.row, report.asOf);
    else this.state.update(report.row, report.asOf);
    if (isFirst || !areTouching(this.events, newest.events)) {
      // More happened meanwhile than one page holds: the list begins anew, without a hole.
      this.events = newest.events;
      this.next = newest.next;
    } else this.#merge(newest.events, true);
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
      this.#merge(mine, true);
    }
  }

  *known(): Iterable<Known> {
    if (this.state !== null) yield this.state.row;
  }

  heed({ error }: WatchState) {
    this.error = error === null ? null : toApiError(error);
  }

  async loadOlder() {
    if (this.next === null || this.older === 'loading') return;
    this.older = 'loading';
    try {
      const { signal } = this.#stopped;
      const page = await api.events(this.customerId, this.instanceId, this.next, signal);
      this.#merge(page.events, false);
      this.next = page.next;
      this.older = 'idle';
    } catch {
      this.older = 'failed';
    }
  }

  #merge(told: InstanceEventView[], isFresh: boolean) {
    const { events, added } = mergeEvents(this.events, told);
    if (added.length === 0) return;
    this.events = events;
    if (isFresh) this.fresh = joinIds(this.fresh, added);
  }
}
